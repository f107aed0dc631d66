// Which member of a group its snapshots are taken from: kept and shown, whether or not any are taken.

import type { Group, Shard } from './model.ts';

/** AWS: a replica, so that the primary is spared; cluster mode knows no such choice. */
export function snapshottingMember(shards: readonly Shard[], clusterEnabled: boolean): string | undefined {
  const [shard] = shards;
  if (clusterEnabled || !shard) return undefined;
  return shard.members.find((member) => member.id !== shard.primaryId && member.phase !== 'deleting')?.id;
}

/** To be called when members leave: if theirs was the choice, another takes it. */
export function keepSnapshottingMember(group: Group): void {
  const { settings, shards, clusterEnabled } = group;
  const staying = shards.flatMap(({ members }) => members).filter(({ phase }) => phase !== 'deleting');
  if (!settings.snapshottingClusterId || staying.some(({ id }) => id === settings.snapshottingClusterId))
    return;
  const other = snapshottingMember(shards, clusterEnabled);
  if (other) settings.snapshottingClusterId = other;
  else delete settings.snapshottingClusterId;
}
