// Sends the output of functions to CloudWatch Logs, in batches. A slow or missing log service costs log lines, never
// an invocation.

import { type Scope, scopeKey } from '../../aws/scope.ts';
import { type BatchPolicy, createBatcher } from '../../control/batcher.ts';
import type { Log } from '../../kernel/log.ts';
import type { LogLine } from '../../machines/functions/function.ts';
import type { Client } from '../../wire/client.ts';
import { Fault } from '../../wire/fault.ts';

/** A queue of log lines. */
export interface LogWriter {
  /** Never waits, never throws. Lines of one stream stay in order. */
  write(scope: Scope, group: string, stream: string, lines: readonly LogLine[]): void;
  /** Sends what is left. */
  stop(): Promise<void>;
}

type Logs = Client<typeof import('@aws-sdk/client-cloudwatch-logs')>;

interface Stream {
  scope: Scope;
  group: string;
  stream: string;
}

interface LogEvent {
  timestamp: number;
  message: string;
}

/** AWS: a call has at most 10,000 events and 1 MiB, with 26 bytes of overhead per event. */
const POLICY: BatchPolicy = {
  gatherMs: 100,
  mostWaiting: 100_000,
  mostItems: 10_000,
  mostSize: 1_048_576,
};
const OVERHEAD_BYTES = 26;
const MOST_EVENT_BYTES = 256 * 1024;
/** Every environment has its own stream; this many are remembered as existing. */
const MOST_KNOWN = 1_000;

/** Creates groups and streams when needed. */
export function createLogWriter(logs: Logs, log: Log): LogWriter {
  const known = new Set<string>();
  const keyOf = ({ scope, group, stream }: Stream) => `${scopeKey(scope)} ${group} ${stream}`;
  const batcher = createBatcher<Stream, LogEvent>({
    ...{ what: 'lines of functions', policy: POLICY, log, keyOf, send },
    sizeOf: ({ message }) => Buffer.byteLength(message) + OVERHEAD_BYTES,
  });

  async function send(stream: Stream, events: readonly LogEvent[]): Promise<void> {
    if (!known.has(keyOf(stream))) await make(stream);
    const input = {
      ...{ logGroupName: stream.group, logStreamName: stream.stream },
      // AWS: within one call events are in order of time.
      logEvents: events.toSorted((a, b) => a.timestamp - b.timestamp),
    };
    try {
      await logs.call('PutLogEvents', input, stream.scope);
    } catch (error) {
      if (!(error instanceof Fault) || error.shape !== 'ResourceNotFoundException') throw error;
      // A user has deleted the stream meanwhile.
      await make(stream);
      await logs.call('PutLogEvents', input, stream.scope);
    }
  }

  async function make(stream: Stream): Promise<void> {
    const { scope, group: logGroupName, stream: logStreamName } = stream;
    await unlessExists(logs.call('CreateLogGroup', { logGroupName }, scope));
    await unlessExists(logs.call('CreateLogStream', { logGroupName, logStreamName }, scope));
    if (known.size >= MOST_KNOWN) known.clear();
    known.add(keyOf(stream));
  }

  return {
    write: (scope, group, stream, lines) =>
      void batcher.add({ scope, group, stream }, batcher.isOff ? [] : lines.map(eventOf)),
    stop: () => batcher.stop(),
  };
}

const eventOf = ({ at, text }: LogLine): LogEvent => ({
  timestamp: at,
  message: (text || ' ').slice(0, MOST_EVENT_BYTES - OVERHEAD_BYTES),
});

async function unlessExists(made: Promise<unknown>): Promise<void> {
  try {
    await made;
  } catch (error) {
    if (!(error instanceof Fault) || error.shape !== 'ResourceAlreadyExistsException') throw error;
  }
}
