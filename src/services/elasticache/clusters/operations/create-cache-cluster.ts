// CreateCacheCluster: creates a standalone cluster of one node, or adds a replica to a group.

import type { CreateCacheClusterCommandInput } from '@aws-sdk/client-elasticache';
import type { RequestContext } from '../../../../wire/service.ts';
import type { ElastiCache } from '../../context.ts';
import { arnOf, cacheClusterIdOf } from '../../domain/identifiers.ts';
import { checkWhole } from '../../domain/whole-number.ts';
import { engineNamed } from '../../engines/domain/engine-versions.ts';
import { chooseEngine, portOf } from '../../engines/engine-choice.ts';
import { changeTopic, topicChangeOf } from '../../events/topics.ts';
import { cacheClusterAlreadyExistsFault, nodeQuotaForClusterExceededFault } from '../../faults/clusters.ts';
import { invalidParameterCombination, invalidParameterValue } from '../../faults/requests.ts';
import { followFeedTags, refuseFeedTags } from '../../feeds/feed-tags.ts';
import { securityGroupsOf } from '../../networks/security-groups.ts';
import { subnetGroupNamed } from '../../networks/subnet-groups.ts';
import type { SubnetGroup } from '../../records.ts';
import { refuseUnsupported } from '../../refusals.ts';
import type { Operation } from '../../sdk.ts';
import { newTags, putTags } from '../../tags/tags.ts';
import { draftMembers, draftShard } from '../domain/draft.ts';
import type { Group } from '../domain/model.ts';
import { settingsOf } from '../domain/settings.ts';
import { MAX_MEMBERS_PER_SHARD } from '../domain/topology.ts';
import { checkInheritedFromGroup } from '../inherited.ts';
import { changeReplicationGroup, checkAvailable, replicationGroupNamed } from '../lookup.ts';
import { groupUsingId, placementForGroup, placementForNewGroup } from '../placement-context.ts';
import { viewMember } from '../view.ts';
import { CREATE_HOLD_MS } from './create-replication-group.ts';

export const CreateCacheCluster: Operation<'CreateCacheCluster'> = async (elasticache, input, context) => {
  const id = cacheClusterIdOf(input.CacheClusterId);
  checkEngine(input);
  refuseUnsupported(input);
  newTags(input.Tags, context);
  checkNodes(input);
  const group = input.ReplicationGroupId
    ? await addReplica(elasticache, context, id, input)
    : await createStandalone(elasticache, context, id, input);
  const view = viewMember(elasticache, context, group, id);
  await elasticache.groups.untilSettled(context, group.id, CREATE_HOLD_MS);
  return { CacheCluster: view };
};

/** Checks the engine first, so that a request for memcached is not refused by a rule for Redis. */
function checkEngine(input: CreateCacheClusterCommandInput): void {
  if (engineNamed(input.Engine) === 'valkey') {
    throw invalidParameterValue(
      "This API doesn't support Valkey engine. Please use CreateReplicationGroup API for Valkey cluster creation.",
    );
  }
  if (input.TransitEncryptionEnabled)
    throw invalidParameterCombination('Encryption feature is not supported for engine REDIS.');
}

function checkNodes({ NumCacheNodes, PreferredAvailabilityZones }: CreateCacheClusterCommandInput): void {
  if (NumCacheNodes !== undefined && NumCacheNodes > 1) {
    throw invalidParameterValue(
      'Cannot create a Redis cluster with a NumCacheNodes parameter greater than 1.',
    );
  }
  checkWhole('NumCacheNodes', NumCacheNodes, 1);
  if ((PreferredAvailabilityZones?.length ?? 0) > 1) {
    throw invalidParameterCombination(
      'PreferredAvailabilityZones must have as many entries as NumCacheNodes says.',
    );
  }
}

