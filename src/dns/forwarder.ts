// Forwards queries for other names to the host's own resolvers, bounded in number and time. Nothing is cached, because
// the host's resolver does that.

import { askUpstream, type Upstream } from './upstream.ts';

/** Forwards queries to upstream resolvers. */
export interface Forwarder {
  /**
   * Resolves to the response with the query's id; `undefined` (answered with SERVFAIL) when no resolver answers or the
   * sender has too many queries in flight. Never rejects.
   */
  forward(query: Buffer, sender: string): Promise<Buffer | undefined>;
  stop(): void;
}

const MAX_IN_FLIGHT = 128;
const MAX_WAITING = 512;
/** Queries in flight and waiting, so that one sender's flood does not stop others from being forwarded. */
const MAX_OF_ONE_SENDER = 128;
/** After 5 s at most, clients ask again or ask another server. */
const LONGEST_WAIT_MS = 5_000;
const ATTEMPT_TIMEOUT_MS = 2_000;
/** SERVFAIL, NOTIMP and REFUSED: the next resolver may have an answer. */
const UNHELPFUL_CODES = new Set([2, 4, 5]);

/** Asks `upstreams` in their order until one gives a useful answer. */
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

  /** Waits for a free place; resolves to false when it is too late to answer. */
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
