// A started process that takes the requests of load balancers (program.ts): its channel, and the answers that it owes.

import { spawn } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Channel, createChannel, type Frame } from '../kernel/channel.ts';
import { STOP_GRACE_MS } from '../kernel/http-server.ts';
import type { Network } from '../network/network.ts';
import type { Balancer, FunctionReply, ListenerFailure } from './load-balancers.ts';
import {
  type DoneMessage,
  encodeReply,
  FROM_PROCESS,
  type GroupHealth,
  type Hello,
  type RemoveMessage,
  type SetMessage,
  TO_PROCESS,
} from './messages.ts';

/** Next to this file, both in a clone and in the bundle. */
const PROGRAM = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './program.ts' : './load-balancer.js', import.meta.url),
);
/** Small spaces for young objects: half of the memory under load, with hardly more time for their collection. */
const FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=8'];
/** The file descriptor of the channel in the process. */
const CHANNEL = 3;
/** AWS: the limit of a function's answer. */
const MOST_ANSWER_BYTES = 1024 * 1024;
/** Answers of functions that wait to be read by the process. Beyond that, large ones fail. */
const MOST_QUEUED_BYTES = 64 * 1024 * 1024;
const SMALL_BYTES = 64 * 1024;
const MOST_ERRORS = 4_000;

/** How a process ended. */
export interface Ended {
  /** `SIGKILL`, `exit code 1`, or why it could not be started. */
  how: string;
  /** The end of its standard error. */
  errors: string;
  livedMs: number;
  /** The `set`s that it owes an answer. */
  unanswered: readonly UnansweredSet[];
}

/** A `set` without an answer. */
export interface UnansweredSet {
  arn: string;
  done: PromiseWithResolvers<ListenerFailure[]>;
}

interface Waiting extends UnansweredSet {
  isRemoval: boolean;
}

/** Starts in the constructor. */
export class RunningProcess {
  /** It has been told to end: its answers in progress are its last. */
  isLeaving = false;
  readonly ended: Promise<Ended>;
  readonly #channel: Channel;
  readonly #kill: () => void;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  /** `onFrame` gets what the process says by itself. */
  constructor(
    inside: Network['inside'],
    hello: Hello,
    onFrame: (frame: Frame, from: RunningProcess) => void,
  ) {
    const [program, ...args] = inside([process.execPath, ...FLAGS, PROGRAM]);
    const child = spawn(program, args, {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      // It needs nothing of our environment, and must not get credentials.
      env: {
        ...{ PATH: process.env.PATH ?? '', LC_ALL: 'C' },
        ...(getCompileCacheDir() && { NODE_COMPILE_CACHE: getCompileCacheDir() }),
      },
    });
    const startedAt = performance.now();
    let errors = '';
    let failure: Error | undefined;
    child
      .stderr!.setEncoding('utf8')
      .on('data', (text: string) => (errors = (errors + text).slice(-MOST_ERRORS)));
    child.once('error', (error) => (failure = error));
    this.ended = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        const how = failure?.message ?? signal ?? `exit code ${code}`;
        resolve({ how, errors, livedMs: performance.now() - startedAt, unanswered: this.#end() });
      });
    });
    this.#kill = () => child.kill('SIGKILL');
    this.#channel = createChannel(child.stdio[CHANNEL] as Socket, (frame) => {
      if (frame.kind === FROM_PROCESS.done) this.#done(frame);
      else onFrame(frame, this);
    });
    this.#say(TO_PROCESS.hello, 0, hello);
  }

  set(
    balancer: Balancer,
    health: readonly GroupHealth[],
    done: PromiseWithResolvers<ListenerFailure[]>,
  ): void {
    const message: SetMessage = { balancer, health };
    this.#ask(TO_PROCESS.set, message, { arn: balancer.arn, done, isRemoval: false });
  }

  /** Resolves when nothing listens for it any more. */
  async remove(arn: string): Promise<void> {
    const message: RemoveMessage = { arn };
    const done = Promise.withResolvers<ListenerFailure[]>();
    this.#ask(TO_PROCESS.remove, message, { arn, done, isRemoval: true });
    await done.promise;
  }

  reply(id: number, reply: FunctionReply): void {
    const isTooLarge = 'payload' in reply && reply.payload.length > MOST_ANSWER_BYTES;
    const isBehind =
      'payload' in reply &&
      reply.payload.length > SMALL_BYTES &&
      this.#channel.queuedBytes() > MOST_QUEUED_BYTES;
    const failed = isTooLarge ? 'tooLarge' : isBehind ? 'internal' : undefined;
    this.#channel.send(TO_PROCESS.reply, id, encodeReply(failed ? { failed } : reply));
  }

  /** It ends after the answers in progress. */
  leave(): void {
    this.isLeaving = true;
    this.#channel.send(TO_PROCESS.leave, 0, '');
  }

  /** Ends it within a second. */
  async stop(): Promise<void> {
    this.leave();
    const impatience = setTimeout(this.#kill, STOP_GRACE_MS);
    await this.ended;
    clearTimeout(impatience);
  }

  #say(kind: number, id: number, message: object): void {
    this.#channel.send(kind, id, JSON.stringify(message));
  }

  #ask(kind: number, message: object, waiting: Waiting): void {
    this.#lastId = (this.#lastId + 1) >>> 0;
    this.#waiting.set(this.#lastId, waiting);
    this.#say(kind, this.#lastId, message);
  }

  #done({ id, payload }: Frame): void {
    const { failures } = JSON.parse(payload.toString()) as DoneMessage;
    this.#waiting.get(id)?.done.resolve([...failures]);
    this.#waiting.delete(id);
  }

  /** Nothing listens any more, so all removals are done. */
  #end(): UnansweredSet[] {
    const unanswered = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { isRemoval, done } of unanswered) if (isRemoval) done.resolve([]);
    return unanswered.filter(({ isRemoval }) => !isRemoval);
  }
}
