// Finds task definitions, and deletes those that are to be deleted and that no task has any more.

import type { Scope } from '../../aws/scope.ts';
import type { Ecs } from './context.ts';
import { parseDefinition } from './domain/identifiers.ts';
import type { Definition } from './domain/model.ts';
import { definitionKey, ofFamily } from './records.ts';

/** `family`, `family:revision` or an ARN; without a revision the latest active one. */
export function findDefinition(
  { records }: Pick<Ecs, 'records'>,
  scope: Scope,
  given: string,
): Definition | undefined {
  const reference = parseDefinition(given);
  if (!reference) return undefined;
  const { family, revision } = reference;
  if (revision !== undefined) return records.definitions.find(scope, definitionKey(family, revision));
  const latest = { prefix: `ACTIVE ${ofFamily(family)}`, limit: 1 };
  return records.definitions.inOrderOf(scope, 'latest', latest)[0]?.value;
}

/** Deletes a definition whose deletion was asked for, once no task that runs has it. Call it in a transaction. */
export function sweepDefinition(
  { records }: Pick<Ecs, 'records'>,
  scope: Scope,
  { family, revision }: Pick<Definition, 'family' | 'revision'>,
): void {
  const key = definitionKey(family, revision);
  const definition = records.definitions.find(scope, key);
  if (definition?.status !== 'DELETE_IN_PROGRESS') return;
  if (records.tasks.countBy(scope, 'definition', key) === 0) records.definitions.remove(scope, key);
}
