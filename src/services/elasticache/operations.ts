// Every operation that ElastiCache has here, by its name. What is missing answers NotImplemented by itself.

import type { Handlers } from '../../wire/service.ts';
import { createCacheCluster } from './clusters/operations/create-cache-cluster.ts';
import { createReplicationGroup } from './clusters/operations/create-replication-group.ts';
import { decreaseReplicaCount } from './clusters/operations/decrease-replica-count.ts';
import { deleteCacheCluster } from './clusters/operations/delete-cache-cluster.ts';
import { deleteReplicationGroup } from './clusters/operations/delete-replication-group.ts';
import { describeCacheClusters } from './clusters/operations/describe-cache-clusters.ts';
import { describeReplicationGroups } from './clusters/operations/describe-replication-groups.ts';
import { increaseReplicaCount } from './clusters/operations/increase-replica-count.ts';
import { listAllowedNodeTypeModifications } from './clusters/operations/list-allowed-node-type-modifications.ts';
import { modifyCacheCluster } from './clusters/operations/modify-cache-cluster.ts';
import { modifyReplicationGroup } from './clusters/operations/modify-replication-group.ts';
import { modifyReplicationGroupShardConfiguration } from './clusters/operations/modify-replication-group-shard-configuration.ts';
import { rebootCacheCluster } from './clusters/operations/reboot-cache-cluster.ts';
import { testFailover } from './clusters/operations/test-failover.ts';
import type { ElastiCache, Sdk } from './elasticache.ts';
import { emptyLists } from './empty-lists.ts';
import { describeCacheEngineVersions } from './engines/operations/describe-cache-engine-versions.ts';
import { describeEvents } from './events/operations/describe-events.ts';
import { createCacheSubnetGroup } from './networks/operations/create-cache-subnet-group.ts';
import { deleteCacheSubnetGroup } from './networks/operations/delete-cache-subnet-group.ts';
import { describeCacheSubnetGroups } from './networks/operations/describe-cache-subnet-groups.ts';
import { modifyCacheSubnetGroup } from './networks/operations/modify-cache-subnet-group.ts';
import { createCacheParameterGroup } from './parameters/operations/create-cache-parameter-group.ts';
import { deleteCacheParameterGroup } from './parameters/operations/delete-cache-parameter-group.ts';
import { describeCacheParameterGroups } from './parameters/operations/describe-cache-parameter-groups.ts';
import { describeCacheParameters } from './parameters/operations/describe-cache-parameters.ts';
import { describeEngineDefaultParameters } from './parameters/operations/describe-engine-default-parameters.ts';
import { modifyCacheParameterGroup } from './parameters/operations/modify-cache-parameter-group.ts';
import { resetCacheParameterGroup } from './parameters/operations/reset-cache-parameter-group.ts';
import { addTagsToResource } from './tags/operations/add-tags-to-resource.ts';
import { listTagsForResource } from './tags/operations/list-tags-for-resource.ts';
import { removeTagsFromResource } from './tags/operations/remove-tags-from-resource.ts';

export const operations = (elasticache: ElastiCache): Handlers<Sdk> => ({
  ...emptyLists,
  AddTagsToResource: addTagsToResource(elasticache),
  CreateCacheCluster: createCacheCluster(elasticache),
  CreateCacheParameterGroup: createCacheParameterGroup(elasticache),
  CreateCacheSubnetGroup: createCacheSubnetGroup(elasticache),
  CreateReplicationGroup: createReplicationGroup(elasticache),
  DecreaseReplicaCount: decreaseReplicaCount(elasticache),
  DeleteCacheCluster: deleteCacheCluster(elasticache),
  DeleteCacheParameterGroup: deleteCacheParameterGroup(elasticache),
  DeleteCacheSubnetGroup: deleteCacheSubnetGroup(elasticache),
  DeleteReplicationGroup: deleteReplicationGroup(elasticache),
  DescribeCacheClusters: describeCacheClusters(elasticache),
  DescribeCacheEngineVersions: describeCacheEngineVersions(elasticache),
  DescribeCacheParameterGroups: describeCacheParameterGroups(elasticache),
  DescribeCacheParameters: describeCacheParameters(elasticache),
  DescribeCacheSubnetGroups: describeCacheSubnetGroups(elasticache),
  DescribeEngineDefaultParameters: describeEngineDefaultParameters(elasticache),
  DescribeEvents: describeEvents(elasticache),
  DescribeReplicationGroups: describeReplicationGroups(elasticache),
  IncreaseReplicaCount: increaseReplicaCount(elasticache),
  ListAllowedNodeTypeModifications: listAllowedNodeTypeModifications(elasticache),
  ListTagsForResource: listTagsForResource(elasticache),
  ModifyCacheCluster: modifyCacheCluster(elasticache),
  ModifyCacheParameterGroup: modifyCacheParameterGroup(elasticache),
  ModifyCacheSubnetGroup: modifyCacheSubnetGroup(elasticache),
  ModifyReplicationGroup: modifyReplicationGroup(elasticache),
  ModifyReplicationGroupShardConfiguration: modifyReplicationGroupShardConfiguration(elasticache),
  RebootCacheCluster: rebootCacheCluster(elasticache),
  RemoveTagsFromResource: removeTagsFromResource(elasticache),
  ResetCacheParameterGroup: resetCacheParameterGroup(elasticache),
  TestFailover: testFailover(elasticache),
});
