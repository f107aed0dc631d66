// Enforces security groups: keeps the kernel's table equal to the policy of the present facts. Many changes of one
// moment become one transaction.

import type { Log } from '../../../kernel/log.ts';
import type { Inhabitant, NetworkRules } from './facts.ts';
import { changing, rewriting } from './nft-text.ts';
import { type Policy, policyOf } from './policy.ts';

/** Enforced security groups. */
export interface Enforcement {
  /** Call it after each change of the facts. The table follows soon. */
  changed(): void;
  /** Resolves when all facts of this moment are enforced; rejects if nft fails. It begins by itself. */
  enforced(): Promise<void>;
  /** Resolves when no transaction runs. None begins afterwards, and the table stays as it is. */
  stop(): Promise<void>;
}

/** What the enforcement needs. */
export interface EnforcementOptions {
  /** Reads the facts. */
  facts(): Promise<{ network: NetworkRules; inhabitants: readonly Inhabitant[] }>;
  /** Runs a text of nft in the world as one transaction. Rejects if it fails; the table is then as it was. */
  transact(text: string): Promise<void>;
  /** The addresses of Millpond, which are always allowed. */
  services: readonly string[];
  log: Log;
}

/** The table is written again after a failure; milliseconds. */
const RETRY_MS = 1_000;

/** Writes nothing before the first call of `changed` or `enforced`, which writes the whole table. */
export function createEnforcement({ facts, transact, services, log }: EnforcementOptions): Enforcement {
  /** What the table has. Absent: unknown, so everything is written. */
  let applied: Policy | undefined;
  let running: Promise<void> | undefined;
  let waiting: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let isStopped = false;

  async function pass(): Promise<void> {
    clearTimeout(retry);
    try {
      const { network, inhabitants } = await facts();
      const policy = policyOf(network, inhabitants, applied?.classes);
      const texts = applied
        ? changing(applied.elements, policy.elements)
        : rewriting(policy.elements, services);
      for (const text of texts) await transact(text);
      applied = policy;
    } catch (error) {
      applied = undefined;
      log.error({ part: 'network', error }, 'the security groups could not be enforced; Millpond tries again');
      if (!isStopped) retry = setTimeout(() => enforcement.changed(), RETRY_MS).unref();
      throw error;
    }
  }

  /** A pass that begins after this moment: it reads the facts as they are now, or later ones. */
  function next(): Promise<void> {
    waiting ??= (running ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        waiting = undefined;
        if (isStopped) return;
        running = pass();
        return running;
      });
    return waiting;
  }

  const enforcement: Enforcement = {
    changed: () => void next().catch(() => undefined),
    enforced: next,
    async stop() {
      isStopped = true;
      clearTimeout(retry);
      await running?.catch(() => undefined);
    },
  };
  return enforcement;
}
