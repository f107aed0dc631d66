// The planned change of a primary while both nodes live: the old one stops taking writes, the new one catches up to
// the last byte, and they change places. Loses nothing, and costs writers some milliseconds.
//
// Demoted first, promoted second: Millpond may end in between, and then no node accepts writes until the next look
// finishes it. The other order would leave two that do.

import type { Admin } from '../../../../engine/admin.ts';
import {
  clusterReplicate,
  pauseWrites,
  promote,
  replicateFrom,
  unpause,
  unpauseAndDropClients,
  waitForOffset,
} from '../../../../engine/commands.ts';
import { OperationalError } from '../../../../kernel/errors.ts';

export interface SwitchParty {
  admin: Admin;
  address: string;
  port: number;
  engineNodeId?: string;
}

/** Longest that writers may be held back. The engine lets them go by itself after that, whatever becomes of us. */
const PAUSE_MS = 2_000;

export interface SwitchOptions {
  /** Has the new primary take over, in cluster mode: REPLICAOF is not to be had there. */
  takeOver?: () => Promise<void>;
  /** The old primary's clients stay connected, and are told READONLY or MOVED when they write. */
  keepClients: boolean;
  /** Points the names at the new primary. */
  recordChange(): void;
}

export async function switchPrimary(
  from: SwitchParty,
  to: SwitchParty,
  { takeOver, keepClients, recordChange }: SwitchOptions,
): Promise<void> {
  const source = await from.admin.observe();
  if (source.role === 'primary') {
    const offset = await pauseWrites(from.admin, PAUSE_MS);
    try {
      await waitForOffset(to.admin, offset, PAUSE_MS / 2);
      if (takeOver) await exchangeInCluster(from, to, takeOver);
      else await replicateFrom(from.admin, to.address, to.port);
    } catch (error) {
      await unpause(from.admin).catch(() => undefined);
      throw error;
    }
  }
  if (!takeOver) await promote(to.admin);
  // Before clients are let go: one that comes back at once must not find the old primary under the primary's name,
  // or it stays there and is told READONLY for ever.
  recordChange();
  if (keepClients) await unpause(from.admin);
  else await unpauseAndDropClients(from.admin);
}

/** The new primary takes over, and the old one learns it from the bus. */
async function exchangeInCluster(
  from: SwitchParty,
  to: SwitchParty,
  takeOver: () => Promise<void>,
): Promise<void> {
  await takeOver();
  const deadline = performance.now() + PAUSE_MS / 2;
  while ((await from.admin.observe()).role === 'primary') {
    if (performance.now() > deadline) {
      await clusterReplicate(from.admin, to.engineNodeId!).catch(() => undefined);
      throw new OperationalError('TimedOut', `${from.address} did not learn that ${to.address} took over.`);
    }
  }
}
