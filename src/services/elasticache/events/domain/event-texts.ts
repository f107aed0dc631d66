// The texts of all events, as the service writes them (elasticache-facts 4.2 and 4.4), with their notification names
// on SNS.

import type { Group } from '../../clusters/domain/model.ts';
import type { ElastiCacheEvent } from './event.ts';

const NODE = '0001';

const member = (id: string, message: string, notification?: string): ElastiCacheEvent => ({
  sourceType: 'cache-cluster',
  sourceId: id,
  message,
  ...(notification && { notification }),
});

const group = (id: string, message: string, notification?: string): ElastiCacheEvent => ({
  ...member(id, message, notification),
  sourceType: 'replication-group',
});

/** AWS: these three events, in this order, for every new member. The second text has two spaces after the full stop. */
export const memberCreated = (id: string, zone: string): ElastiCacheEvent[] => [
  member(id, 'Cache cluster created', 'CacheClusterProvisioningComplete'),
  member(
    id,
    "This cache cluster does not support persistence (ex: 'appendonly').  Please use a different instance type to enable persistence.",
  ),
  member(id, `Added cache node ${NODE} in availability zone ${zone}`, 'AddCacheNodeComplete'),
];

/** A member was removed. */
export const memberDeleted = (id: string) =>
  member(id, 'Cache cluster deleted', 'DeleteCacheClusterComplete');
/** A failed member is being rebuilt. */
export const recovering = (id: string) =>
  member(id, `Recovering cache nodes ${NODE}`, 'CacheNodeReplaceStarted');
/** A rebuilt member is in service. */
export const recovered = (id: string) =>
  member(id, `Finished recovery for cache nodes ${NODE}`, 'CacheNodeReplaceComplete');
/**
 * Millpond's own: AWS's nodes store no data that could be lost while they do not run. `lost` follows the node's name.
 */
export const dataLost = (id: string, lost: string) => member(id, `Cache node ${NODE} ${lost}`);
/** A member runs another engine version. */
export const patched = (id: string) => member(id, 'Cache cluster patched');

/** RebootCacheCluster restarted a member. */
export const rebooted = (id: string): ElastiCacheEvent[] => [
  member(id, `Cache node ${NODE} shutdown`),
  member(id, `Cache node ${NODE} restarted`, 'CacheNodesRebooted'),
];

/** AWS: gives only the state of the network as the reason. Here the reason is the host's. */
export const creationFailed = (id: string, reason: string) =>
  member(id, `Failed to create the cache cluster due to ${reason}`, 'CacheClusterProvisioningFailed');

/** A member has other security groups. */
export const securityGroupsChanged = (id: string) =>
  member(id, 'Applied change to security group', 'CacheClusterSecurityGroupModified');

/** AWS: about the new member, on SNS only. */
export const replicaAdding = (id: string): ElastiCacheEvent => ({
  ...{ sourceType: 'cache-cluster', sourceId: id },
  notification: 'ReplicationGroupIncreaseReplicaCountStarted',
});
/** AWS: about the new member, on SNS only. */
export const replicaAdded = (id: string): ElastiCacheEvent => ({
  ...{ sourceType: 'cache-cluster', sourceId: id },
  notification: 'ReplicationGroupIncreaseReplicaCountFinished',
});

/** A member has another node type. */
export const scaled = (id: string, nodeType: string) =>
  member(
    id,
    `Succeeded applying modification to cache node type to ${nodeType}.`,
    'CacheClusterScalingComplete',
  );

/** All members of the group have another node type. */
export const groupScaled = (id: string, nodeType: string) =>
  group(
    id,
    `Succeeded applying modification to cache node type to ${nodeType}.`,
    'ReplicationGroupScalingComplete',
  );

/** All members of a new group are in service. */
export const groupCreated = (id: string) =>
  group(id, `Replication group ${id} created`, 'CreateReplicationGroupComplete');

/** Automatic failover is enabled. */
export const failoverTurnedOn = (id: string) =>
  group(id, `Automatic failover has been turned on for replication group ${id}`);

/** TestFailover was called. The daily quota counts these events. */
export const testFailoverCalled = (id: string, shardId: string) =>
  group(id, `Test Failover API called for node group ${shardId}`, 'TestFailoverApiCalled');

/** AWS: two events, one of the new primary and one of the group, in that order. */
export function failoverCompleted(groupId: string, from: string, to: string): ElastiCacheEvent[] {
  const text = `Failover from primary node ${from} to replica node ${to} completed`;
  return [member(to, text, 'FailoverComplete'), group(groupId, text, 'FailoverComplete')];
}

/** Millpond's own: engines that no record knows ran in a new node's directory, which was moved to the key `to`. */
export const directoryMoved = (id: string, { to, runs }: { to: string; runs: string[] }) =>
  member(id, `Engines that run belong to no node (${runs.join(', ')}); their directory is nodes/${to} now.`);

/** Millpond's own: the host lacks the group's engine, and another one serves the group. */
export const standsIn = (
  { kind, id, engine, engineVersion, rolledBack }: Group,
  runs: { engine: string; version: string },
) => {
  const reason =
    rolledBack && engine === 'redis'
      ? `The redis of this machine may not load what ${runs.engine} wrote`
      : `There is no ${engine} on this machine`;
  return (kind === 'cache-cluster' ? member : group)(
    id,
    `${reason}: ${id} runs ${runs.engine} ${runs.version} in place of ${engine} ${engineVersion}.`,
  );
};

/** A member uses another parameter group. */
export const parameterGroupApplied = (id: string, name: string) =>
  member(id, `Updated to use a CacheParameterGroup ${name}`, 'CacheClusterParametersChanged');