async function createStandalone(
  elasticache: ElastiCache,
  context: RequestContext,
  id: string,
  input: CreateCacheClusterCommandInput,
): Promise<Group> {
  const subnetGroup = await subnetGroupNamed(elasticache, context, input.CacheSubnetGroupName ?? 'default');
  const securityGroupIds = await securityGroupsOf(elasticache, context, input.SecurityGroupIds, subnetGroup);
  const topic = await topicChangeOf(elasticache, context, input);
  return elasticache.store.transaction(() => {
    checkIdIsFree(elasticache, context, id);
    const group = draftStandalone(elasticache, context, id, input, { subnetGroup, securityGroupIds });
    changeTopic(group, topic);
    putTags(elasticache, context, arnOf(context, 'cluster', id), input.Tags);
    elasticache.groups.create(context, group);
    followFeedTags(elasticache.feeds, context, { type: 'cluster', group }, newTags(input.Tags, context));
    return group;
  });
}

function draftStandalone(
  elasticache: ElastiCache,
  context: RequestContext,
  id: string,
  input: CreateCacheClusterCommandInput,
  { subnetGroup, securityGroupIds }: { subnetGroup: SubnetGroup; securityGroupIds: string[] },
): Group {
  const engine = chooseEngine(elasticache, context, input, false);
  if (engine.clusterEnabled) {
    throw invalidParameterCombination(
      'Cluster mode enabled needs a replication group; use CreateReplicationGroup.',
    );
  }
  const port = portOf(input.Port);
  const settings = settingsOf(input, engine.version.engine, id);
  const placement = placementForNewGroup(elasticache, { groupId: id, clusterEnabled: false }, subnetGroup);
  const shard = draftShard(placement, { id: '0001', slots: [], memberCount: 1, zones: [zoneOf(input)] });
  // AWS: the node of a standalone cluster has the cluster's own id.
  const member = { ...shard.members[0]!, id };
  return {
    kind: 'cache-cluster',
    id,
    description: '',
    createdAt: placement.now,
    status: 'creating',
    engine: engine.version.engine,
    engineVersion: engine.version.shown,
    nodeType: engine.nodeType,
    port,
    clusterEnabled: false,
    automaticFailover: false,
    multiAz: false,
    parameterGroupName: engine.parameterGroupName,
    subnetGroupName: subnetGroup.name,
    securityGroupIds,
    settings,
    shards: [{ ...shard, primaryId: id, members: [member] }],
    highestShard: 1,
    change: { kind: 'create', since: placement.now },
  };
}

async function addReplica(
  elasticache: ElastiCache,
  context: RequestContext,
  id: string,
  input: CreateCacheClusterCommandInput,
): Promise<Group> {
  const found = replicationGroupNamed(elasticache, context, input.ReplicationGroupId);
  refuseFeedTags({ type: 'cluster', group: found }, newTags(input.Tags, context));
  if (found.clusterEnabled) {
    throw invalidParameterCombination('Use IncreaseReplicaCount to add replicas with cluster mode enabled.');
  }
  const placement = await placementForGroup(elasticache, context, found);
  return changeReplicationGroup(elasticache, context, found.id, (latest) => {
    checkTakesReplica(latest);
    checkInheritedFromGroup(latest, input);
    checkIdIsFree(elasticache, context, id);
    const shard = latest.shards[0]!;
    if (shard.members.length >= MAX_MEMBERS_PER_SHARD)
      throw nodeQuotaForClusterExceededFault(MAX_MEMBERS_PER_SHARD);
    const zone = zoneOf(input);
    const [member] = draftMembers(placement, shard, 1, [zone]);
    shard.members.push({ ...member!, id });
    latest.status = 'modifying';
    latest.change ??= { kind: 'replicas', since: placement.now };
    putTags(elasticache, context, arnOf(context, 'cluster', id), input.Tags);
    return [];
  });
}

const zoneOf = (input: CreateCacheClusterCommandInput): string | undefined =>
  input.PreferredAvailabilityZone ?? input.PreferredAvailabilityZones?.[0];

/** AWS: several replicas can be added to one group at the same time. */
function checkTakesReplica(group: Group): void {
  if (group.status === 'modifying' && group.change?.kind === 'replicas') return;
  checkAvailable(group);
}

function checkIdIsFree(elasticache: ElastiCache, context: RequestContext, id: string): void {
  if (groupUsingId(elasticache, context, id)) throw cacheClusterAlreadyExistsFault();
}
