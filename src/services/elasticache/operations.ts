// Every operation that ElastiCache has here, by its name. What is missing answers NotImplemented by itself.

import type { Handlers } from '../../wire/service.ts';
import type { ElastiCache, Sdk } from './elasticache.ts';
import { addTagsToResource } from './operations/add-tags-to-resource.ts';
import { createCacheCluster } from './operations/create-cache-cluster.ts';
import { createCacheParameterGroup } from './operations/create-cache-parameter-group.ts';
import { createCacheSubnetGroup } from './operations/create-cache-subnet-group.ts';
import { createReplicationGroup } from './operations/create-replication-group.ts';
import { decreaseReplicaCount } from './operations/decrease-replica-count.ts';
import { deleteCacheCluster } from './operations/delete-cache-cluster.ts';
import { deleteCacheParameterGroup } from './operations/delete-cache-parameter-group.ts';
import { deleteCacheSubnetGroup } from './operations/delete-cache-subnet-group.ts';
import { deleteReplicationGroup } from './operations/delete-replication-group.ts';
import { describeCacheClusters } from './operations/describe-cache-clusters.ts';
import { describeCacheEngineVersions } from './operations/describe-cache-engine-versions.ts';
import { describeCacheParameterGroups } from './operations/describe-cache-parameter-groups.ts';
import { describeCacheParameters } from './operations/describe-cache-parameters.ts';
import { describeCacheSubnetGroups } from './operations/describe-cache-subnet-groups.ts';
import { describeEngineDefaultParameters } from './operations/describe-engine-default-parameters.ts';
import { describeEvents } from './operations/describe-events.ts';
import { describeReplicationGroups } from './operations/describe-replication-groups.ts';
import { emptyLists } from './operations/empty-lists.ts';
import { increaseReplicaCount } from './operations/increase-replica-count.ts';
import { listAllowedNodeTypeModifications } from './operations/list-allowed-node-type-modifications.ts';
import { listTagsForResource } from './operations/list-tags-for-resource.ts';
import { modifyCacheCluster } from './operations/modify-cache-cluster.ts';
import { modifyCacheParameterGroup } from './operations/modify-cache-parameter-group.ts';
import { modifyCacheSubnetGroup } from './operations/modify-cache-subnet-group.ts';
import { modifyReplicationGroup } from './operations/modify-replication-group.ts';
import { modifyReplicationGroupShardConfiguration } from './operations/modify-replication-group-shard-configuration.ts';
import { rebootCacheCluster } from './operations/reboot-cache-cluster.ts';
import { removeTagsFromResource } from './operations/remove-tags-from-resource.ts';
import { resetCacheParameterGroup } from './operations/reset-cache-parameter-group.ts';
import { testFailover } from './operations/test-failover.ts';

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
