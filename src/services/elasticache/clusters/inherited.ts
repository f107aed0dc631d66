// Settings that a request cannot choose, because they are inherited: a replica has its group's, and a group made from
// a cache cluster has the cluster's. A request may repeat the inherited value; another one is refused.

import { versionShownAs } from '../engines/domain/engine-versions.ts';
import { invalidParameterCombination } from '../faults/requests.ts';
import type { Group } from './domain/model.ts';

type Inherited = Readonly<Record<string, (group: Group) => unknown>>;

/** The inherited value of each member of a request. */
const OF_NODES: Inherited = {
  Engine: (group) => group.engine,
  EngineVersion: (group) => versionShownAs(group.engine, group.engineVersion).listed,
  CacheNodeType: (group) => group.nodeType,
  CacheParameterGroupName: (group) => group.parameterGroupName,
  CacheSubnetGroupName: (group) => group.subnetGroupName,
  Port: (group) => group.port,
  SecurityGroupIds: (group) => group.securityGroupIds,
  NetworkType: (group) => group.settings.networkType,
  IpDiscovery: (group) => group.settings.ipDiscovery,
  AtRestEncryptionEnabled: (group) => group.settings.atRestEncryption,
  KmsKeyId: (group) => group.settings.kmsKeyId,
};

const OF_GROUPS: Inherited = {
  PreferredMaintenanceWindow: (group) => group.settings.preferredMaintenanceWindow,
  SnapshotWindow: (group) => group.settings.snapshotWindow,
  SnapshotRetentionLimit: (group) => group.settings.snapshotRetentionLimit,
  AutoMinorVersionUpgrade: (group) => group.settings.autoMinorVersionUpgrade,
  NotificationTopicArn: (group) => group.notificationTopicArn,
};

/** For a group that is made from the cluster. Throws InvalidParameterCombination, which names the member. */
export const checkInheritedFromCluster = (cluster: Group, request: object): void =>
  check(
    cluster,
    request,
    OF_NODES,
    `a group inherits it from the cache cluster ${cluster.id} that it is made from`,
  );

/** For a replica that joins the group. Throws InvalidParameterCombination, which names the member. */
export const checkInheritedFromGroup = (group: Group, request: object): void =>
  check(
    group,
    request,
    { ...OF_NODES, ...OF_GROUPS },
    `a replica inherits it from its replication group ${group.id}`,
  );

function check(group: Group, request: object, inherited: Inherited, why: string): void {
  for (const [name, heldBy] of Object.entries(inherited)) {
    const given = (request as Record<string, unknown>)[name];
    if (given === undefined || comparable(given) === comparable(heldBy(group))) continue;
    throw invalidParameterCombination(`${name}: ${why}.`);
  }
}

function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.toSorted().join();
  return typeof value === 'string' ? value.toLowerCase() : value;
}
