// DescribeTaskDefinition, DeregisterTaskDefinition, DeleteTaskDefinitions, ListTaskDefinitions, ListTaskDefinitionFamilies.

import type { Failure, TaskDefinition as ShownDefinition } from '@aws-sdk/client-ecs';
import type { Page } from '../../../aws/pages.ts';
import type { Scope } from '../../../aws/scope.ts';
import { turnEnd } from '../../../kernel/turn.ts';
import type { Keyed } from '../../../store/store.ts';
import type { Ecs } from '../context.ts';
import { findDefinition, sweepDefinition } from '../definitions.ts';
import { definitionArn, parseDefinition } from '../domain/identifiers.ts';
import type { Definition } from '../domain/model.ts';
import { cannotDescribeDefinition, clientError, invalidRevision, noSuchDefinition } from '../faults.ts';
import { definitionPages, fallingPages, familyPages, pageRequest } from '../paging.ts';
import { ofFamily, type Records } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { viewTags } from '../tagging.ts';
import { viewDefinition } from '../view.ts';

/** AWS: the most of one DeleteTaskDefinitions. */
const MOST_DELETED = 10;

/** Throws ClientException. */
export const DescribeTaskDefinition: Operation<'DescribeTaskDefinition'> = (ecs, input, context) => {
  const definition = findDefinition(ecs, context, input.taskDefinition);
  if (!definition) throw cannotDescribeDefinition();
  return {
    taskDefinition: viewDefinition(context, definition),
    ...(input.include?.includes('TAGS') && { tags: viewTags(definition.tags, context) }),
  };
};

/** AWS: a revision is required. Tasks that run with it go on. Throws ClientException. */
export const DeregisterTaskDefinition: Operation<'DeregisterTaskDefinition'> = (ecs, input, context) =>
  ecs.store.transaction(() => {
    const reference = parseDefinition(input.taskDefinition);
    if (!reference) throw noSuchDefinition();
    if (reference.revision === undefined) throw invalidRevision(reference.family);
    const found = findDefinition(ecs, context, input.taskDefinition);
    if (!found) throw cannotDescribeDefinition();
    if (found.status === 'DELETE_IN_PROGRESS')
      throw clientError('The specified task definition is being deleted.');
    const definition: Definition =
      found.status === 'ACTIVE' ? { ...found, status: 'INACTIVE', deregisteredAt: ecs.clock.now() } : found;
    ecs.records.definitions.put(context, definition);
    return { taskDefinition: viewDefinition(context, definition) };
  });

/** AWS: only inactive ones can be deleted; they are deleted once no task has them. */
export const DeleteTaskDefinitions: Operation<'DeleteTaskDefinitions'> = (ecs, input, context) => {
  if (input.taskDefinitions.length > MOST_DELETED) {
    throw clientError(`At most ${MOST_DELETED} task definitions can be deleted in a request.`);
  }
  const taskDefinitions: ShownDefinition[] = [];
  const failures: Failure[] = [];
  for (const given of input.taskDefinitions) {
    ecs.store.transaction(() => {
      const reference = parseDefinition(given);
      const found = reference?.revision === undefined ? undefined : findDefinition(ecs, context, given);
      const arn = reference ? definitionArn(context, reference.family, reference.revision ?? 0) : given;
      if (!found) {
        failures.push({ arn, reason: 'MISSING', detail: 'The specified task definition does not exist.' });
        return;
      }
      if (found.status === 'ACTIVE') {
        const detail =
          'The specified task definition is still in ACTIVE status. Please deregister the target and try again.';
        failures.push({ arn, reason: 'INVALID', detail });
        return;
      }
      const definition: Definition = {
        ...found,
        status: 'DELETE_IN_PROGRESS',
        deleteRequestedAt: found.deleteRequestedAt ?? ecs.clock.now(),
      };
      ecs.records.definitions.put(context, definition);
      taskDefinitions.push(viewDefinition(context, definition));
      sweepDefinition(ecs, context, definition);
    });
  }
  return { taskDefinitions, failures };
};

/** AWS: the active ones unless the request says otherwise; by family, then by revision. */
export const ListTaskDefinitions: Operation<'ListTaskDefinitions'> = async (ecs, input, context) => {
  const { familyPrefix, status = 'ACTIVE', sort = 'ASC' } = input;
  const request = pageRequest(input);
  // AWS: the prefix is the whole name of a family.
  const prefix = `${status} ${familyPrefix ? ofFamily(familyPrefix) : ''}`;
  const { items, token } =
    sort === 'ASC'
      ? await definitionPages.ofIndex(ecs.records.definitions, context, 'status', { ...request, prefix })
      : await falling(ecs, context, status, familyPrefix, request);
  return {
    taskDefinitionArns: items.map(({ value }) => definitionArn(context, value.family, value.revision)),
    ...(token !== undefined && { nextToken: token }),
  };
};

/** A page of a list that falls: the families from the last to the first, and their revisions so, too. */
async function falling(
  { records }: Pick<Ecs, 'records'>,
  scope: Scope,
  status: string,
  only: string | undefined,
  { limit, token }: ReturnType<typeof pageRequest>,
): Promise<Page<Keyed<Definition>>> {
  const after = fallingPages.keyOf(token);
  const lastFamily = after?.slice(status.length + 1, after.lastIndexOf(' '));
  const families = only ? [only] : await familiesOf(records, scope, '');
  const items: Keyed<Definition>[] = [];
  for (const family of families.reverse()) {
    if (lastFamily !== undefined && family > lastFamily) continue;
    const range = { prefix: `${status} ${ofFamily(family)}`, limit: limit + 1 - items.length };
    items.push(
      ...records.definitions.inOrderOf(scope, 'latest', {
        ...range,
        ...(family === lastFamily && { after }),
      }),
    );
    if (items.length > limit) {
      items.pop();
      return { items, token: fallingPages.tokenFor(items.at(-1)!.key) };
    }
    await turnEnd();
  }
  return { items };
}

async function familiesOf(
  { families }: Pick<Records, 'families'>,
  scope: Scope,
  prefix: string,
): Promise<string[]> {
  const names: string[] = [];
  for await (const batch of families.batches(scope, { prefix })) names.push(...batch.map(({ id }) => id));
  return names;
}

/** AWS: ACTIVE families have an active revision, INACTIVE ones have none. */
export const ListTaskDefinitionFamilies: Operation<'ListTaskDefinitionFamilies'> = async (
  ecs,
  input,
  context,
) => {
  const { familyPrefix = '', status = 'ALL' } = input;
  const names: string[] = [];
  for await (const batch of ecs.records.families.batches(context, { prefix: familyPrefix })) {
    for (const { id } of batch) {
      const isActive =
        ecs.records.definitions.inOrderOf(context, 'status', { prefix: `ACTIVE ${ofFamily(id)}`, limit: 1 })
          .length > 0;
      const isThere = isActive || ecs.records.definitions.count(context, ofFamily(id)) > 0;
      if (isThere && (status === 'ALL' || (status === 'ACTIVE') === isActive)) names.push(id);
    }
  }
  const { items, token } = familyPages.ofSorted(names, (name) => name, pageRequest(input));
  return { families: items, ...(token !== undefined && { nextToken: token }) };
};
