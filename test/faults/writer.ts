// The writes of one shard's client, through the endpoint's name alone: what was acknowledged, how many replicas had
// it by then (WAIT), and whether all of that can be read again.

import { setTimeout as pause } from 'node:timers/promises';
import { openSession, redirectionOf, type Session } from './session.ts';
import { until } from './wait.ts';

export interface WriterOptions {
  /** Keys are `{tag}:1`, `{tag}:2`…, in cluster mode therefore all in the tag's slot. */
  tag: string;
  /** Keeps the keys of several writers with one tag apart: `{tag}:prefix1`. */
  prefix?: string;
  port: number;
  /** How many each write is to reach, as long as they are all there. */
  replicas: number;
  /** An address of this machine from which it connects; any by default. */
  from?: string;
  /** How long to wait for an answer; 1,000 by default. */
  patienceMs?: number;
  /** A fresh look at the endpoint's name; rejects while there is nobody to ask. */
  resolve(): Promise<string[]>;
}

export interface Acknowledged {
  key: string;
  at: number;
  /** How many replicas had it when WAIT answered. */
  replicas: number;
}

export interface Writer {
  readonly tag: string;
  readonly acknowledged: readonly Acknowledged[];
  /** The longest time between two acknowledged writes since `from`, up to now; milliseconds. */
  gapSince(from: number): number;
  /** Resolves at the next acknowledged write. */
  nextWrite(limitMs: number): Promise<void>;
  /** Resolves once that many writes are acknowledged in all. */
  written(count: number, limitMs: number): Promise<void>;
  /** Keys acknowledged with at least `replicas` copies that cannot be read from the primary. */
  missing(replicas: number, options?: { forgivenToo?: boolean }): Promise<string[]>;
  /** Nothing that was acknowledged until now has to be there: every node that had it was killed. */
  forgive(): void;
  stop(): Promise<void>;
}

const BETWEEN_WRITES_MS = 4;
const BETWEEN_TRIES_MS = 10;
const WAIT_MS = 50;
const READ_AT_ONCE = 500;

export function startWriter(options: WriterOptions): Writer {
  const { tag, port, prefix = '' } = options;
  const acknowledged: Acknowledged[] = [];
  let forgiven = 0;
  let next = 0;
  let stopped = false;
  let session: Session | undefined;
  /** A cluster's client knows better than the name where a slot is. */
  let hint: string | undefined;

  async function connected(): Promise<Session> {
    if (session?.isOpen) return session;
    const address = hint ?? (await options.resolve())[0];
    hint = undefined;
    if (!address) throw new Error('the name leads nowhere');
    return (session = await openSession(address, port, options.patienceMs, options.from));
  }

  function leave(): void {
    session?.close();
    session = undefined;
  }

  async function writeOnce(): Promise<void> {
    const key = `{${tag}}:${prefix}${next++}`;
    const open = await connected();
    const [stored, replicas] = await open.send(['SET', key, key], ['WAIT', options.replicas, WAIT_MS]);
    if (stored === 'OK') {
      acknowledged.push({ key, at: performance.now(), replicas: Number(replicas) || 0 });
      return;
    }
    // READONLY and CLUSTERDOWN: ask the name again. ASK: the slot is on its way, and another key soon finds it there.
    const redirection = redirectionOf(stored);
    if (redirection?.kind === 'ASK') return;
    leave();
    hint = redirection?.address;
    throw stored;
  }

  async function run(): Promise<void> {
    while (!stopped) {
      try {
        await writeOnce();
        await pause(BETWEEN_WRITES_MS);
      } catch {
        if (!session?.isOpen) leave();
        await pause(hint ? 0 : BETWEEN_TRIES_MS);
      }
    }
  }

  async function read(keys: string[]): Promise<unknown[]> {
    let address = (await options.resolve())[0]!;
    for (let tries = 0; tries < 5; tries++) {
      const reader = await openSession(address, port, 5_000, options.from);
      try {
        const [reply] = await reader.send(['MGET', ...keys]);
        if (Array.isArray(reply)) return reply;
        const redirection = redirectionOf(reply);
        if (!redirection) throw reply;
        address = redirection.address;
      } finally {
        reader.close();
      }
    }
    throw new Error(`no node says that it has the slot of ${tag}`);
  }

  const running = run();
  const writer: Writer = {
    tag,
    acknowledged,
    gapSince(from) {
      const times = [from, ...acknowledged.map(({ at }) => at).filter((at) => at > from), performance.now()];
      return Math.max(...times.slice(1).map((at, index) => at - times[index]!));
    },
    nextWrite: (limitMs) => writer.written(acknowledged.length + 1, limitMs),
    async written(count, limitMs) {
      await until(`a write to ${tag}`, limitMs, () => acknowledged.length >= count);
    },
    async missing(replicas, { forgivenToo = false }: { forgivenToo?: boolean } = {}) {
      const wanted = acknowledged
        .slice(forgivenToo ? 0 : forgiven)
        .filter((write) => write.replicas >= replicas);
      const missing: string[] = [];
      for (let from = 0; from < wanted.length; from += READ_AT_ONCE) {
        const keys = wanted.slice(from, from + READ_AT_ONCE).map(({ key }) => key);
        const values = await read(keys);
        missing.push(...keys.filter((key, index) => values[index] !== key));
      }
      return missing;
    },
    forgive() {
      forgiven = acknowledged.length;
    },
    async stop() {
      stopped = true;
      await running;
      leave();
    },
  };
  return writer;
}
