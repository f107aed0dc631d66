// Finding a stack by what a request calls it: its name while it is there, its id also afterwards.

import type { Scope } from '../../../kernel/scope.ts';
import { stackDoesNotExist } from '../faults.ts';
import type { Records } from '../store.ts';
import type { StackRecord } from './model.ts';

export function findStack(records: Records, scope: Scope, nameOrId: string): StackRecord | undefined {
  if (nameOrId.startsWith('arn:')) return records.stacks.get(scope, nameOrId);
  return records.stacks.list(scope).find((stack) => stack.stackName === nameOrId && !isGone(stack));
}

/** A name is free again once its stack is deleted. */
export const isGone = (stack: StackRecord): boolean => stack.status === 'DELETE_COMPLETE';

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

/** By export's name: the value, and whose it is. */
export function exportsOf(
  records: Records,
  scope: Scope,
): Map<string, { value: string; stackId: string; stackName: string }> {
  const found = new Map<string, { value: string; stackId: string; stackName: string }>();
  for (const stack of records.stacks.list(scope)) {
    if (isGone(stack)) continue;
    for (const { exportName, value } of stack.outputs) {
      if (exportName !== undefined) {
        found.set(exportName, { value, stackId: stack.stackId, stackName: stack.stackName });
      }
    }
  }
  return found;
}

export const importersOf = (records: Records, scope: Scope, name: string): string[] =>
  records.stacks
    .list(scope)
    .filter((stack) => !isGone(stack) && stack.imports.includes(name))
    .map((stack) => stack.stackName);
