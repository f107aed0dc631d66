// Sends AWS/Lambda metrics to CloudWatch. Counts in memory and sends some seconds later, within bounds. A slow or
// missing CloudWatch costs metrics, never an invocation.

import { type Scope, scopeKey } from '../../aws/scope.ts';
import { type BatchPolicy, createBatcher } from '../../control/batcher.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Client } from '../../wire/client.ts';
import { InvocationTally, type Ran } from './domain/invocation-metrics.ts';

/** The invoked function: account and region, name, and the name that the caller used (`name:alias`). */
export interface CalledFunction {
  scope: Scope;
  functionName: string;
  resource: string;
}

/** Counters of invocations. No method waits or throws. */
export interface InvocationMetrics {
  /** An invocation begins; `running` of the function run now. */
  began(of: CalledFunction, running: number): void;
  /** An invocation ended just now. */
  ended(of: CalledFunction, ran: Ran): void;
  throttled(of: CalledFunction): void;
  /** Sends the rest. */
  stop(): Promise<void>;
}

type CloudWatch = Client<typeof import('@aws-sdk/client-cloudwatch')>;

interface Dimension {
  Name: string;
  Value: string;
}

interface Entry {
  key: string;
  minute: number;
  dimensions: Dimension[];
  tally: InvocationTally;
}

/** The most data that one entry is split into. */
const MOST_DATA_OF_ONE = 20;
/** AWS: a call has at most 1,000 data. An entry is one function, one name of it, and one minute. */
const POLICY: BatchPolicy = { gatherMs: 10_000, mostWaiting: 10_000, mostItems: 1_000, mostSize: 1_000 };
const MINUTE_MS = 60_000;

/** See `InvocationMetrics`. */
export function createInvocationMetrics(options: {
  /** Nothing is counted without it. */
  cloudwatch: CloudWatch | undefined;
  clock: Clock;
  log: Log;
}): InvocationMetrics {
  const { cloudwatch, clock, log } = options;
  /** Entries that wait to be sent; new counts are added to them. */
  const entries = new Map<string, Entry>();
  const batcher =
    cloudwatch &&
    createBatcher<Scope, Entry>({
      ...{ what: 'metrics of functions', policy: POLICY, log, keyOf: scopeKey, sizeOf },
      async send(scope, batch) {
        for (const { key } of batch) entries.delete(key);
        const input = { Namespace: 'AWS/Lambda', MetricData: batch.flatMap(dataOf) };
        await cloudwatch.call('PutMetricData', input, scope);
      },
    });

  function count(
    { scope, functionName, resource }: CalledFunction,
    at: number,
    add: (tally: InvocationTally) => void,
  ) {
    if (!batcher || batcher.isOff) return;
    const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    const name = { Name: 'FunctionName', Value: functionName };
    // AWS: over all functions, of the function, and of the function as it was called.
    for (const dimensions of [[], [name], [name, { Name: 'Resource', Value: resource }]]) {
      const key = `${scopeKey(scope)} ${minute} ${dimensions.map(({ Value }) => Value).join(' ')}`;
      let entry = entries.get(key);
      if (!entry) {
        entry = { key, minute, dimensions, tally: new InvocationTally() };
        if (!batcher.add(scope, [entry])) return;
        entries.set(key, entry);
      }
      add(entry.tally);
    }
  }

  return {
    began: (of, running) => count(of, clock.now(), (tally) => tally.concurrent(running)),
    // AWS: counted in the minute in which it was called.
    ended: (of, ran) => count(of, clock.now() - ran.durationMs, (tally) => tally.ran(ran)),
    throttled: (of) => count(of, clock.now(), (tally) => tally.throttled()),
    stop: async () => batcher?.stop(),
  };
}

const sizeOf = ({ tally }: Entry): number => Math.min(tally.data().length, MOST_DATA_OF_ONE);

const dataOf = ({ minute, dimensions, tally }: Entry) =>
  tally
    .data()
    .slice(0, MOST_DATA_OF_ONE)
    .map((datum) => ({ ...datum, Timestamp: new Date(minute), Dimensions: dimensions }));
