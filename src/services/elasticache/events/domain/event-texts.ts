// The words of every event, as the service writes them (elasticache-facts 4.2 and 4.4), with the name each bears on SNS.

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

/** AWS: exactly these three, in this order, for every new member; two spaces after the full stop. */
export const memberCreated = (id: string, zone: string): ElastiCacheEvent[] => [
  member(id, 'Cache cluster created', 'CacheClusterProvisioningComplete'),
  member(
    id,
    "This cache cluster does not support persistence (ex: 'appendonly').  Please use a different instance type to enable persistence.",
  ),
  member(id, `Added cache node ${NODE} in availability zone ${zone}`, 'AddCacheNodeComplete'),
];

export const memberDeleted = (id: string) =>
  member(id, 'Cache cluster deleted', 'DeleteCacheClusterComplete');
export const recovering = (id: string) =>
  member(id, `Recovering cache nodes ${NODE}`, 'CacheNodeReplaceStarted');
export const recovered = (id: string) =>
  member(id, `Finished recovery for cache nodes ${NODE}`, 'CacheNodeReplaceComplete');
/** Not AWS's: there, nodes keep nothing that could be lost while they do not run. */
export const dataLost = (id: string, lost: string) => member(id, `Cache node ${NODE} ${lost}`);
export const patched = (id: string) => member(id, 'Cache cluster patched');

export const rebooted = (id: string): ElastiCacheEvent[] => [
  member(id, `Cache node ${NODE} shutdown`),
  member(id, `Cache node ${NODE} restarted`, 'CacheNodesRebooted'),
];

/** AWS: names the state of the network alone; here the reason is the host's. */
export const creationFailed = (id: string, reason: string) =>
  member(id, `Failed to create the cache cluster due to ${reason}`, 'CacheClusterProvisioningFailed');

export const securityGroupsChanged = (id: string) =>
  member(id, 'Applied change to security group', 'CacheClusterSecurityGroupModified');

/** AWS: of the new member, on SNS alone. */
export const replicaAdding = (id: string): ElastiCacheEvent => ({
  ...{ sourceType: 'cache-cluster', sourceId: id },
  notification: 'ReplicationGroupIncreaseReplicaCountStarted',
});
export const replicaAdded = (id: string): ElastiCacheEvent => ({
  ...{ sourceType: 'cache-cluster', sourceId: id },
  notification: 'ReplicationGroupIncreaseReplicaCountFinished',
});

export const scaled = (id: string, nodeType: string) =>
  member(
    id,
    `Succeeded applying modification to cache node type to ${nodeType}.`,
    'CacheClusterScalingComplete',
  );

export const groupScaled = (id: string, nodeType: string) =>
  group(
    id,
    `Succeeded applying modification to cache node type to ${nodeType}.`,
    'ReplicationGroupScalingComplete',
  );

export const groupCreated = (id: string) =>
  group(id, `Replication group ${id} created`, 'CreateReplicationGroupComplete');

export const failoverTurnedOn = (id: string) =>
  group(id, `Automatic failover has been turned on for replication group ${id}`);

export const testFailoverCalled = (id: string, shardId: string) =>
  group(id, `Test Failover API called for node group ${shardId}`, 'TestFailoverApiCalled');

/** AWS: told twice, by the member and by the group, in that order. */
export function failoverCompleted(groupId: string, from: string, to: string): ElastiCacheEvent[] {
  const text = `Failover from primary node ${from} to replica node ${to} completed`;
  return [member(to, text, 'FailoverComplete'), group(groupId, text, 'FailoverComplete')];
}

/** Millpond's own: engines that no record knows ran in the directory of a new node. */
export const directoryMoved = (id: string, { to, runs }: { to: string; runs: string[] }) =>
  member(id, `Engines that run belong to no node (${runs.join(', ')}); their directory is nodes/${to} now.`);

/** Millpond's own: the host lacks the engine that was asked for. */
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

export const parameterGroupApplied = (id: string, name: string) =>
  member(id, `Updated to use a CacheParameterGroup ${name}`, 'CacheClusterParametersChanged');
