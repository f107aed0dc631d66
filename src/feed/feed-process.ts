// One started process of a feed (program.ts), as Millpond sees it: its channel, the requests that it owes an answer, and
// the calls that it asks for.

import { fileURLToPath } from 'node:url';
import type { Frame } from '../kernel/channel.ts';
import { OperationalError } from '../kernel/errors.ts';
import { STOP_GRACE_MS } from '../kernel/http-server.ts';
import type { Log } from '../kernel/log.ts';
import { type OwnProgram, type ProgramEnd, startOwnProgram } from '../kernel/own-program.ts';
import type { FeedStatus, FollowedShard } from './feeds.ts';
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
  type Request,
  type StatusMessage,
  TO_PROCESS,
} from './messages.ts';
import { type AwsCalls, CallFailed } from './sink.ts';

/** Next to this file in a clone, and in the bundle. */
const PROGRAM = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './program.ts' : './feed.js', import.meta.url),
);
/** An answer that is larger does not fit into a frame with the rest of it. */
const MOST_OUTPUT_BYTES = 15 * 1024 * 1024;

/** What a process needs of Millpond. */
export interface FeedProcessOptions {
  hello: Hello;
  calls: AwsCalls;
  log: Log;
}

/** Starts in the constructor. */
export class FeedProcess {
  /** It was told to end. */
  isStopping = false;
  /** Resolves once it reads its source; rejects with why it cannot, also when it ends before. */
  readonly started: Promise<void>;
  readonly ended: Promise<ProgramEnd>;
  readonly #program: OwnProgram;
  readonly #options: FeedProcessOptions;
  readonly #start = Promise.withResolvers<unknown>();
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #lastId = 0;
  #status: StatusMessage | undefined;

  constructor(options: FeedProcessOptions) {
    this.#options = options;
    this.started = this.#start.promise.then(() => undefined);
    this.started.catch(() => {});
    this.#program = startOwnProgram({
      file: PROGRAM,
      onFrame: (frame) => this.#receive(frame),
    });
    this.ended = this.#program.ended.then((end) => {
      const gone = new OperationalError('CommandFailed', 'The process of the feed has ended.');
      this.#start.reject(gone);
      for (const { reject } of this.#waiting.values()) reject(gone);
      this.#waiting.clear();
      return end;
    });
    this.#send(TO_PROCESS.hello, 0, options.hello);
  }

  /** What it said last; `undefined` before that. */
  status(): FeedStatus | undefined {
    const { pid } = this.#program;
    return this.#status && { ...this.#status, ...(pid !== undefined && { pid }) };
  }

  setNodes(shards: readonly FollowedShard[]): void {
    this.#send(TO_PROCESS.nodes, 0, shards);
  }

  /** Rejects with an OperationalError when the process cannot do it, or has ended. */
  async ask(request: Request): Promise<void> {
    const id = (this.#lastId = (this.#lastId + 1) >>> 0);
    const done = Promise.withResolvers<unknown>();
    this.#waiting.set(id, done);
    this.#send(TO_PROCESS.request, id, request);
    await done.promise;
  }

  /** Ends it within a second. What it has not delivered stays in its directory. */
  async stop(): Promise<void> {
    this.isStopping = true;
    const impatience = setTimeout(this.#program.kill, STOP_GRACE_MS);
    void this.ask({ do: 'stop' }).catch(() => {});
    await this.ended;
    clearTimeout(impatience);
  }

  #send(kind: number, id: number, message: unknown): void {
    this.#program.channel.send(kind, id, encode(message));
  }

  #receive({ kind, id, payload }: Frame): void {
    switch (kind) {
      case FROM_PROCESS.started:
        return void settle(this.#start, decode<Answer>(payload));
      case FROM_PROCESS.answer: {
        const waiting = this.#waiting.get(id);
        this.#waiting.delete(id);
        return void (waiting && settle(waiting, decode<Answer>(payload)));
      }
      case FROM_PROCESS.call:
        return void this.#call(id, decode<Call>(payload));
      case FROM_PROCESS.status:
        this.#status = decode<StatusMessage>(payload);
        return;
      case FROM_PROCESS.log: {
        const { level, fields, message } = decode<LogMessage>(payload);
        return void this.#options.log[level](fields, message);
      }
    }
  }

  async #call(id: number, { service, operation, input }: Call): Promise<void> {
    const answer = await this.#options.calls.call(service, operation, input).then(
      (output): Answer => ({ output }),
      (error: unknown): Answer => ({ failure: failureOf(error) }),
    );
    const bytes = encode(answer);
    if (bytes.length <= MOST_OUTPUT_BYTES) return this.#program.channel.send(TO_PROCESS.answer, id, bytes);
    const tooLarge = new CallFailed('ResponseTooLarge', `The answer of ${operation} is too large.`, true);
    this.#send(TO_PROCESS.answer, id, { failure: failureOf(tooLarge) });
  }
}

function settle(waiting: PromiseWithResolvers<unknown>, answer: Answer): void {
  if ('failure' in answer) waiting.reject(errorOf(answer.failure));
  else waiting.resolve(answer.output);
}
