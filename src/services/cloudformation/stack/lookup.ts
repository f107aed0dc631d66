// Finds stacks by the name or id in a request, and exports with the stacks that import them.

import type { Scope } from '../../../aws/scope.ts';
import { stackDoesNotExist } from '../faults.ts';
import type { Records } from '../records.ts';
import { isGone } from '../records.ts';
import type { StackRecord } from './model.ts';

export { isGone } from '../records.ts';

/** A name finds only an existing stack; an id also finds a deleted one. */
export function findStack(records: Records, scope: Scope, nameOrId: string): StackRecord | undefined {
  if (nameOrId.startsWith('arn:')) return records.stacks.find(scope, nameOrId);
  return records.stacks.by(scope, 'name', nameOrId)[0];
}

/** Like `findStack`; throws `fault` when there is no such stack. */
export function stackNamed(
  records: Records,
  scope: Scope,
  nameOrId: string,
  fault: (name: string) => Error = stackDoesNotExist,
): StackRecord {
  const stack = findStack(records, scope, nameOrId);
  if (!stack) throw fault(nameOrId);
  return stack;
}

/** An exported output and the stack that exports it. */
export interface Export {
  name: string;
  value: string;
  stackId: string;
  stackName: string;
}

/** The export of this name in the account and region. */
export function findExport(records: Records, scope: Scope, name: string): Export | undefined {
  const [stack] = records.stacks.by(scope, 'export', name);
  return stack && exportsOf(stack).find((one) => one.name === name);
}

/** The exports of one stack; none when it is deleted. */
export const exportsOf = (stack: StackRecord): Export[] =>
  isGone(stack)
    ? []
    : stack.outputs.flatMap(({ exportName: name, value }) =>
        name === undefined ? [] : [{ name, value, stackId: stack.stackId, stackName: stack.stackName }],
      );

/** The names of the stacks that import the export. */
export const importersOf = (records: Records, scope: Scope, name: string): string[] =>
  records.stacks.by(scope, 'import', name).map((stack) => stack.stackName);
