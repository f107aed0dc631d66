// Tells CloudWatch of invocations: AWS/Lambda. Counted in memory, told some seconds later, bounded. A CloudWatch that is
// slow or absent costs metrics, never an invocation.

import { type Scope, scopeKey } from '../../aws/scope.ts';
import type { Clock } from '../../kernel/clock.ts';
import { OperationalError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { Client } from '../../wire/client.ts';
import { InvocationTally, type Ran } from './domain/invocation-metrics.ts';

/** Whose invocation: its account and region, the function, and the function as it was called, `name:alias`. */
export interface CalledFunction {
  scope: Scope;
  functionName: string;
  resource: string;
}

export interface InvocationMetrics {
  /** One begins; so many of its function run now. */
  began(of: CalledFunction, running: number): void;
  /** It ended just now. */
  ended(of: CalledFunction, ran: Ran): void;
  throttled(of: CalledFunction): void;
  /** Tells what is left. */
  stop(): Promise<void>;
}

type CloudWatch = Client<typeof import('@aws-sdk/client-cloudwatch')>;

interface Dimension {
  Name: string;
  Value: string;
}

interface Entry {
  scope: Scope;
  minute: number;
  dimensions: Dimension[];
  tally: InvocationTally;
}

const GATHER_MS = 10_000;
const MINUTE_MS = 60_000;
/** Of functions, names they are called by, and minutes that wait to be told. */
const MOST_ENTRIES = 10_000;
/** AWS: what one call may hold. */
const MOST_DATA = 1_000;
const MOST_DATA_OF_ONE = 20;

export function createInvocationMetrics(options: {
  /** Without it nothing is counted. */
  cloudwatch: CloudWatch | undefined;
  clock: Clock;
  log: Log;
}): InvocationMetrics {
  const { cloudwatch, clock, log } = options;
  let entries = new Map<string, Entry>();
  let timer: NodeJS.Timeout | undefined;
  let telling: Promise<void> = Promise.resolve();
  let isAbsent = cloudwatch === undefined;

  function count(
    { scope, functionName, resource }: CalledFunction,
    at: number,
    add: (tally: InvocationTally) => void,
  ) {
    if (isAbsent) return;
    const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    const name = { Name: 'FunctionName', Value: functionName };
    // AWS: over all functions, of the function, and of the function as it was called.
    for (const dimensions of [[], [name], [name, { Name: 'Resource', Value: resource }]]) {
      const key = `${scopeKey(scope)} ${minute} ${dimensions.map(({ Value }) => Value).join(' ')}`;
      let entry = entries.get(key);
      if (!entry) {
        if (entries.size >= MOST_ENTRIES) return;
        entries.set(key, (entry = { scope, minute, dimensions, tally: new InvocationTally() }));
      }
      add(entry.tally);
    }
    timer ??= setTimeout(tell, GATHER_MS).unref();
  }

  function tell(): void {
    clearTimeout(timer);
    timer = undefined;
    const told = [...entries.values()];
    entries = new Map();
    telling = telling.then(() => put(told));
  }

  async function put(told: readonly Entry[]): Promise<void> {
    try {
      for (const [, own] of Map.groupBy(told, ({ scope }) => scopeKey(scope))) {
        const data = own.flatMap(({ minute, dimensions, tally }) =>
          tally
            .data()
            .slice(0, MOST_DATA_OF_ONE)
            .map((datum) => ({ ...datum, Timestamp: new Date(minute), Dimensions: dimensions })),
        );
        for (let first = 0; first < data.length; first += MOST_DATA) {
          const input = { Namespace: 'AWS/Lambda', MetricData: data.slice(first, first + MOST_DATA) };
          await cloudwatch!.call('PutMetricData', input, own[0]!.scope);
        }
      }
    } catch (error) {
      if (error instanceof OperationalError && error.code === 'NotRunning') isAbsent = true;
      log.warn({ err: error }, 'the metrics of functions could not be told');
    }
  }

  return {
    began: (of, running) => count(of, clock.now(), (tally) => tally.concurrent(running)),
    // AWS: by the minute in which it was called.
    ended: (of, ran) => count(of, clock.now() - ran.durationMs, (tally) => tally.ran(ran)),
    throttled: (of) => count(of, clock.now(), (tally) => tally.throttled()),
    async stop() {
      if (entries.size > 0) tell();
      await telling;
    },
  };
}
