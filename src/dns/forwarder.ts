// What is not ours is asked of the host's own resolvers. Bounded in number and in time; nothing is cached, since
// the host's resolver does that.

import { askUpstream, type Upstream } from './upstream.ts';

export interface Forwarder {
  /** The response, bearing the query's id; `undefined` when nobody answers (SERVFAIL). Never rejects. */
  forward(query: Buffer): Promise<Buffer | undefined>;
  stop(): void;
}

const MAX_IN_FLIGHT = 128;
const MAX_WAITING = 512;
const ATTEMPT_TIMEOUT_MS = 2_000;
/** SERVFAIL, NOTIMP and REFUSED: another resolver may know better. */
const UNHELPFUL_CODES = new Set([2, 4, 5]);

export function createForwarder(upstreams: readonly Upstream[]): Forwarder {
  const stopping = new AbortController();
  const waiting: (() => void)[] = [];
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

  return {
    async forward(query) {
      if (upstreams.length === 0 || waiting.length >= MAX_WAITING) return undefined;
      if (inFlight >= MAX_IN_FLIGHT) await new Promise<void>((resolve) => waiting.push(resolve));
      inFlight++;
      try {
        return await ask(query);
      } finally {
        inFlight--;
        waiting.shift()?.();
      }
    },
    stop() {
      stopping.abort();
    },
  };
}
