// CreateReplicationGroup: checks everything, then writes one record. The controller makes it true.

import type { CreateReplicationGroupCommandInput } from '@aws-sdk/client-elasticache';
import type { RequestContext } from '../../../wire/service.ts';
import { draftShard } from '../domain/draft.ts';
import { arnOf, cacheClusterIdOf, replicationGroupIdOf } from '../domain/identifiers.ts';
import { type Group, membersOf } from '../domain/model.ts';
import { settingsOf } from '../domain/settings.ts';
import { topologyOf } from '../domain/topology.ts';
import type { ElastiCache, Operation } from '../elasticache.ts';
import { chooseEngine, portOf } from '../engine-choice.ts';
import { invalidParameterCombination, replicationGroupAlreadyExistsFault } from '../faults.ts';
import { placingIn } from '../placing.ts';
import { refuseWhatIsMissing } from '../refusals.ts';
import { securityGroupsOf } from '../security-groups.ts';
import { subnetGroupNamed } from '../subnet-groups.ts';
import { checkTags, putTags } from '../tags.ts';
import { viewReplicationGroup } from '../view.ts';
import { groupFromCluster } from './group-from-cluster.ts';

/** A waiter's first poll comes before it sleeps 15 s: a group that is ready this soon spares it that. */
export const CREATE_HOLD_MS = 250;

export const createReplicationGroup =
  (elasticache: ElastiCache): Operation<'CreateReplicationGroup'> =>
  async (input, context) => {
    const id = replicationGroupIdOf(input.ReplicationGroupId);
    refuseWhatIsMissing(input);
    checkTags(input.Tags ?? []);
    const group = input.PrimaryClusterId
      ? await groupFromCluster(elasticache, context, id, cacheClusterIdOf(input.PrimaryClusterId), input)
      : await draftGroup(elasticache, context, id, input);
    elasticache.store.transaction(() => {
      checkIdIsFree(elasticache, context, id, group);
      if (input.PrimaryClusterId) elasticache.groups.delete(context, group.shards[0]!.primaryId);
      putTags(elasticache, context, arnOf(context, 'replicationgroup', id), input.Tags ?? []);
      elasticache.groups.create(context, group);
    });
    // The response tells of the moment before the nodes ran, whenever it is sent.
    const view = viewReplicationGroup(elasticache, context, group);
    await elasticache.groups.untilAvailable(context, id, CREATE_HOLD_MS);
    return { ReplicationGroup: view };
  };

async function draftGroup(
  elasticache: ElastiCache,
  context: RequestContext,
  id: string,
  input: CreateReplicationGroupCommandInput,
): Promise<Group> {
  const clusterWanted =
    (input.NumNodeGroups ?? 1) > 1 ||
    (input.NodeGroupConfiguration?.length ?? 0) > 1 ||
    input.ClusterMode === 'enabled';
  const engine = chooseEngine(elasticache, context, input, clusterWanted);
  if (engine.clusterEnabled && input.ClusterMode === 'disabled') {
    throw invalidParameterCombination(
      'ClusterMode disabled contradicts a parameter group with cluster-enabled=yes.',
    );
  }
  const topology = topologyOf(input, engine.clusterEnabled);
  const port = portOf(input.Port);
  const settings = settingsOf(input, engine.version.engine, id);
  const subnetGroup = await subnetGroupNamed(elasticache, context, input.CacheSubnetGroupName ?? 'default');
  const securityGroupIds = await securityGroupsOf(elasticache, context, input.SecurityGroupIds, subnetGroup);
  const placing = placingIn(elasticache, { groupId: id, clusterEnabled: engine.clusterEnabled }, subnetGroup);
  const shards = topology.shards.map((shape) => draftShard(placing, shape));
  if (topology.multiAz && new Set(subnetGroup.subnets.map((subnet) => subnet.zone)).size < 2) {
    throw invalidParameterCombination(
      'Multi-AZ needs a cache subnet group with subnets in at least two availability zones.',
    );
  }
  const replica = shards[0]?.members[1];
  return {
    kind: 'replication-group',
    id,
    description: input.ReplicationGroupDescription ?? '',
    createdAt: placing.now,
    status: 'creating',
    engine: engine.version.engine,
    engineVersion: engine.version.shown,
    nodeType: engine.nodeType,
    port,
    clusterEnabled: engine.clusterEnabled,
    automaticFailover: topology.automaticFailover,
    multiAz: topology.multiAz,
    parameterGroupName: engine.parameterGroupName,
    subnetGroupName: subnetGroup.name,
    securityGroupIds,
    ...(input.NotificationTopicArn && { notificationTopicArn: input.NotificationTopicArn }),
    // AWS: snapshots are taken from a replica where there is one.
    settings: {
      ...settings,
      ...(replica && !engine.clusterEnabled && { snapshottingClusterId: replica.id }),
    },
    shards,
    highestShard: Math.max(...shards.map((shard) => Number(shard.id))),
    change: { kind: 'create', since: placing.now },
  };
}

/** AWS: replication groups and cache clusters are named apart, but members share the clusters' names. */
function checkIdIsFree(elasticache: ElastiCache, context: RequestContext, id: string, group: Group): void {
  const present = elasticache.groups.get(context, id);
  if (present?.kind === 'replication-group') throw replicationGroupAlreadyExistsFault(id);
  const own = new Set([...membersOf(group).map((member) => member.id), id]);
  for (const other of elasticache.records.groups.list(context)) {
    if (other.id === group.shards[0]?.primaryId) continue;
    const clash = [...membersOf(other).map((member) => member.id), other.id].find((taken) => own.has(taken));
    if (clash) throw replicationGroupAlreadyExistsFault(clash);
  }
}
