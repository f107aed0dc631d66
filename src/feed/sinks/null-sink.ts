// A sink that drops everything: to measure sources, and to try mappings.

import type { Sink } from '../sink.ts';

/** Counts what it gets. */
export interface NullSink extends Sink {
  readonly received: number;
}

export function createNullSink(): NullSink {
  let received = 0;
  return {
    name: 'null',
    limits: { messages: 10_000, bytes: Number.MAX_SAFE_INTEGER },
    get received() {
      return received;
    },
    async deliver(messages) {
      received += messages.length;
      return [];
    },
    async close() {},
  };
}
