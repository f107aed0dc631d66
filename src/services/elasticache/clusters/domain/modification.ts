// What a modify request asks of a group: the changes of the record, and whether nodes have to follow. Replication
// groups and standalone clusters alike.

import type { ElastiCacheEvent } from '../../events/domain/event.ts';
import { parameterGroupApplied } from '../../events/domain/event-texts.ts';
import {
  invalidParameterCombination,
  invalidParameterValue,
  invalidReplicationGroupStateFault,
} from '../../faults.ts';
import { type Group, type GroupChange, memberOf, membersOf } from './model.ts';

export interface Modification {
  automaticFailover?: boolean | undefined;
  multiAz?: boolean | undefined;
  primaryId?: string | undefined;
  nodeType?: string | undefined;
  engine?: Group['engine'] | undefined;
  engineVersion?: string | undefined;
  parameterGroupName?: string | undefined;
  applyImmediately: boolean;
}

/** Changes the record; throws the fault of the first rule that is broken, leaving a half-changed object behind. */
export function modify(group: Group, wish: Modification, now: number): ElastiCacheEvent[] {
  changeFailover(group, wish, now);
  if (wish.primaryId) promoteByHand(group, wish.primaryId, now);
  const { engine, engineVersion, nodeType, parameterGroupName } = wish;
  const upgrade = engineVersion && engineVersion !== group.engineVersion;
  const rolling: Group['pending'] = {
    ...(nodeType && nodeType !== group.nodeType && { nodeType }),
    // A parameter group fits one family of versions, so it comes with the version that it is for.
    ...(upgrade && {
      engineVersion,
      ...(engine && { engine }),
      ...(parameterGroupName && { parameterGroupName }),
    }),
  };
  if (Object.keys(rolling).length > 0) group.pending = { ...group.pending, ...rolling };
  return [
    ...(upgrade || !parameterGroupName ? [] : useParameterGroup(group, parameterGroupName)),
    // AWS: what waits from earlier requests is then applied as well.
    ...(wish.applyImmediately ? applyPending(group, now) : []),
  ];
}

/** Begins what waits for the maintenance window. */
export function applyPending(group: Group, now: number): ElastiCacheEvent[] {
  const { pending } = group;
  if (!pending) return [];
  delete group.pending;
  if (pending.engine) {
    if (group.engine === 'valkey' && pending.engine === 'redis') group.rolledBack = true;
    group.engine = pending.engine;
  }
  if (pending.engineVersion) group.engineVersion = pending.engineVersion;
  if (pending.nodeType) group.nodeType = pending.nodeType;
  begin(group, now, {
    ...(pending.nodeType && { scaledNodeType: pending.nodeType }),
    ...(pending.engineVersion && { upgraded: true }),
  });
  return pending.parameterGroupName ? useParameterGroup(group, pending.parameterGroupName) : [];
}

function useParameterGroup(group: Group, name: string): ElastiCacheEvent[] {
  if (name === group.parameterGroupName) return [];
  group.parameterGroupName = name;
  return membersOf(group).map((member) => parameterGroupApplied(member.id, name));
}

function begin(
  group: Group,
  now: number,
  detail: Omit<GroupChange & { kind: 'modify' }, 'kind' | 'since'>,
): void {
  const before = group.change?.kind === 'modify' ? group.change : {};
  group.status = 'modifying';
  group.change = { ...before, kind: 'modify', since: now, ...detail };
}

function changeFailover(group: Group, wish: Modification, now: number): void {
  const multiAz = wish.multiAz ?? group.multiAz;
  const automaticFailover = wish.automaticFailover ?? group.automaticFailover;
  const fewest = Math.min(...group.shards.map((shard) => shard.members.length));
  if (group.clusterEnabled && !automaticFailover) {
    throw invalidParameterCombination(
      'Turning off automatic failover for replication group with cluster mode enabled is not supported.',
    );
  }
  if (multiAz && !automaticFailover) {
    throw invalidParameterCombination('Automatic failover must be enabled for a Multi-AZ replication group.');
  }
  if (wish.multiAz && fewest < 2) {
    throw invalidParameterValue('Must have at least 1 replica for Multi-AZ enabled Replication Group');
  }
  if (wish.automaticFailover && !group.clusterEnabled && fewest < 2) {
    throw invalidParameterValue(
      'Replication group must have at least one read replica to enable autofailover.',
    );
  }
  const turnedOn = automaticFailover && !group.automaticFailover;
  group.automaticFailover = automaticFailover;
  group.multiAz = multiAz;
  // AWS: turning it on shows `modifying` and `enabling`; turning it off is done at once.
  if (turnedOn) begin(group, now, { turnedOnFailover: true });
}

function promoteByHand(group: Group, primaryId: string, now: number): void {
  if (group.clusterEnabled) {
    throw invalidParameterCombination('PrimaryClusterId cannot be used with cluster mode enabled.');
  }
  if (group.automaticFailover) {
    throw invalidReplicationGroupStateFault(
      'Cannot manually promote a new master cache cluster while autofailover is enabled',
    );
  }
  const found = memberOf(group, primaryId);
  if (!found)
    throw invalidParameterValue(
      `Cache cluster ${primaryId} is not a member of replication group ${group.id}.`,
    );
  const { shard } = found;
  if (shard.primaryId === primaryId) return;
  shard.handover = { kind: 'planned', since: now, from: shard.primaryId, to: primaryId };
  begin(group, now, {});
}
