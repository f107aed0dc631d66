// Renders group records as the API shows them.

import type { CacheCluster, NodeGroup, ReplicationGroup } from '@aws-sdk/client-elasticache';
import type { Scope } from '../../../aws/scope.ts';
import type { ElastiCache } from '../context.ts';
import { arnOf } from '../domain/identifiers.ts';
import { configurationName, nodeName, primaryName, readerName } from '../names/domain/endpoint-names.ts';
import { type Group, type Member, memberOf, membersOf, type Shard } from './domain/model.ts';
import { renderSlots } from './domain/slots.ts';

/** AWS: the id of the only node of a Redis or Valkey cache cluster. */
export const CACHE_NODE_ID = '0001';

/** AWS's ReplicationGroup, from the record alone. */
export function viewReplicationGroup(elasticache: ElastiCache, scope: Scope, group: Group): ReplicationGroup {
  const naming = elasticache.endpoints.namingOf(scope);
  const { settings } = group;
  return {
    ReplicationGroupId: group.id,
    Description: group.description,
    GlobalReplicationGroupInfo: {},
    Status: group.status,
    PendingModifiedValues: viewPending(group),
    MemberClusters: membersOf(group).map((member) => member.id),
    // AWS: a group that is still being created shows its members, and no node groups yet.
    ...(group.status !== 'creating' && {
      NodeGroups: group.shards.map((shard) => viewNodeGroup(elasticache, scope, group, shard)),
    }),
    SnapshottingClusterId: settings.snapshottingClusterId,
    AutomaticFailover: automaticFailoverStatus(group),
    MultiAZ: group.multiAz ? 'enabled' : 'disabled',
    ...(group.clusterEnabled &&
      group.status !== 'creating' && {
        ConfigurationEndpoint: { Address: configurationName(naming, group.id), Port: group.port },
      }),
    SnapshotRetentionLimit: settings.snapshotRetentionLimit,
    SnapshotWindow: settings.snapshotWindow,
    ClusterEnabled: group.clusterEnabled,
    ClusterMode: group.clusterEnabled ? 'enabled' : 'disabled',
    CacheNodeType: group.nodeType,
    AuthTokenEnabled: false,
    TransitEncryptionEnabled: false,
    AtRestEncryptionEnabled: settings.atRestEncryption,
    KmsKeyId: settings.kmsKeyId,
    ARN: arnOf(scope, 'replicationgroup', group.id),
    LogDeliveryConfigurations: [],
    ReplicationGroupCreateTime: new Date(group.createdAt),
    DataTiering: settings.dataTiering ? 'enabled' : 'disabled',
    AutoMinorVersionUpgrade: settings.autoMinorVersionUpgrade,
    NetworkType: settings.networkType as ReplicationGroup['NetworkType'],
    IpDiscovery: settings.ipDiscovery as ReplicationGroup['IpDiscovery'],
    Engine: group.engine,
  };
}

function viewPending(group: Group): ReplicationGroup['PendingModifiedValues'] {
  const { change } = group;
  if (change?.kind === 'reshard') {
    const percentage = change.totalSlots === 0 ? 0 : (100 * change.movedSlots) / change.totalSlots;
    return { Resharding: { SlotMigration: { ProgressPercentage: Math.round(percentage * 10) / 10 } } };
  }
  return {};
}

/** AWS: `enabling` while a group with cluster mode off is being created with it, or it is being turned on. */
function automaticFailoverStatus(group: Group): ReplicationGroup['AutomaticFailover'] {
  if (!group.automaticFailover) return 'disabled';
  const { change } = group;
  const enabling = change?.kind === 'create' || (change?.kind === 'modify' && change.turnedOnFailover);
  return enabling && !group.clusterEnabled ? 'enabling' : 'enabled';
}

function viewNodeGroup(elasticache: ElastiCache, scope: Scope, group: Group, shard: Shard): NodeGroup {
  const naming = elasticache.endpoints.namingOf(scope);
  return {
    NodeGroupId: shard.id,
    Status: group.status,
    ...(!group.clusterEnabled && {
      PrimaryEndpoint: { Address: primaryName(naming, group.id), Port: group.port },
      ReaderEndpoint: { Address: readerName(naming, group.id), Port: group.port },
    }),
    ...(group.clusterEnabled && { Slots: renderSlots(shard.slots) }),
    NodeGroupMembers: shard.members.map((member) => ({
      CacheClusterId: member.id,
      CacheNodeId: CACHE_NODE_ID,
      PreferredAvailabilityZone: member.zone,
      // AWS: in cluster mode the API shows neither roles nor read endpoints; clients ask the cluster.
      ...(!group.clusterEnabled && {
        ReadEndpoint: { Address: nodeName(naming, member.id), Port: group.port },
        CurrentRole: member.id === shard.primaryId ? 'primary' : 'replica',
      }),
    })),
  };
}

