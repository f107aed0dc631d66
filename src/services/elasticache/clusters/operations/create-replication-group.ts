// CreateReplicationGroup: validates the request and writes one record. The controller starts the nodes.

import type { CreateReplicationGroupCommandInput } from '@aws-sdk/client-elasticache';
import type { RequestContext } from '../../../../wire/service.ts';
import type { ElastiCache } from '../../context.ts';
import { descriptionOf } from '../../domain/description.ts';
import { arnOf, cacheClusterIdOf, replicationGroupIdOf } from '../../domain/identifiers.ts';
import { chooseEngine, type EngineChoice, portOf } from '../../engines/engine-choice.ts';
import { changeTopic, topicChangeOf } from '../../events/topics.ts';
import { replicationGroupAlreadyExistsFault } from '../../faults/clusters.ts';
import { invalidParameterCombination, invalidParameterValue } from '../../faults/requests.ts';
import { followFeedTags } from '../../feeds/feed-tags.ts';
import { setReplicaNames } from '../../names/replica-names-tag.ts';
import { securityGroupsOf } from '../../networks/security-groups.ts';
import { subnetGroupNamed } from '../../networks/subnet-groups.ts';
import type { SubnetGroup } from '../../records.ts';
import { refuseUnsupported } from '../../refusals.ts';
import type { Operation } from '../../sdk.ts';
import { newTags, putTags } from '../../tags/tags.ts';
import { draftShard } from '../domain/draft.ts';
import { type Group, membersOf } from '../domain/model.ts';
import { settingsOf } from '../domain/settings.ts';
import { snapshottingMember } from '../domain/snapshotting.ts';
import { topologyOf } from '../domain/topology.ts';
import { groupUsingId, placementForNewGroup } from '../placement-context.ts';
import { viewReplicationGroup } from '../view.ts';
import { groupFromCluster } from './group-from-cluster.ts';

/**
 * The longest time for which a response waits for the nodes, in milliseconds. If the group is available by then, a
 * waiter's first poll succeeds, and the waiter avoids its sleep of 15 s.
 */
export const CREATE_HOLD_MS = 250;

const READER_SUFFIX = '-ro';
/** AWS: the bus port in CLUSTER NODES on ElastiCache, `10.0.3.34:6379@1122` (elasticache-facts 14). */
const BUS_PORT = 1122;

export const CreateReplicationGroup: Operation<'CreateReplicationGroup'> = async (
  elasticache,
  input,
  context,
) => {
  const id = replicationGroupIdOf(input.ReplicationGroupId);
  refuseUnsupported(input);
  const description = descriptionOf('ReplicationGroupDescription', input.ReplicationGroupDescription);
  const tags = newTags(input.Tags, context);
  const clusterId = input.PrimaryClusterId ? cacheClusterIdOf(input.PrimaryClusterId) : undefined;
  const draft = clusterId
    ? await groupFromCluster(elasticache, context, id, clusterId, input)
    : await newGroup(elasticache, context, id, input);
  const topic = await topicChangeOf(elasticache, context, input);
  const group = elasticache.store.transaction(() => {
    const drafted = draft();
    drafted.description = description;
    changeTopic(drafted, topic);
    setReplicaNames(elasticache, drafted, tags);
    checkIdsAreFree(elasticache, context, drafted, clusterId);
    if (clusterId) elasticache.groups.delete(context, clusterId);
    putTags(elasticache, context, arnOf(context, 'replicationgroup', id), input.Tags);
    elasticache.groups.create(context, drafted);
    followFeedTags(elasticache.feeds, context, { type: 'replicationgroup', group: drafted }, tags);
    return drafted;
  });
  // The response shows the state before the nodes ran, whenever it is sent.
  const view = viewReplicationGroup(elasticache, context, group);
  await elasticache.groups.untilSettled(context, id, CREATE_HOLD_MS);
  return { ReplicationGroup: view };
};

interface Network {
  subnetGroup: SubnetGroup;
  securityGroupIds: string[];
}

/**
 * Looks up the network. Resolves with a function that drafts the group, to be called in the transaction that writes
 * it.
 */
async function newGroup(
  elasticache: ElastiCache,
  context: RequestContext,
  id: string,
  input: CreateReplicationGroupCommandInput,
): Promise<() => Group> {
  const subnetGroup = await subnetGroupNamed(elasticache, context, input.CacheSubnetGroupName ?? 'default');
  const securityGroupIds = await securityGroupsOf(elasticache, context, input.SecurityGroupIds, subnetGroup);
  return () => draftGroup(elasticache, context, id, input, { subnetGroup, securityGroupIds });
}

function draftGroup(
  elasticache: ElastiCache,
  context: RequestContext,
  id: string,
  input: CreateReplicationGroupCommandInput,
  { subnetGroup, securityGroupIds }: Network,
): Group {
  const { version, nodeType, parameterGroupName, clusterEnabled } = engineOf(elasticache, context, input);
  const topology = topologyOf(input, clusterEnabled);
  const port = portOf(input.Port);
  const settings = settingsOf(input, version.engine, id);
  if (topology.multiAz && new Set(subnetGroup.subnets.map((subnet) => subnet.zone)).size < 2) {
    throw invalidParameterCombination(
      'Multi-AZ needs a cache subnet group with subnets in at least two availability zones.',
    );
  }
  const placement = placementForNewGroup(elasticache, { groupId: id, clusterEnabled }, subnetGroup);
  const shards = topology.shards.map((shape) => draftShard(placement, shape));
  const snapshottingClusterId = snapshottingMember(shards, clusterEnabled);
  return {
    kind: 'replication-group',
    id,
    description: '',
    createdAt: placement.now,
    status: 'creating',
    engine: version.engine,
    engineVersion: version.shown,
    nodeType,
    port,
    clusterEnabled,
    ...(clusterEnabled && { busPort: BUS_PORT }),
    automaticFailover: topology.automaticFailover,
    multiAz: topology.multiAz,
    parameterGroupName,
    subnetGroupName: subnetGroup.name,
    securityGroupIds,
    settings: { ...settings, ...(snapshottingClusterId && { snapshottingClusterId }) },
    shards,
    highestShard: Math.max(...shards.map((shard) => Number(shard.id))),
    change: { kind: 'create', since: placement.now },
  };
}

function engineOf(
  elasticache: ElastiCache,
  context: RequestContext,
  input: CreateReplicationGroupCommandInput,
): EngineChoice {
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
  return engine;
}

/**
 * Throws when the id of the group or of a member is taken. AWS: replication groups and cache clusters have separate
 * namespaces, and members are cache clusters. Here all share one. `clusterId` becomes part of the group.
 */
function checkIdsAreFree(
  elasticache: ElastiCache,
  context: RequestContext,
  group: Group,
  clusterId: string | undefined,
): void {
  for (const id of [group.id, ...membersOf(group).map((member) => member.id)]) {
    const other = groupUsingId(elasticache, context, id, clusterId);
    if (other) throw replicationGroupAlreadyExistsFault();
  }
  checkReaderName(elasticache, context, group);
}

/** Refuses an id whose endpoints would collide: the reader of `x` and the primary of `x-ro` have the same name. */
function checkReaderName(elasticache: ElastiCache, context: RequestContext, { id }: Group): void {
  const others = [
    `${id}${READER_SUFFIX}`,
    ...(id.endsWith(READER_SUFFIX) ? [id.slice(0, -READER_SUFFIX.length)] : []),
  ];
  const other = others.find((name) => elasticache.groups.get(context, name)?.kind === 'replication-group');
  if (other)
    throw invalidParameterValue(`The endpoints of ${id} would have the same names as those of ${other}.`);
}
