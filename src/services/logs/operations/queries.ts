// Queries of CloudWatch Logs Insights: start, results, stop, list.

import type { Scope } from '../../../aws/scope.ts';
import type { Logs } from '../context.ts';
import { invalid, malformedQuery, noSuchQuery, queryNotRunning } from '../faults.ts';
import { MalformedQuery } from '../insights/language/malformed.ts';
import type { Query, SourceSelection } from '../insights/language/syntax.ts';
import type { InsightsQuery } from '../insights/queries.ts';
import { checkedQuery } from '../insights/run-query.ts';
import { groupNameOf } from '../names.ts';
import { queryPages, resultPages } from '../paging.ts';
import type { GroupRecord } from '../records.ts';
import type { Input, Operation } from '../sdk.ts';

/** AWS: the maximum of one query. */
const MOST_GROUPS = 50;
/** AWS: the maximum of one response. */
const MOST_RESULTS = 10_000;
const MOST_LISTED = 1_000;

/** Throws MalformedQuery with the place, ResourceNotFound, InvalidParameter or LimitExceeded. */
export const StartQuery: Operation<'StartQuery'> = (logs, input, context) => {
  if (input.queryLanguage && input.queryLanguage !== 'CWLI') {
    throw invalid(`Millpond runs queries in the language CWLI, and not in ${input.queryLanguage}.`);
  }
  const query = parsed(input.queryString);
  if (input.startTime! > input.endTime!)
    throw invalid('The start time of a query must not be after its end time.');
  // AWS: in seconds, and the second in which the range ends is part of it.
  const range = { from: input.startTime! * 1000, to: (input.endTime! + 1) * 1000 };
  const groups = groupsAsked(logs, context, input, query);
  const { id } = logs.queries.start(context, {
    kind: 'query',
    query: input.queryString!,
    sources: groups.map((group) => logs.logStore.source(context, group, range)),
    ...range,
    limit: input.limit,
    now: logs.clock.now(),
  });
  return { queryId: id };
};

function parsed(text: string | undefined): Query {
  try {
    return checkedQuery(text ?? '');
  } catch (error) {
    throw error instanceof MalformedQuery ? malformedQuery(error) : error;
  }
}

/** AWS: exactly one of the three members, or SOURCE in the query. */
function groupsAsked(logs: Logs, scope: Scope, input: Input<'StartQuery'>, query: Query): GroupRecord[] {
  const { logGroupName, logGroupNames, logGroupIdentifiers } = input;
  const selections = query.commands.flatMap((command) =>
    command.kind === 'source' ? [command.selection] : [],
  );
  const members = [logGroupName, logGroupNames, logGroupIdentifiers].filter((member) => member !== undefined);
  if (members.length > 1 || (members.length === 0 && selections.length === 0)) {
    throw invalid('Exactly one of logGroupName, logGroupNames and logGroupIdentifiers must be given.');
  }
  const given = [
    ...(logGroupName ? [logGroupName] : []),
    ...(logGroupNames ?? []),
    ...(logGroupIdentifiers ?? []),
  ];
  const names = given.map((one) => groupNameOf({ logGroupIdentifier: one.replace(/:\*$/, '') }));
  const groups = new Map(names.map((name) => [name, logs.records.groups.existing(scope, name)]));
  for (const selection of selections) {
    for (const group of selected(logs, scope, selection)) groups.set(group.name, group);
  }
  if (groups.size > MOST_GROUPS) throw invalid(`A query can have at most ${MOST_GROUPS} log groups.`);
  return [...groups.values()];
}

function selected(logs: Logs, scope: Scope, selection: SourceSelection): GroupRecord[] {
  if ('names' in selection) {
    return selection.names.map((name) =>
      logs.records.groups.existing(scope, groupNameOf({ logGroupIdentifier: name })),
    );
  }
  const { prefixes, logGroupClass } = selection;
  return (prefixes.length > 0 ? prefixes : ['']).flatMap((prefix) =>
    logs.records.groups
      .list(scope, { prefix, limit: MOST_GROUPS + 1 })
      .filter((group) => !logGroupClass || group.logGroupClass === logGroupClass),
  );
}

/** Throws ResourceNotFound. A query that has not ended has no results yet. */
export const GetQueryResults: Operation<'GetQueryResults'> = (logs, input, context) => {
  const query = existing(logs, context, input.queryId);
  const token = resultPages.keyOf(input.nextToken);
  const first = token === undefined ? 0 : Number(token);
  const end = first + (input.maxItems || MOST_RESULTS);
  const { recordsMatched, recordsScanned, bytesScanned } = query.statistics;
  return {
    queryLanguage: 'CWLI',
    results: query.rows.slice(first, end).map((row) => row.map(([field, value]) => ({ field, value }))),
    statistics: {
      ...{ recordsMatched, recordsScanned, bytesScanned },
      ...{ estimatedRecordsSkipped: 0, estimatedBytesSkipped: 0, logGroupsScanned: query.groups.length },
    },
    status: query.status,
    nextToken: end < query.rows.length ? resultPages.tokenFor(String(end)) : undefined,
  };
};

/** Throws ResourceNotFound, and InvalidParameter for a query that has ended. */
export const StopQuery: Operation<'StopQuery'> = (logs, input, context) => {
  const query = existing(logs, context, input.queryId);
  if (!logs.queries.cancel(query)) throw queryNotRunning(query.status);
  return { success: true };
};

/** The latest queries first. */
export const DescribeQueries: Operation<'DescribeQueries'> = (logs, input, context) => {
  if (input.logGroupName) logs.records.groups.existing(context, input.logGroupName);
  const isAsked = ({ groups, status }: InsightsQuery) =>
    (!input.logGroupName || groups.includes(input.logGroupName)) &&
    (!input.status || status === input.status);
  const isLanguage = !input.queryLanguage || input.queryLanguage === 'CWLI';
  const found = isLanguage ? logs.queries.list(context).filter(isAsked) : [];
  const ranked = found.map((query, rank) => ({ query, rank: String(rank).padStart(9, '0') }));
  const { items, token } = queryPages.ofSorted(ranked, ({ rank }) => rank, {
    limit: input.maxResults ?? MOST_LISTED,
    token: input.nextToken,
  });
  return { queries: items.map(({ query }) => view(query)), nextToken: token };
};

const view = ({ id, text, status, createdAt, groups, durationMs, statistics }: InsightsQuery) => ({
  queryLanguage: 'CWLI' as const,
  queryId: id,
  queryString: text,
  status,
  createTime: createdAt,
  logGroupName: groups[0],
  queryDuration: durationMs,
  bytesScanned: statistics.bytesScanned,
});

function existing(logs: Logs, scope: Scope, id: string | undefined): InsightsQuery {
  const query = logs.queries.find(scope, id!);
  if (!query) throw noSuchQuery();
  return query;
}
