// Invocations of functions: each is a message to Millpond, which calls Lambda, and its reply. There are no more at a time
// than connections.

import type { Channel } from '../kernel/channel.ts';
import type { FunctionReply, InvokedFunction } from './load-balancers.ts';
import { encodeInvocation, FROM_PROCESS } from './messages.ts';

/** Sends invocations and takes replies. */
export class Invocations {
  readonly #channel: Channel;
  readonly #waiting = new Map<number, (reply: FunctionReply) => void>();
  #lastId = 0;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  invoke(target: InvokedFunction, event: string, whenDone: (reply: FunctionReply) => void): void {
    this.#lastId = (this.#lastId + 1) >>> 0;
    this.#waiting.set(this.#lastId, whenDone);
    this.#channel.send(FROM_PROCESS.invoke, this.#lastId, encodeInvocation(target, event));
  }

  replied(id: number, reply: FunctionReply): void {
    const whenDone = this.#waiting.get(id);
    this.#waiting.delete(id);
    whenDone?.(reply);
  }
}
