// What tags of topics may be.

import { invalidParameter, tooManyTags } from '../faults.ts';

const MOST_TAGS = 50;

interface GivenTag {
  Key?: string | undefined;
  Value?: string | undefined;
}

/** What the topic would have then. `byUser` false for the tags that CloudFormation adds. Throws InvalidParameter or TagLimitExceeded. */
export function withTags(
  held: Record<string, string>,
  given: readonly GivenTag[] | undefined,
  byUser: boolean,
): Record<string, string> {
  const all = new Map(Object.entries(held));
  const seen = new Set<string>();
  for (const { Key, Value } of given ?? []) {
    if (!Key || Key.length > 128) throw invalidParameter('Tag key must have between 1 and 128 characters');
    if (Value !== undefined && Value.length > 256) {
      throw invalidParameter('Tag value must have at most 256 characters');
    }
    if (byUser && Key.toLowerCase().startsWith('aws:')) {
      throw invalidParameter("Tag keys starting with 'aws:' are reserved for internal use");
    }
    if (seen.has(Key)) throw invalidParameter('Duplicated keys are not allowed.');
    seen.add(Key);
    all.set(Key, Value ?? '');
  }
  if (all.size > MOST_TAGS) throw tooManyTags();
  return Object.fromEntries(all);
}

export const renderTags = (tags: Record<string, string>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
