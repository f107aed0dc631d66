// Clients that change one hash each as fast as they are answered: they count up its field `n`, and delete it now and then.
// They follow redirections and ask for the nodes again when theirs is gone.

import { setTimeout as pause } from 'node:timers/promises';
import { openSession, redirectionOf, type Session } from './session.ts';

export interface HashWriter {
  readonly key: string;
  /** The numbers that were acknowledged and had reached a replica when WAIT answered. */
  readonly replicated: ReadonlySet<number>;
  /** How many writes were acknowledged. */
  readonly written: number;
  stop(): Promise<void>;
}

export interface HashWriterOptions {
  key: string;
  port: number;
  /** The addresses of nodes of the cache, any of them; rejects while there is nobody to ask. */
  addresses(): Promise<string[]>;
}

const WAIT_MS = 50;
const BETWEEN_TRIES_MS = 10;
/** Every so many writes are followed by a deletion. */
const DELETES_EVERY = 17;

export function startHashWriter({ key, port, addresses }: HashWriterOptions): HashWriter {
  const replicated = new Set<number>();
  let [next, written] = [1, 0];
  let isStopped = false;
  let session: Session | undefined;
  let hint: string | undefined;
  let asks = false;

  async function connected(): Promise<Session> {
    if (session?.isOpen) return session;
    const all = await addresses();
    const address = hint ?? all[next % all.length]!;
    hint = undefined;
    return (session = await openSession(address, port));
  }

  async function writeOnce(): Promise<void> {
    const n = next++;
    const open = await connected();
    if (asks) await open.send(['ASKING']);
    asks = false;
    const [stored, replicas] = await open.send(
      ['HSET', key, 'n', n, 'text', `${key} ${n}`],
      ['WAIT', 1, WAIT_MS],
    );
    if (stored instanceof Error) {
      const to = redirectionOf(stored);
      asks = to?.kind === 'ASK';
      hint = to?.address;
      leave();
      throw stored;
    }
    written++;
    if (Number(replicas) > 0) replicated.add(n);
    if (n % DELETES_EVERY === 0) await open.send(['DEL', key]);
  }

  function leave(): void {
    session?.close();
    session = undefined;
  }

  async function run(): Promise<void> {
    while (!isStopped) {
      try {
        await writeOnce();
      } catch {
        if (!session?.isOpen) leave();
        await pause(hint ? 0 : BETWEEN_TRIES_MS);
      }
    }
  }

  const running = run();
  return {
    key,
    replicated,
    get written() {
      return written;
    },
    async stop() {
      isStopped = true;
      await running;
      leave();
    },
  };
}
