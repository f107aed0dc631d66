// A started process that takes the requests of load balancers (program.ts): its channel, and the answers that it owes.

import { fileURLToPath } from 'node:url';
import type { Frame } from '../kernel/channel.ts';
import { STOP_GRACE_MS } from '../kernel/http-server.ts';
import { type OwnProgram, type ProgramEnd, startOwnProgram } from '../kernel/own-program.ts';
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
/** AWS: the limit of a function's answer. */
const MOST_ANSWER_BYTES = 1024 * 1024;
/** Answers of functions that wait to be read by the process. Beyond that, large ones fail. */
const MOST_QUEUED_BYTES = 64 * 1024 * 1024;
const SMALL_BYTES = 64 * 1024;

/** How a process ended. */
export interface Ended extends ProgramEnd {
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
  readonly #program: OwnProgram;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  /** `onFrame` gets what the process says by itself. */
  constructor(
    inside: Network['inside'],
    hello: Hello,
    onFrame: (frame: Frame, from: RunningProcess) => void,
  ) {
    this.#program = startOwnProgram({
      ...{ file: PROGRAM, inside },
      onFrame: (frame) => {
        if (frame.kind === FROM_PROCESS.done) this.#done(frame);
        else onFrame(frame, this);
      },
    });
    this.ended = this.#program.ended.then((end) => ({ ...end, unanswered: this.#end() }));
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
      this.#program.channel.queuedBytes() > MOST_QUEUED_BYTES;
    const failed = isTooLarge ? 'tooLarge' : isBehind ? 'internal' : undefined;
    this.#program.channel.send(TO_PROCESS.reply, id, encodeReply(failed ? { failed } : reply));
  }

  /** It ends after the answers in progress. */
  leave(): void {
    this.isLeaving = true;
    this.#program.channel.send(TO_PROCESS.leave, 0, '');
  }

  /** Ends it within a second. */
  async stop(): Promise<void> {
    this.leave();
    const impatience = setTimeout(this.#program.kill, STOP_GRACE_MS);
    await this.ended;
    clearTimeout(impatience);
  }

  #say(kind: number, id: number, message: object): void {
    this.#program.channel.send(kind, id, JSON.stringify(message));
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
