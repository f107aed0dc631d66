// Brings what functions print to CloudWatch Logs: gathered, sent together, bounded. A log service that is slow or absent
// costs log lines, never an invocation.

import { type Scope, scopeKey } from '../../aws/scope.ts';
import { OperationalError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { LogLine } from '../../sandbox/functions/function.ts';
import type { Client } from '../../wire/client.ts';
import { Fault } from '../../wire/fault.ts';

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
  lines: LogLine[];
  exists: boolean;
}

const GATHER_MS = 100;
/** AWS: 10,000 events and 1 MiB a call, of which each event takes 26 bytes beside its text. */
const MOST_EVENTS = 10_000;
const MOST_BYTES = 1_048_576;
const OVERHEAD_BYTES = 26;
const MOST_EVENT_BYTES = 256 * 1024;
const MOST_WAITING = 100_000;

export function createLogWriter(logs: Logs, log: Log): LogWriter {
  const streams = new Map<string, Stream>();
  let waiting = 0;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> = Promise.resolve();
  let isAbsent = false;

  function write(scope: Scope, group: string, stream: string, lines: readonly LogLine[]): void {
    if (isAbsent) return;
    if (waiting + lines.length > MOST_WAITING) {
      log.warn({ group, lines: lines.length }, 'the log takes lines too slowly; some are lost');
      return;
    }
    const key = `${scopeKey(scope)} ${group} ${stream}`;
    let entry = streams.get(key);
    if (!entry) streams.set(key, (entry = { scope, group, stream, lines: [], exists: false }));
    entry.lines.push(...lines);
    waiting += lines.length;
    timer ??= setTimeout(flush, GATHER_MS);
  }

  function flush(): void {
    timer = undefined;
    const batch = [...streams.values()].filter(({ lines }) => lines.length > 0);
    sending = sending.then(() => sendAll(batch));
  }

  async function sendAll(batch: readonly Stream[]): Promise<void> {
    for (const entry of batch) {
      const lines = entry.lines.splice(0);
      waiting -= lines.length;
      try {
        await send(entry, lines);
      } catch (error) {
        if (error instanceof OperationalError && error.code === 'NotRunning') isAbsent = true;
        log.warn({ err: error, group: entry.group }, 'what functions printed could not be logged');
      }
    }
    // Streams are as many as processes were; those that say nothing more are remembered no longer.
    if (streams.size > 1000)
      for (const [key, { lines }] of streams) if (lines.length === 0) streams.delete(key);
  }

  async function send(entry: Stream, lines: readonly LogLine[]): Promise<void> {
    if (!entry.exists) await make(entry);
    for (const events of chunksOf(lines)) {
      const input = { logGroupName: entry.group, logStreamName: entry.stream, logEvents: events };
      try {
        await logs.call('PutLogEvents', input, entry.scope);
      } catch (error) {
        if (!(error instanceof Fault) || error.shape !== 'ResourceNotFoundException') throw error;
        // Deleted by a user meanwhile.
        await make(entry);
        await logs.call('PutLogEvents', input, entry.scope);
      }
    }
  }

  async function make(entry: Stream): Promise<void> {
    const { scope, group: logGroupName, stream: logStreamName } = entry;
    await unlessExists(logs.call('CreateLogGroup', { logGroupName }, scope));
    await unlessExists(logs.call('CreateLogStream', { logGroupName, logStreamName }, scope));
    entry.exists = true;
  }

  return {
    write,
    async stop() {
      clearTimeout(timer);
      flush();
      clearTimeout(timer);
      await sending;
    },
  };
}

async function unlessExists(made: Promise<unknown>): Promise<void> {
  try {
    await made;
  } catch (error) {
    if (!(error instanceof Fault) || error.shape !== 'ResourceAlreadyExistsException') throw error;
  }
}

function* chunksOf(lines: readonly LogLine[]) {
  let events: { timestamp: number; message: string }[] = [];
  let bytes = 0;
  // AWS: within one call events are in order of time.
  for (const { at, text } of lines.toSorted((a, b) => a.at - b.at)) {
    const message = (text || ' ').slice(0, MOST_EVENT_BYTES - OVERHEAD_BYTES);
    const size = Buffer.byteLength(message) + OVERHEAD_BYTES;
    if (events.length === MOST_EVENTS || bytes + size > MOST_BYTES) {
      yield events;
      events = [];
      bytes = 0;
    }
    events.push({ timestamp: at, message });
    bytes += size;
  }
  if (events.length > 0) yield events;
}
