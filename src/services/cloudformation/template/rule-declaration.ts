// Reads one member of Rules and checks its shape.

import { formatError, type TemplateIssue } from './issues.ts';
import { type Entry, member, type Place, type TemplateNode, textOf } from './node.ts';

/** A declared rule. */
export interface RuleDeclaration {
  name: string;
  /** The assertions apply only when it holds. Absent: they always apply. */
  ruleCondition?: TemplateNode | undefined;
  assertions: readonly { assert: TemplateNode; description?: string | undefined }[];
  place: Place;
}

/** Adds what is malformed to `issues`. `undefined`: the declaration cannot be used. */
export function readRule(name: string, entry: Entry, issues: TemplateIssue[]): RuleDeclaration | undefined {
  const path = `/Rules/${name}`;
  const list = member(entry.value, 'Assertions');
  if (list?.kind !== 'list' || list.items.length === 0) {
    issues.push(formatError(`Rule ${name} must contain Assertions`, entry.place, path));
    return undefined;
  }
  const assertions = list.items.flatMap((item) => {
    const assert = member(item, 'Assert');
    if (assert) return [{ assert, description: textOf(member(item, 'AssertDescription')) }];
    issues.push(formatError(`Every assertion of rule ${name} must contain Assert`, item.place, path));
    return [];
  });
  return { name, ruleCondition: member(entry.value, 'RuleCondition'), assertions, place: entry.place };
}
