// Saved queries: put, describe, delete. They are recorded; StartQuery runs the text that a client gives it.

import { newRequestId } from '../../../kernel/ids.ts';
import { invalid } from '../faults.ts';
import { definitionPages } from '../paging.ts';
import type { QueryDefinitionRecord } from '../records.ts';
import type { Operation } from '../sdk.ts';

const MOST_LISTED = 1_000;

/**
 * Replaces the definition with the given id. Throws ResourceNotFound when there is none. AWS: a request that creates one
 * may be repeated with its client token.
 */
export const PutQueryDefinition: Operation<'PutQueryDefinition'> = (logs, input, context) => {
  const { queryDefinitionId, name, queryString, logGroupNames, clientToken } = input;
  const { queryLanguage = 'CWLI' } = input;
  if (queryLanguage !== 'CWLI') {
    throw invalid(`Millpond has queries in the language CWLI, and not in ${queryLanguage}.`);
  }
  if (input.parameters?.length)
    throw invalid('Millpond does not support the parameters of query definitions.');
  if (!queryDefinitionId && clientToken) {
    const [made] = logs.records.definitions.by(context, 'token', clientToken);
    if (made) return { queryDefinitionId: made.id };
  }
  const id = queryDefinitionId || newRequestId();
  logs.store.transaction(() => {
    const before = queryDefinitionId && logs.records.definitions.existing(context, queryDefinitionId);
    const madeWith = before ? before.clientToken : clientToken;
    logs.records.definitions.put(context, {
      ...{ id, name, queryString, lastModified: logs.clock.now() },
      ...(logGroupNames && { logGroupNames }),
      ...(madeWith && { clientToken: madeWith }),
    });
  });
  return { queryDefinitionId: id };
};

/** By the beginning of their names, in letter case. */
export const DescribeQueryDefinitions: Operation<'DescribeQueryDefinitions'> = async (
  logs,
  input,
  context,
) => {
  const { queryDefinitionNamePrefix: prefix = '', queryLanguage = 'CWLI', maxResults, nextToken } = input;
  const page = await definitionPages.ofCollection(logs.records.definitions, context, {
    ...{ limit: maxResults ?? MOST_LISTED, token: nextToken },
    wanted: ({ name }) => name.startsWith(prefix) && queryLanguage === 'CWLI',
  });
  return { queryDefinitions: page.items.map(view), nextToken: page.token };
};

const view = ({ id, name, queryString, lastModified, logGroupNames }: QueryDefinitionRecord) => ({
  queryLanguage: 'CWLI' as const,
  queryDefinitionId: id,
  name,
  queryString,
  lastModified,
  logGroupNames,
});

/** Throws ResourceNotFound. */
export const DeleteQueryDefinition: Operation<'DeleteQueryDefinition'> = (logs, input, context) => {
  logs.store.transaction(() => {
    const { id } = logs.records.definitions.existing(context, input.queryDefinitionId);
    logs.records.definitions.remove(context, id);
  });
  return { success: true };
};
