// Stores the definitions of a stack with their template texts, and deletes them when nothing refers to them any more.

import type { Scope } from '../../../aws/scope.ts';
import type { CloudFormation } from '../context.ts';
import type { Definition, StackRecord } from './model.ts';
import type { Prepared } from './prepare.ts';

/** The deployed definition; `undefined` before the first success. */
export const definitionOf = (cf: CloudFormation, stack: StackRecord): Definition | undefined =>
  stack.definitionId === undefined ? undefined : cf.records.definitions.get(stack.scope, stack.definitionId);

/** Stores a definition and its texts. */
export function keepDefinition(
  cf: CloudFormation,
  scope: Scope,
  { definition, texts }: Pick<Prepared, 'definition' | 'texts'>,
): void {
  cf.records.definitions.put(scope, definition.id, definition);
  cf.records.texts.put(scope, definition.id, texts);
}

/** Deletes a definition and its texts. */
export function forgetDefinition(cf: CloudFormation, scope: Scope, id: string): void {
  cf.records.definitions.delete(scope, id);
  cf.records.texts.delete(scope, id);
}

/**
 * Marks a definition that was replaced or never reached. `releaseDefinitions` deletes it once nothing refers to it. The
 * caller stores the stack.
 */
export function supersede(stack: StackRecord, id: string | undefined): void {
  if (id === undefined || stack.oldDefinitions?.includes(id)) return;
  stack.oldDefinitions = [...(stack.oldDefinitions ?? []), id];
}

/**
 * Deletes superseded definitions, except those that a change set shows or that a rollback of the parent may restore.
 * The caller stores the stack.
 */
export function releaseDefinitions(cf: CloudFormation, stack: StackRecord): void {
  const { scope, oldDefinitions = [] } = stack;
  if (oldDefinitions.length === 0) return;
  const held = new Set([
    stack.definitionId,
    stack.definitionBefore,
    stack.operation?.targetId,
    stack.haltedOperation?.targetId,
    ...oldDefinitions.filter((id) => cf.records.changeSets.countBy(scope, 'definition', id) > 0),
  ]);
  for (const id of oldDefinitions) if (!held.has(id)) forgetDefinition(cf, scope, id);
  stack.oldDefinitions = oldDefinitions.filter((id) => held.has(id));
}

/** Deletes all definitions of a stack, including those of its change sets. */
export function forgetDefinitions(cf: CloudFormation, stack: StackRecord): void {
  const { scope, stackId, oldDefinitions = [] } = stack;
  const ids = [
    stack.definitionId,
    stack.definitionBefore,
    stack.operation?.targetId,
    stack.haltedOperation?.targetId,
    ...oldDefinitions,
    ...cf.records.changeSets.list(scope, stackId).map(({ definitionId }) => definitionId),
  ];
  for (const id of ids) if (id !== undefined) forgetDefinition(cf, scope, id);
}
