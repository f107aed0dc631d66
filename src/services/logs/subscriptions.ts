// Sends events that match a subscription filter to its function. Filters run after the events were accepted, in small
// steps and with a bounded queue, as metric filters do. Lambda stores what it accepted, and repeats failed invocations.

import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type Scope, scopeKey } from '../../aws/scope.ts';
import { type BatchPolicy, createBatcher } from '../../control/batcher.ts';
import type { Log } from '../../kernel/log.ts';
import { turnEnd } from '../../kernel/turn.ts';
import type { Client } from '../../wire/client.ts';
import { parseFilterPattern } from './filter-pattern.ts';
import { placeText } from './places.ts';
import { type Records, type SubscriptionFilterRecord, within } from './records.ts';

/** Sends stored events on to the functions that subscribe to their group. */
export interface Subscriptions {
  /** Queues the events and returns immediately. Never throws. */
  appended(scope: Scope, stream: StreamName, events: readonly AppendedEvent[]): void;
  /** Whether a function may be called by CloudWatch Logs, as far as its policy says. */
  mayInvoke(scope: Scope, functionArn: string): Promise<boolean>;
  /** Sends what is still queued. */
  stop(): Promise<void>;
}

/** A stored event. */
export interface AppendedEvent {
  sequence: number;
  /** Milliseconds since the epoch. */
  at: number;
  message: string;
}

interface StreamName {
  group: string;
  name: string;
}

/** Lambda's client. */
export type LambdaClient = Client<typeof import('@aws-sdk/client-lambda')>;

/** AWS: an event of an asynchronous invocation has at most 256 KB. Base64 makes it a third longer. */
const POLICY: BatchPolicy = { gatherMs: 0, mostWaiting: 100_000, mostItems: 5_000, mostSize: 150_000 };
const compress = promisify(gzip);

/** Sends nothing without a client of Lambda. */
export function createSubscriptions(options: {
  records: Pick<Records, 'subscriptions'>;
  lambda: LambdaClient | undefined;
  log: Log;
}): Subscriptions {
  const { records, lambda, log } = options;
  const batcher =
    lambda &&
    createBatcher<StreamName & { scope: Scope }, AppendedEvent>({
      ...{ what: 'events for subscription filters', policy: POLICY, log },
      keyOf: ({ scope, group, name }) => `${scopeKey(scope)} ${within(group, name)}`,
      sizeOf: ({ message }) => Buffer.byteLength(message) + 100,
      send: (stream, events) => sendAll(lambda, stream, events),
    });

  async function sendAll(
    client: LambdaClient,
    { scope, group, name }: StreamName & { scope: Scope },
    events: readonly AppendedEvent[],
  ): Promise<void> {
    const filters = records.subscriptions.list(scope, { prefix: within(group) });
    const sent = await Promise.allSettled(
      filters.map(async (filter) => {
        const matching = await matched(filter, events);
        if (matching.length === 0) return;
        const Payload = await payloadOf(scope, filter, name, matching);
        const input = { FunctionName: filter.destinationArn, InvocationType: 'Event' as const, Payload };
        await client.call('Invoke', input, scope);
      }),
    );
    // One function that is gone does not keep the events from the others.
    for (const outcome of sent) if (outcome.status === 'rejected') throw outcome.reason;
  }

  return {
    appended(scope, { group, name }, events) {
      if (!batcher || records.subscriptions.count(scope, within(group)) === 0) return;
      batcher.add({ scope, group, name }, events);
    },
    async mayInvoke(scope, functionArn) {
      if (!lambda) return false;
      try {
        const { Policy } = await lambda.call('GetPolicy', { FunctionName: functionArn }, scope);
        return allowsLogs(Policy ?? '{}');
      } catch {
        // There is no such function, or it has no policy.
        return false;
      }
    },
    stop: async () => batcher?.stop(),
  };
}

async function matched(
  { pattern }: SubscriptionFilterRecord,
  events: readonly AppendedEvent[],
): Promise<AppendedEvent[]> {
  const { matches } = parseFilterPattern(pattern);
  const found: AppendedEvent[] = [];
  for (const event of events) {
    await turnEnd();
    if (matches(event.message)) found.push(event);
  }
  return found;
}

/** AWS: the events as JSON, compressed and in base64, in `awslogs.data`. */
async function payloadOf(
  scope: Scope,
  filter: SubscriptionFilterRecord,
  logStream: string,
  events: readonly AppendedEvent[],
): Promise<Uint8Array> {
  const message = {
    messageType: 'DATA_MESSAGE',
    owner: scope.accountId,
    logGroup: filter.group,
    logStream,
    subscriptionFilters: [filter.name],
    logEvents: events.map((event) => ({ id: placeText(event), timestamp: event.at, message: event.message })),
  };
  const data = (await compress(JSON.stringify(message))).toString('base64');
  return Buffer.from(JSON.stringify({ awslogs: { data } }));
}

const SERVICE = /^logs\.([a-z0-9-]+\.)?amazonaws\.com$/;

/** Whether a statement allows CloudWatch Logs, or everybody, to invoke the function. Conditions are not evaluated. */
function allowsLogs(policy: string): boolean {
  const { Statement = [] } = JSON.parse(policy) as { Statement?: Record<string, unknown>[] };
  return Statement.some(({ Effect, Principal, Action }) => {
    const service = (Principal as { Service?: unknown } | undefined)?.Service;
    const isCaller = Principal === '*' || [service].flat().some((name) => SERVICE.test(String(name)));
    return (
      Effect === 'Allow' &&
      isCaller &&
      [Action].flat().some((name) => /^(\*|lambda:(\*|InvokeFunction))$/.test(String(name)))
    );
  });
}
