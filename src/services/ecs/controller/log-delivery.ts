// Delivers the output of a container to CloudWatch Logs. Lines are acknowledged only once they are stored, so a Millpond
// that dies delivers some again and loses none.

import type { Scope } from '../../../aws/scope.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Container, OutputLine } from '../../../machines/containers/containers.ts';
import { Fault } from '../../../wire/fault.ts';
import type { Callees } from '../context.ts';
import type { LogTarget } from '../domain/log-configuration.ts';

type Logs = Callees['logs'];

interface LogEvent {
  timestamp: number;
  message: string;
}

/** AWS: a call has at most 10,000 events and 1 MiB, with 26 bytes of overhead per event. */
const MOST_EVENTS = 10_000;
const MOST_BYTES = 1_048_576;
const OVERHEAD_BYTES = 26;
/** AWS: longer lines become several events. */
const MOST_EVENT_BYTES = 256 * 1024 - OVERHEAD_BYTES;
const ATTEMPTS = 3;

/** Creates the stream, and the group where the target says so. Rejects with the faults of CloudWatch Logs. */
export async function openStream(logs: Logs, scope: Scope, target: LogTarget): Promise<void> {
  const { group: logGroupName, stream: logStreamName } = target;
  const place = { accountId: scope.accountId, region: target.region };
  if (target.createsGroup) await unlessExists(logs.call('CreateLogGroup', { logGroupName }, place));
  await unlessExists(logs.call('CreateLogStream', { logGroupName, logStreamName }, place));
}

/** What output is delivered with. */
export interface DeliveryOptions {
  logs: Logs;
  scope: Scope;
  target: LogTarget | undefined;
  /** Gets each line. */
  seen(line: OutputLine): void;
  log: Log;
  signal: AbortSignal;
}

/**
 * Reads the output until it ends or `signal` aborts. Output that cannot be delivered is dropped with a message in the log:
 * AWS's driver does the same. Never rejects. Resolves with whether the output has ended.
 */
export async function deliverOutput(
  container: Pick<Container, 'output' | 'id'>,
  { logs, scope, target, seen, log, signal }: DeliveryOptions,
): Promise<boolean> {
  let abandon = () => {};
  const onAbort = () => abandon();
  signal.addEventListener('abort', onAbort);
  try {
    const batches = container.output()[Symbol.asyncIterator]();
    while (!signal.aborted) {
      // Not by Promise.race: a promise of the signal would keep every one that it raced with.
      const next = await new Promise<IteratorResult<Batch> | undefined>((resolve, reject) => {
        abandon = () => resolve(undefined);
        batches.next().then(resolve, reject);
      });
      if (next === undefined) break;
      if (next.done) return true;
      const { lines, taken } = next.value;
      for (const line of lines) seen(line);
      if (target) await send(logs, scope, target, lines, log);
      taken();
    }
    return false;
  } catch (error) {
    log.error({ err: error, container: container.id }, 'the output of a container cannot be read');
    return true;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

interface Batch {
  lines: readonly OutputLine[];
  taken(): void;
}

async function send(
  logs: Logs,
  scope: Scope,
  target: LogTarget,
  lines: readonly OutputLine[],
  log: Log,
): Promise<void> {
  const place = { accountId: scope.accountId, region: target.region };
  const names = { logGroupName: target.group, logStreamName: target.stream };
  for (const logEvents of chunksOf(lines)) {
    for (let attempt = 1; ; attempt++) {
      try {
        await logs.call('PutLogEvents', { ...names, logEvents }, place);
        break;
      } catch (error) {
        const isMissing = error instanceof Fault && error.shape === 'ResourceNotFoundException';
        if (attempt < ATTEMPTS) {
          // A user has deleted the stream meanwhile.
          if (isMissing) await openStream(logs, scope, target).catch(() => undefined);
          continue;
        }
        log.warn(
          { err: error, lost: logEvents.length, ...names },
          'output of a container could not be delivered',
        );
        break;
      }
    }
  }
}

/** AWS: the events of a call are in order of time. */
function* chunksOf(lines: readonly OutputLine[]): Generator<LogEvent[]> {
  let chunk: LogEvent[] = [];
  let bytes = 0;
  let last = 0;
  for (const { at, text } of lines) {
    last = Math.max(last, Math.floor(at));
    for (const message of piecesOf(text)) {
      const size = Buffer.byteLength(message) + OVERHEAD_BYTES;
      if (chunk.length === MOST_EVENTS || (chunk.length > 0 && bytes + size > MOST_BYTES)) {
        yield chunk;
        chunk = [];
        bytes = 0;
      }
      chunk.push({ timestamp: last, message });
      bytes += size;
    }
  }
  if (chunk.length > 0) yield chunk;
}

/** AWS: an empty line is no event. */
function piecesOf(text: string): string[] {
  if (text === '') return [];
  if (Buffer.byteLength(text) <= MOST_EVENT_BYTES) return [text];
  const length = Math.floor(MOST_EVENT_BYTES / 4);
  return Array.from({ length: Math.ceil(text.length / length) }, (_, index) =>
    text.slice(index * length, (index + 1) * length),
  );
}

async function unlessExists(made: Promise<unknown>): Promise<void> {
  try {
    await made;
  } catch (error) {
    if (!(error instanceof Fault) || error.shape !== 'ResourceAlreadyExistsException') throw error;
  }
}
