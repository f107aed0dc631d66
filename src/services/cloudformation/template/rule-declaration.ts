// One member of Rules, read and checked for shape.

import { formatError, type TemplateIssue } from './issues.ts';
import { type Entry, member, type Place, type TemplateNode, textOf } from './node.ts';

export interface RuleDeclaration {
  name: string;
  /** The assertions count when it holds; absent, they always do. */
  ruleCondition?: TemplateNode | undefined;
  assertions: readonly { assert: TemplateNode; description?: string | undefined }[];
  place: Place;
}

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
