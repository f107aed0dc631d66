// The process of one feed: reads its source and delivers the changes to its sinks. Millpond starts it
// (feed-process.ts) and says over the socket that it inherits what to do and which nodes there are; the calls of its
// sinks go over that socket, too. It ends with the socket, and so with Millpond, however that ends.

import { Socket } from 'node:net';
import { createChannel, type Frame } from '../kernel/channel.ts';
import type { Log } from '../kernel/log.ts';
import { CHANNEL_FD } from '../kernel/own-program.ts';
import { type FeedRun, startFeed } from './feed-run.ts';
import {
  type Answer,
  type Call,
  decode,
  encode,
  errorOf,
  FROM_PROCESS,
  failureOf,
  type Hello,
  type LogMessage,
  type NodesMessage,
  type Request,
  type StatusMessage,
  TO_PROCESS,
} from './messages.ts';
import { type AwsCalls, CallFailed } from './sink.ts';

/** How often Millpond learns how far the feed is. */
const STATUS_MS = 250;
/** Larger calls do not fit into a frame. */
const MOST_CALL_BYTES = 15 * 1024 * 1024;

const socket = new Socket({ fd: CHANNEL_FD, readable: true, writable: true });
socket.once('close', () => process.exit());
const channel = createChannel(socket, receive);
const calls = new Map<number, PromiseWithResolvers<unknown>>();
let lastCall = 0;
let run: FeedRun | undefined;
let lastStatus = '';

const say = (kind: number, id: number, message: unknown) => channel.send(kind, id, encode(message));

function receive({ kind, id, payload }: Frame): void {
  switch (kind) {
    case TO_PROCESS.hello:
      return void begin(decode<Hello>(payload));
    case TO_PROCESS.nodes:
      return void run?.setNodes(decode<NodesMessage>(payload));
    case TO_PROCESS.request:
      return void answer(id, decode<Request>(payload));
    case TO_PROCESS.answer:
      return void answered(id, decode<Answer>(payload));
  }
}

async function begin(hello: Hello): Promise<void> {
  try {
    run = startFeed(hello, { aws, log: logOf({}), failed });
    setInterval(reportStatus, STATUS_MS);
    await run.started;
    reportStatus();
    say(FROM_PROCESS.started, 0, { output: undefined } satisfies Answer);
  } catch (error) {
    failed(error);
  }
}

/** Ends the process: Millpond starts another one, later each time. The text on standard error is the reason. */
function failed(error: unknown): void {
  say(FROM_PROCESS.started, 0, { failure: failureOf(error) } satisfies Answer);
  console.error(error instanceof Error && error.name === 'OperationalError' ? error.message : error);
  process.exitCode = 1;
  end();
}

async function answer(id: number, request: Request): Promise<void> {
  let answer: Answer = { output: undefined };
  try {
    await run?.handle(request);
  } catch (error) {
    answer = { failure: failureOf(error) };
  }
  reportStatus();
  say(FROM_PROCESS.answer, id, answer);
  if (request.do === 'stop') end();
}

/** After what is written in this turn. */
function end(): void {
  setImmediate(() => setImmediate(() => socket.end(() => socket.destroy())));
}

function reportStatus(): void {
  const status: StatusMessage | undefined = run?.status();
  const text = JSON.stringify(status);
  if (status === undefined || text === lastStatus) return;
  lastStatus = text;
  say(FROM_PROCESS.status, 0, status);
}

const aws: AwsCalls = {
  async call(service, operation, input) {
    const bytes = encode({ service, operation, input } satisfies Call);
    if (bytes.length > MOST_CALL_BYTES) {
      throw new CallFailed('RequestTooLarge', `The request of ${operation} has ${bytes.length} bytes.`, true);
    }
    const id = (lastCall = (lastCall + 1) >>> 0);
    const done = Promise.withResolvers<unknown>();
    calls.set(id, done);
    channel.send(FROM_PROCESS.call, id, bytes);
    return await done.promise;
  },
};

function answered(id: number, answer: Answer): void {
  const waiting = calls.get(id);
  calls.delete(id);
  if ('failure' in answer) waiting?.reject(errorOf(answer.failure));
  else waiting?.resolve(answer.output);
}

/** Entries go to Millpond's log. */
function logOf(own: object): Log {
  const entry = (level: LogMessage['level']) => (fields: object, message: string) => {
    const { err, ...rest } = fields as { err?: unknown };
    const error = err !== undefined && { error: String((err as Error)?.stack ?? err) };
    say(FROM_PROCESS.log, 0, { level, fields: { ...own, ...rest, ...error }, message } satisfies LogMessage);
  };
  return {
    debug: entry('debug'),
    info: entry('info'),
    warn: entry('warn'),
    error: entry('error'),
    child: (fields) => logOf({ ...own, ...fields }),
  };
}
