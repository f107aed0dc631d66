// Whether at most one node of a shard accepts writes at any instant, and never an empty one: a small transaction is
// tried at every member's own address, again and again, from when the group is first seen to the end.

import { setTimeout as pause } from 'node:timers/promises';
import { openSession, type Session } from './session.ts';

export interface ProbedMember {
  address: string;
  port: number;
}

export interface SingleWriterProbe {
  /** Members of the shard as they are now; new ones are probed, and old ones still. */
  look(members: readonly ProbedMember[]): void;
  /** A line for each time that the node that accepts writes became another one. */
  readonly changes: readonly string[];
  /** What was seen that must never be. */
  readonly violations: string[];
  /** The shard may be empty from now on, since all its nodes were killed. */
  forgive(): void;
  stop(): Promise<void>;
}

const EVERY_MS = 15;
/** Above the longest that a busy engine is given, so that a late answer is heard. */
const PATIENCE_MS = 20_000;

interface Accepted {
  address: string;
  sentAt: number;
  answeredAt: number;
}

/**
 * `tag` lies in a slot of the shard. With `from` every member is probed from each of these addresses of this machine;
 * answers that take longer than `patienceMs` are not heard.
 */
export function startSingleWriterProbe(
  tag: string,
  options: { from?: readonly string[]; patienceMs?: number } = {},
): SingleWriterProbe {
  const { from = [undefined], patienceMs = PATIENCE_MS } = options;
  const mark = `{${tag}}:mark`;
  const probe = `{${tag}}:probe`;
  const probed = new Map<string, Promise<unknown>>();
  const sessions = new Set<Session>();
  const violations: string[] = [];
  let current: Accepted | undefined;
  const changes: string[] = [];
  let mayBeEmpty = true;
  let stopped = false;

  /**
   * Only what is certain from outside counts: another node took a write that was sent after the last one of this
   * node was answered.
   */
  function noteAccepted(accepted: Accepted): void {
    if (!current || current.address === accepted.address) {
      current = accepted;
    } else if (accepted.sentAt > current.answeredAt) {
      const { address, sentAt, answeredAt } = accepted;
      const ms = (at: number) => (at - current!.answeredAt).toFixed(1);
      changes.push(`${current.address} -> ${address}, ${ms(sentAt)} to ${ms(answeredAt)} ms after its last`);
      current = accepted;
    }
  }

  async function probeOnce(session: Session): Promise<void> {
    const sentAt = performance.now();
    // All at one instant of the engine: a replica refuses the SET, and with it the whole.
    const replies = await session.send(['MULTI'], ['EXISTS', mark], ['SET', probe, sentAt], ['EXEC']);
    const outcome = replies.at(-1);
    if (!Array.isArray(outcome)) return;
    const answeredAt = performance.now();
    noteAccepted({ address: session.address, sentAt, answeredAt });
    if (outcome[0] === 1) return;
    if (!mayBeEmpty) {
      violations.push(`${session.address} accepts writes and is empty`);
      mayBeEmpty = true;
    }
    const [, copies] = await session.send(['SET', mark, 'x'], ['WAIT', 1, 100]);
    if (Number(copies) >= 1) mayBeEmpty = false;
  }

  async function follow({ address, port }: ProbedMember, source: string | undefined): Promise<void> {
    let session: Session | undefined;
    const leave = () => {
      session?.close();
      if (session) sessions.delete(session);
      session = undefined;
    };
    while (!stopped) {
      try {
        if (!session?.isOpen) {
          leave();
          sessions.add((session = await openSession(address, port, patienceMs, source)));
        }
        await probeOnce(session);
      } catch {
        leave();
      }
      await pause(EVERY_MS);
    }
    leave();
  }

  return {
    changes,
    violations,
    look(members) {
      for (const member of members) {
        if (!probed.has(member.address))
          probed.set(member.address, Promise.all(from.map((source) => follow(member, source))));
      }
    },
    forgive() {
      mayBeEmpty = true;
    },
    async stop() {
      stopped = true;
      for (const session of sessions) session.close();
      await Promise.all(probed.values());
    },
  };
}
