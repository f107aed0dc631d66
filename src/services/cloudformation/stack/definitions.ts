// The definitions of a stack, kept with their texts and released when nothing can ask for them any more.

import type { Scope } from '../../../aws/scope.ts';
import type { CloudFormation } from '../context.ts';
import type { StackRecord } from './model.ts';
import type { Prepared } from './prepare.ts';

export function keepDefinition(
  cf: CloudFormation,
  scope: Scope,
  { definition, texts }: Pick<Prepared, 'definition' | 'texts'>,
): void {
  cf.records.definitions.put(scope, definition.id, definition);
  cf.records.texts.put(scope, definition.id, texts);
}

export function forgetDefinition(cf: CloudFormation, scope: Scope, id: string): void {
  cf.records.definitions.delete(scope, id);
  cf.records.texts.delete(scope, id);
}

/** It has been replaced, or was never reached. To be released by `releaseDefinitions`, once nothing holds it. */
export function supersede(stack: StackRecord, id: string | undefined): void {
  if (id === undefined || stack.oldDefinitions?.includes(id)) return;
  stack.oldDefinitions = [...(stack.oldDefinitions ?? []), id];
}

/** Those that a change set shows, or that a parent's rollback may bring back, stay for now. */
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

/** All of a stack that is forgotten itself. */
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
