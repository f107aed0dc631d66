// Applies a modify request to a group's record, and decides whether nodes have to change. The same rules hold for
// replication groups and standalone clusters.

import type { ElastiCacheEvent } from '../../events/domain/event.ts';
import { parameterGroupApplied } from '../../events/domain/event-texts.ts';
import { invalidReplicationGroupStateFault } from '../../faults/clusters.ts';
import { invalidParameterCombination, invalidParameterValue } from '../../faults/requests.ts';
import { type Group, type GroupChange, memberOf, membersOf } from './model.ts';

/** A modify request, with ids in lower case. A member that is absent stays as it is. */
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

/** Changes the record. Throws the fault of the first broken rule; the object may then be half changed. */
export function modify(group: Group, request: Modification, now: number): ElastiCacheEvent[] {
  changeFailover(group, request, now);
  if (request.primaryId) promoteByHand(group, request.primaryId, now);
  const { engine, engineVersion, nodeType, parameterGroupName } = request;
  const upgrade = engineVersion && engineVersion !== group.engineVersion;
  const rolling: Group['pending'] = {
    ...(nodeType && nodeType !== group.nodeType && { nodeType }),
    // A parameter group belongs to one family of versions, so it changes together with the version.
    ...(upgrade && {
      engineVersion,
      ...(engine && { engine }),
      ...(parameterGroupName && { parameterGroupName }),
    }),
  };
  if (Object.keys(rolling).length > 0) group.pending = { ...group.pending, ...rolling };
  return [
    ...(upgrade || !parameterGroupName ? [] : useParameterGroup(group, parameterGroupName)),
    // AWS: this applies the pending changes of earlier requests, too.
    ...(request.applyImmediately ? applyPending(group, now) : []),
  ];
}

/** Begins the changes that wait for the maintenance window. Returns the events to record. */
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

function changeFailover(group: Group, request: Modification, now: number): void {
  const multiAz = request.multiAz ?? group.multiAz;
  const automaticFailover = request.automaticFailover ?? group.automaticFailover;
  const fewest = Math.min(...group.shards.map((shard) => shard.members.length));
  if (group.clusterEnabled && !automaticFailover) {
    throw invalidParameterCombination(
      'Turning off automatic failover for replication group with cluster mode enabled is not supported.',
    );
  }
  if (multiAz && !automaticFailover) {
    throw invalidParameterCombination('Automatic failover must be enabled for a Multi-AZ replication group.');
  }
  if (request.multiAz && fewest < 2) {
    throw invalidParameterValue('Must have at least 1 replica for Multi-AZ enabled Replication Group');
  }
  if (request.automaticFailover && !group.clusterEnabled && fewest < 2) {
    throw invalidParameterValue(
      'Replication group must have at least one read replica to enable autofailover.',
    );
  }
  const turnedOn = automaticFailover && !group.automaticFailover;
  group.automaticFailover = automaticFailover;
  group.multiAz = multiAz;
  // AWS: turning it on shows `modifying` and `enabling`; turning it off takes effect at once.
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
