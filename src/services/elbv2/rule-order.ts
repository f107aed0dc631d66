// The order in which rules are tried.

import type { RuleRecord } from './records.ts';

const rank = ({ priority }: RuleRecord): number =>
  priority === 'default' ? Number.POSITIVE_INFINITY : priority;

/** By priority; the default rule is last. */
export const inOrder = (rules: readonly RuleRecord[]): RuleRecord[] =>
  [...rules].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
