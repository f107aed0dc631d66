// The member that a group's snapshots are taken from. It is stored and shown, although Millpond takes no snapshots.

import type { Group, Shard } from './model.ts';

/** The id of that member. AWS: a replica, to spare the primary; none with cluster mode on. */
export function snapshottingMember(shards: readonly Shard[], clusterEnabled: boolean): string | undefined {
  const [shard] = shards;
  if (clusterEnabled || !shard) return undefined;
  return shard.members.find((member) => member.id !== shard.primaryId && member.phase !== 'deleting')?.id;
}

/** Chooses another member when the present one leaves. Call it after members were marked as `deleting`. */
export function keepSnapshottingMember(group: Group): void {
  const { settings, shards, clusterEnabled } = group;
  const staying = shards.flatMap(({ members }) => members).filter(({ phase }) => phase !== 'deleting');
  if (!settings.snapshottingClusterId || staying.some(({ id }) => id === settings.snapshottingClusterId))
    return;
  const other = snapshottingMember(shards, clusterEnabled);
  if (other) settings.snapshottingClusterId = other;
  else delete settings.snapshottingClusterId;
}