/** AWS's CacheCluster. `showNodes`: include CacheNodes. */
export function viewCacheCluster(
  elasticache: ElastiCache,
  scope: Scope,
  group: Group,
  member: Member,
  options: { showNodes: boolean },
): CacheCluster {
  const { settings } = group;
  const applied = parameterApplyStatus(elasticache, scope, group, member);
  return {
    CacheClusterId: member.id,
    ClientDownloadLandingPage: 'https://console.aws.amazon.com/elasticache/home#client-download:',
    CacheNodeType: group.nodeType,
    Engine: group.engine,
    EngineVersion: group.engineVersion,
    CacheClusterStatus: cacheClusterStatus(group, member),
    NumCacheNodes: 1,
    PreferredAvailabilityZone: member.zone,
    CacheClusterCreateTime: new Date(member.createdAt),
    PreferredMaintenanceWindow: settings.preferredMaintenanceWindow,
    PendingModifiedValues: viewWaiting(group),
    ...(group.notificationTopicArn && {
      NotificationConfiguration: {
        TopicArn: group.notificationTopicArn,
        TopicStatus: group.notificationTopicStatus ?? 'active',
      },
    }),
    CacheSecurityGroups: [],
    CacheParameterGroup: {
      CacheParameterGroupName: group.parameterGroupName,
      ParameterApplyStatus: applied,
      CacheNodeIdsToReboot: applied === 'pending-reboot' ? [CACHE_NODE_ID] : [],
    },
    CacheSubnetGroupName: group.subnetGroupName,
    ...(options.showNodes && { CacheNodes: [viewCacheNode(elasticache, scope, group, member, applied)] }),
    AutoMinorVersionUpgrade: settings.autoMinorVersionUpgrade,
    SecurityGroups: group.securityGroupIds.map((id) => ({ SecurityGroupId: id, Status: 'active' })),
    ...(group.kind === 'replication-group' && { ReplicationGroupId: group.id }),
    SnapshotRetentionLimit: settings.snapshotRetentionLimit,
    SnapshotWindow: settings.snapshotWindow,
    AuthTokenEnabled: false,
    TransitEncryptionEnabled: false,
    AtRestEncryptionEnabled: settings.atRestEncryption,
    ARN: arnOf(scope, 'cluster', member.id),
    ReplicationGroupLogDeliveryEnabled: false,
    LogDeliveryConfigurations: [],
    NetworkType: settings.networkType as CacheCluster['NetworkType'],
    IpDiscovery: settings.ipDiscovery as CacheCluster['IpDiscovery'],
  };
}

/** The pending changes. AWS: the members show them, not their replication group. */
function viewWaiting({ pending }: Group): CacheCluster['PendingModifiedValues'] {
  return {
    ...(pending?.engineVersion && { EngineVersion: pending.engineVersion }),
    ...(pending?.nodeType && { CacheNodeType: pending.nodeType }),
  };
}

function viewCacheNode(
  elasticache: ElastiCache,
  scope: Scope,
  group: Group,
  member: Member,
  applied: string,
): NonNullable<CacheCluster['CacheNodes']>[number] {
  return {
    CacheNodeId: CACHE_NODE_ID,
    CacheNodeStatus: member.phase === 'rebooting' ? 'rebooting' : nodeStatus(group, member),
    CacheNodeCreateTime: new Date(member.createdAt),
    // AWS: an endpoint appears once the node has been in service.
    ...(member.phase !== 'creating' && {
      Endpoint: { Address: nodeName(elasticache.endpoints.namingOf(scope), member.id), Port: group.port },
    }),
    ParameterGroupStatus: applied,
    CustomerAvailabilityZone: member.zone,
  };
}

/** AWS: a node that is being recovered is still shown as available. */
function cacheClusterStatus(group: Group, member: Member): string {
  if (member.phase === 'rebooting') return 'rebooting cluster nodes';
  return nodeStatus(group, member);
}

function nodeStatus(group: Group, member: Member): string {
  if (group.status === 'deleting' || member.phase === 'deleting') return 'deleting';
  if (member.phase === 'creating') return 'creating';
  if (member.phase === 'updating' || group.change?.kind === 'modify') return 'modifying';
  return 'available';
}

function parameterApplyStatus(elasticache: ElastiCache, scope: Scope, group: Group, member: Member): string {
  if (!member.runs) return 'in-sync';
  const { directives, live } = elasticache.wantedRun(scope, group).wanted;
  const waiting = Object.entries(directives).filter(
    ([name, value]) => member.runs!.directives[name] !== value,
  );
  if (waiting.length === 0) return 'in-sync';
  return waiting.every(([name]) => live.has(name)) ? 'applying' : 'pending-reboot';
}

/** AWS's CacheCluster of one member, without nodes; `undefined` when the group has no such member. */
export function viewMember(
  elasticache: ElastiCache,
  scope: Scope,
  group: Group,
  memberId: string,
): CacheCluster | undefined {
  const found = memberOf(group, memberId);
  return found && viewCacheCluster(elasticache, scope, group, found.member, { showNodes: false });
}
