// The queries of this run of Millpond, with their results: they run in threads, in the order in which they were
// started. They are kept in memory, within bounds, and forgotten when Millpond ends.

import { type Scope, scopeKey } from '../../../aws/scope.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { newRequestId } from '../../../kernel/ids.ts';
import type { Log } from '../../../kernel/log.ts';
import { tooManyQueries } from '../faults.ts';
import { type Asking, Interrupted, type Threads } from '../reading/threads.ts';
import type { Progress, QueryOutcome, QueryRequest } from './run-query.ts';

/** A query's state, in AWS's words. */
export type QueryStatus = 'Scheduled' | 'Running' | 'Complete' | 'Failed' | 'Cancelled' | 'Timeout';

/** A query. Times are in milliseconds. */
export interface InsightsQuery {
  id: string;
  text: string;
  groups: readonly string[];
  status: QueryStatus;
  createdAt: number;
  /** How long it ran. */
  durationMs?: number;
  statistics: Progress;
  rows: QueryOutcome['rows'];
}

/** The queries of every account and region. */
export interface Queries {
  /** Throws LimitExceeded when too many have not ended. */
  start(scope: Scope, request: QueryRequest): InsightsQuery;
  find(scope: Scope, id: string): InsightsQuery | undefined;
  /** The latest first. */
  list(scope: Scope): InsightsQuery[];
  /** Whether the query had not ended. */
  cancel(query: InsightsQuery): boolean;
}

/** AWS: 100 queries of an account may run at the same time. */
const MOST_ACTIVE = 100;
/** The oldest queries that have ended are forgotten beyond these numbers. */
const MOST_QUERIES = 1_000;
const MOST_CHARACTERS = 64 * 1024 * 1024;

interface Held extends InsightsQuery {
  scope: string;
  characters: number;
  asking?: Asking<QueryOutcome>;
}

/** `threads` run the queries. */
export function createQueries(options: { threads: Threads; clock: Clock; log: Log }): Queries {
  const { threads, clock, log } = options;
  const queries = new Map<string, Held>();
  let characters = 0;

  function end(query: Held, status: QueryStatus, outcome?: QueryOutcome): void {
    query.status = status;
    delete query.asking;
    if (outcome) {
      query.statistics = outcome.statistics;
      query.rows = outcome.rows;
      query.characters = outcome.characters;
      characters += outcome.characters;
    }
    forgetOldest();
  }

  function forgetOldest(): void {
    for (const query of queries.values()) {
      if (queries.size <= MOST_QUERIES && characters <= MOST_CHARACTERS) return;
      if (isActive(query)) continue;
      characters -= query.characters;
      queries.delete(query.id);
    }
  }

  async function run(query: Held, request: QueryRequest): Promise<void> {
    let startedAt = performance.now();
    const asking = threads.ask(request, {
      onStart() {
        startedAt = performance.now();
        query.status = 'Running';
      },
      onProgress(progress) {
        query.statistics = progress;
      },
    });
    query.asking = asking;
    try {
      const outcome = await asking.answer;
      query.durationMs = Math.round(performance.now() - startedAt);
      end(query, 'Complete', outcome);
    } catch (error) {
      query.durationMs = Math.round(performance.now() - startedAt);
      const reason = error instanceof Interrupted ? error.reason : undefined;
      if (!reason) log.error({ error, query: query.id }, 'a query of log events failed');
      // AWS's API has no member for the reason.
      if (reason === 'too much memory') log.warn({ query: query.id }, (error as Error).message);
      end(query, reason === 'cancelled' ? 'Cancelled' : reason === 'too long' ? 'Timeout' : 'Failed');
    }
  }

  return {
    start(scope, request) {
      const owner = scopeKey(scope);
      const active = [...queries.values()].filter((one) => one.scope === owner && isActive(one));
      if (active.length >= MOST_ACTIVE) throw tooManyQueries();
      const query: Held = {
        id: newRequestId(),
        scope: owner,
        text: request.query,
        groups: request.sources.map(({ name }) => name),
        status: 'Scheduled',
        createdAt: clock.now(),
        statistics: { recordsMatched: 0, recordsScanned: 0, bytesScanned: 0 },
        rows: [],
        characters: 0,
      };
      queries.set(query.id, query);
      void run(query, request);
      return query;
    },
    find(scope, id) {
      const query = queries.get(id);
      return query?.scope === scopeKey(scope) ? query : undefined;
    },
    list: (scope) => [...queries.values()].filter((one) => one.scope === scopeKey(scope)).reverse(),
    cancel(query) {
      const { asking } = query as Held;
      if (!isActive(query) || !asking) return false;
      asking.cancel();
      // At once, and not when the thread has ended.
      query.status = 'Cancelled';
      return true;
    },
  };
}

const isActive = ({ status }: InsightsQuery): boolean => status === 'Scheduled' || status === 'Running';
