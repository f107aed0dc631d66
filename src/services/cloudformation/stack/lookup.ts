// Finding a stack by what a request calls it: its name while it is there, its id also afterwards. And who exports and
// who imports a value.

import type { Scope } from '../../../aws/scope.ts';
import { stackDoesNotExist } from '../faults.ts';
import type { Records } from '../records.ts';
import { isGone } from '../records.ts';
import type { StackRecord } from './model.ts';

export { isGone } from '../records.ts';

export function findStack(records: Records, scope: Scope, nameOrId: string): StackRecord | undefined {
  if (nameOrId.startsWith('arn:')) return records.stacks.find(scope, nameOrId);
  return records.stacks.by(scope, 'name', nameOrId)[0];
}

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

export interface Export {
  name: string;
  value: string;
  stackId: string;
  stackName: string;
}

export function findExport(records: Records, scope: Scope, name: string): Export | undefined {
  const [stack] = records.stacks.by(scope, 'export', name);
  return stack && exportsOf(stack).find((one) => one.name === name);
}

/** Of one stack. */
export const exportsOf = (stack: StackRecord): Export[] =>
  isGone(stack)
    ? []
    : stack.outputs.flatMap(({ exportName: name, value }) =>
        name === undefined ? [] : [{ name, value, stackId: stack.stackId, stackName: stack.stackName }],
      );

/** Names of the stacks that import it. */
export const importersOf = (records: Records, scope: Scope, name: string): string[] =>
  records.stacks.by(scope, 'import', name).map((stack) => stack.stackName);
