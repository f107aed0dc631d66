// What is not ours is asked of the host's own resolvers. Bounded in number and in time; nothing is cached, since
// the host's resolver does that.

import { askUpstream, type Upstream } from './upstream.ts';

export interface Forwarder {
  /**
   * The response, bearing the query's id; `undefined` when nobody answers, or too much of the sender's is under way
   * (SERVFAIL). Never rejects.
   */
  forward(query: Buffer, sender: string): Promise<Buffer | undefined>;
  stop(): void;
}

const MAX_IN_FLIGHT = 128;
const MAX_WAITING = 512;
/** Under way and waiting, so that one sender in a flood does not keep the others from being forwarded. */
const MAX_OF_ONE_SENDER = 128;
/** Resolvers ask again, or another server, after 5 s at most. */
const LONGEST_WAIT_MS = 5_000;
const ATTEMPT_TIMEOUT_MS = 2_000;
/** SERVFAIL, NOTIMP and REFUSED: another resolver may know better. */
const UNHELPFUL_CODES = new Set([2, 4, 5]);

export function createForwarder(upstreams: readonly Upstream[]): Forwarder {
  const stopping = new AbortController();
  const waiting: (() => void)[] = [];
  const bySender = new Map<string, number>();
  let inFlight = 0;

  async function ask(query: Buffer): Promise<Buffer | undefined> {
    let unhelpful: Buffer | undefined;
    for (const upstream of upstreams) {
      if (stopping.signal.aborted) break;
      const response = await askUpstream(upstream, query, ATTEMPT_TIMEOUT_MS, stopping.signal);
      if (response && !UNHELPFUL_CODES.has(response[3]! & 0x0f)) return response;
      unhelpful ??= response;
    }
    return unhelpful;
  }

  /** False when the answer would come too late. */
  async function admitted(): Promise<boolean> {
    if (inFlight < MAX_IN_FLIGHT) return true;
    const deadline = performance.now() + LONGEST_WAIT_MS;
    await new Promise<void>((resolve) => waiting.push(resolve));
    return performance.now() < deadline;
  }

  async function askInTurn(query: Buffer): Promise<Buffer | undefined> {
    const isAdmitted = await admitted();
    inFlight++;
    try {
      return isAdmitted ? await ask(query) : undefined;
    } finally {
      inFlight--;
      waiting.shift()?.();
    }
  }

  return {
    async forward(query, sender) {
      const own = bySender.get(sender) ?? 0;
      if (upstreams.length === 0 || waiting.length >= MAX_WAITING || own >= MAX_OF_ONE_SENDER)
        return undefined;
      bySender.set(sender, own + 1);
      const response = await askInTurn(query);
      const left = bySender.get(sender)! - 1;
      if (left > 0) bySender.set(sender, left);
      else bySender.delete(sender);
      return response;
    },
    stop() {
      stopping.abort();
    },
  };
}
