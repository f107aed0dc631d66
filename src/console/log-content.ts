// The contents of a log widget: runs its query by StartQuery and GetQueryResults.

import { setTimeout as delay } from 'node:timers/promises';
import type { GetQueryResultsCommandOutput } from '@aws-sdk/client-cloudwatch-logs';
import type { Scope } from '../aws/scope.ts';
import type { DrawnWidget } from '../services/cloudwatch/dashboards/drawing.ts';
import type { ChartContent, Content, TableContent } from './contract.ts';
import { barsOf, linesOf, type Rows, rowsOf } from './log-rows.ts';
import { reasonOf, type Sources, scopeOf } from './sources.ts';

/** More rows are not read, and of a table no more are sent to a page. */
const MOST_READ = 5_000;
const MOST_ROWS = 1_000;
const MOST_CHARACTERS = 500_000;
/** Logs ends a query after a minute, and its time in the queue counts, too. */
const LONGEST_MS = 90_000;
const POLL_MS = { first: 20, most: 500 };
/** AWS: queries with these states have ended. */
const FAILURES: Record<string, string> = {
  Failed: 'The query failed.',
  Cancelled: 'The query was stopped.',
  Timeout: 'The query took too long.',
};

type LogWidget = Extract<DrawnWidget, { kind: 'log' }>;
type Results = Pick<GetQueryResultsCommandOutput, 'nextToken' | 'results' | 'statistics'>;

/** Rejects only with bugs. */
export async function logContent(sources: Sources, page: Scope, widget: LogWidget): Promise<Content> {
  let answer: Results | string;
  try {
    answer = await runQuery(sources, scopeOf(page, widget), widget);
  } catch (error) {
    answer = reasonOf(error);
  }
  if (typeof answer === 'string') return { kind: 'undrawn', because: 'failed', reason: answer };
  return contentOf(widget, rowsOf(answer.results ?? []), answer);
}

/** The results, or why there are none. Rejects with the errors of the calls. */
async function runQuery(
  { logs }: Sources,
  scope: Scope,
  { groups, query, span }: LogWidget,
): Promise<Results | string> {
  const { queryId = '' } = await logs.call(
    'StartQuery',
    {
      // Without names, the query itself has to name its source.
      ...(groups.length > 0 && { logGroupIdentifiers: groups }),
      queryString: query,
      startTime: Math.floor(span.start / 1000),
      endTime: Math.floor(span.end / 1000),
    },
    scope,
  );
  const startedAt = performance.now();
  for (let wait = POLL_MS.first; ; wait = Math.min(wait * 1.5, POLL_MS.most)) {
    const results = await logs.call('GetQueryResults', { queryId, maxItems: MOST_READ }, scope);
    const { status = '' } = results;
    if (status === 'Complete') return results;
    if (FAILURES[status]) return FAILURES[status];
    if (performance.now() - startedAt > LONGEST_MS) {
      await logs.call('StopQuery', { queryId }, scope);
      return FAILURES.Timeout!;
    }
    await delay(wait, undefined, { ref: false });
  }
}

function contentOf(
  widget: LogWidget,
  table: Rows,
  { nextToken, statistics = {} }: Results,
): ChartContent | TableContent {
  const { view, isStacked, span } = widget;
  const { recordsMatched = 0, recordsScanned = 0 } = statistics;
  const problems: string[] = [];
  const chart: ChartContent = {
    ...{ kind: 'chart', view: 'timeSeries', isStacked, span, series: [], problems },
    ...{ axes: { left: {}, right: {} }, legend: 'bottom', horizontal: [], vertical: [], alarms: [] },
    ...{ hasSparkline: false, alarmStates: [] },
  };
  if (view !== 'table' && nextToken !== undefined)
    problems.push(`Only the first ${MOST_READ} rows are drawn.`);
  if (view === 'timeSeries') {
    const lines = linesOf(table);
    if (typeof lines !== 'string') return { ...chart, series: lines };
    problems.push(lines);
  } else if (view === 'bar' || view === 'pie') {
    const bars = barsOf(table);
    if (typeof bars !== 'string') return { ...chart, view, bars };
    problems.push(bars);
  }
  const rows = firstRows(table.rows);
  const isCut = nextToken !== undefined || rows.length < table.rows.length;
  return { kind: 'table', columns: table.columns, rows, isCut, recordsMatched, recordsScanned, problems };
}

function firstRows(rows: Rows['rows']): Rows['rows'] {
  let left = MOST_CHARACTERS;
  const end = rows.findIndex((row, index) => {
    left -= row.reduce((length, cell) => length + (cell?.length ?? 0), 0);
    return index >= MOST_ROWS || left < 0;
  });
  return end < 0 ? rows : rows.slice(0, end);
}
