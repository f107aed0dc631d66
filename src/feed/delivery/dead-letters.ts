// Where messages go that were given up: a queue or a topic, each message with a record that says why. A record that cannot
// be sent is tried again until it can, so it is never lost silently.

import type { Log } from '../../kernel/log.ts';
import type { Mapping } from '../configuration/configuration.ts';
import type { AwsCalls } from '../sink.ts';
import { backoffMs } from './backoff.ts';
import type { Entry } from './lanes.ts';
import { recordOf } from './record.ts';

/**
 * Why a message was given up. AWS: the first two are those of event source mappings of streams; the others are Millpond's:
 * the target refuses it for good, or it cannot be given the form that the mapping asks for.
 */
export type Condition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded' | 'NotRetryable' | 'MappingFailed';

/** Where given-up messages of one mapping go. */
export interface DeadLetters {
  /** Takes a message; it is settled once its record is sent. */
  add(letter: Letter): void;
  /** How many were given up. */
  readonly count: number;
  /** No record waits to be sent. */
  readonly isEmpty: boolean;
  /** Why the last attempt to send a record failed; absent when it succeeded. */
  readonly failing: string | undefined;
  close(): void;
}

/** A message that was given up. */
export interface Letter {
  entry: Pick<Entry, 'message' | 'change' | 'settled'>;
  condition: Condition;
  /** How often its delivery was tried. */
  attempts: number;
  reason: string;
}

/** AWS: the largest message of a queue or a topic, less some room for attributes. */
const MOST_BYTES = 256 * 1024 - 1024;
/** So many are logged one by one, and of later ones each thousandth. */
const MOST_LINES = 20;
const LINES_EVERY = 1_000;
/** Records that are sent at the same time. */
const MOST_CALLS = 4;

/** The dead letters of a mapping; without a target for them they are counted and dropped. */
export function createDeadLetters(options: {
  feed: string;
  mapping: Mapping;
  calls: AwsCalls;
  log: Log;
  random?: () => number;
}): DeadLetters {
  const { mapping, log, random = Math.random } = options;
  const send = mapping.deadLetters && senderTo(mapping.deadLetters, options.calls);
  const waiting: { text: string; settled: () => void; attempts: number }[] = [];
  const timers = new Set<NodeJS.Timeout>();
  let [count, running] = [0, 0];
  let failing: string | undefined;
  let isClosed = false;

  async function sendOne(letter: (typeof waiting)[number]): Promise<void> {
    running += 1;
    try {
      await send!(letter.text);
      failing = undefined;
      letter.settled();
    } catch (error) {
      letter.attempts += 1;
      failing = `dead letters to ${mapping.deadLetters!.arn}: ${error instanceof Error ? error.message : error}`;
      if (!isClosed) {
        const timer = setTimeout(
          () => {
            timers.delete(timer);
            waiting.unshift(letter);
            pump();
          },
          backoffMs(letter.attempts, random()),
        );
        timers.add(timer);
      }
    }
    running -= 1;
    pump();
  }

  function pump(): void {
    // Those that wait for their next attempt count, so that a queue that is gone is not called for each letter.
    while (!isClosed && waiting.length > 0 && running + timers.size < MOST_CALLS)
      void sendOne(waiting.shift()!);
  }

  return {
    add(letter) {
      count += 1;
      const { entry, condition, reason } = letter;
      const { lane, sequence } = entry.message;
      if (count <= MOST_LINES || count % LINES_EVERY === 0) {
        log.warn(
          { mapping: mapping.name, lane, sequence, condition, reason, count },
          'a change was given up',
        );
      }
      if (!send) {
        entry.settled();
        return;
      }
      const text = letterText(options.feed, mapping, letter, new Date());
      waiting.push({ text, settled: () => entry.settled(), attempts: 0 });
      pump();
    },
    get count() {
      return count;
    },
    get isEmpty() {
      return waiting.length + running + timers.size === 0;
    },
    get failing() {
      return failing;
    },
    close() {
      isClosed = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/**
 * The text of a dead letter. AWS: event source mappings of streams send such records, with where the batch is in its stream
 * in place of `feed` and `message`.
 */
function letterText(feed: string, mapping: Mapping, letter: Letter, time: Date): string {
  const { entry, condition, attempts, reason } = letter;
  const { message, change } = entry;
  const { sequence, lane, kind, at } = message;
  const record = {
    requestContext: { functionArn: targetOf(mapping), condition, approximateInvokeCount: attempts },
    responseContext: { errorMessage: reason },
    version: '1.0',
    timestamp: time.toISOString(),
    feed: { name: feed, mapping: mapping.name, cache: change.cache, shard: change.shard },
  };
  const head = { sequence, lane, eventName: kind, approximateArrival: new Date(at).toISOString() };
  const payload = message.payload ?? recordOf(change);
  const whole = JSON.stringify({ ...record, message: { ...head, payload } });
  if (Buffer.byteLength(whole) <= MOST_BYTES) return whole;
  const shortLane = lane.slice(0, 1_024);
  return JSON.stringify({
    ...record,
    message: { ...head, lane: shortLane, payloadOmitted: 'It is too large.' },
  });
}

function targetOf({ target }: Mapping): string {
  switch (target.kind) {
    case 'lambda':
      return target.function;
    case 'dynamodb':
    case 'sql':
      return target.table;
    case 'sns':
      return target.topic;
    case 'sqs':
      return target.queue;
    case 'null':
      return 'null';
  }
}

function senderTo({ kind, arn }: NonNullable<Mapping['deadLetters']>, calls: AwsCalls) {
  if (kind === 'sns') {
    return async (text: string) => {
      await calls.call('sns', 'Publish', { TopicArn: arn, Message: text });
    };
  }
  const [, , , , account, name] = arn.split(':');
  let url: string | undefined;
  return async (text: string) => {
    if (url === undefined) {
      const input = { QueueName: name, QueueOwnerAWSAccountId: account };
      ({ QueueUrl: url } = (await calls.call('sqs', 'GetQueueUrl', input)) as { QueueUrl: string });
    }
    try {
      await calls.call('sqs', 'SendMessage', { QueueUrl: url, MessageBody: text });
    } catch (error) {
      url = undefined;
      throw error;
    }
  };
}
