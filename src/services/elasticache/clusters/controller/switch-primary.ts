// Switches the primary as planned while both nodes are alive: the old primary stops accepting writes, the new one
// catches up completely, and they swap roles. Loses no data; writers wait for some milliseconds.
//
// The old primary is demoted before the new one is promoted. If Millpond ends in between, no node accepts writes
// until the next pass finishes the switch. In the other order, two nodes would accept writes.

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

/** One of the two nodes. */
export interface SwitchParty {
  admin: Admin;
  address: string;
  port: number;
  engineNodeId?: string;
}

/** The longest pause of writes. The engine ends it by itself after that, even if Millpond is gone. */
const PAUSE_MS = 2_000;

/** How to switch, and what to do with clients. */
export interface SwitchOptions {
  /** Cluster mode: makes the new primary take over, because REPLICAOF is not available there. */
  takeOver?: () => Promise<void>;
  /** Keep the old primary's clients connected; they get READONLY or MOVED when they write. */
  keepClients: boolean;
  /** Records the change, which points the names to the new primary. */
  recordChange(): void;
}

/** Can be called again after a failure at any step. Rejects, with writes unpaused, when `to` does not catch up. */
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
  // Before clients are disconnected: one that reconnects at once must not find the old primary under the primary's
  // name, where it would get READONLY for ever.
  recordChange();
  if (keepClients) await unpause(from.admin);
  else await unpauseAndDropClients(from.admin);
}

/** The new primary takes over, and the old one learns of it over the cluster bus. */
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
