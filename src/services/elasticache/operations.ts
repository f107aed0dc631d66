// The table of ElastiCache's operations. An operation that is missing here answers that it is not implemented.

import type { Operations } from '../../wire/service.ts';
import { CreateCacheCluster } from './clusters/operations/create-cache-cluster.ts';
import { CreateReplicationGroup } from './clusters/operations/create-replication-group.ts';
import { DecreaseReplicaCount } from './clusters/operations/decrease-replica-count.ts';
import { DeleteCacheCluster } from './clusters/operations/delete-cache-cluster.ts';
import { DeleteReplicationGroup } from './clusters/operations/delete-replication-group.ts';
import { DescribeCacheClusters } from './clusters/operations/describe-cache-clusters.ts';
import { DescribeReplicationGroups } from './clusters/operations/describe-replication-groups.ts';
import { IncreaseReplicaCount } from './clusters/operations/increase-replica-count.ts';
import { ListAllowedNodeTypeModifications } from './clusters/operations/list-allowed-node-type-modifications.ts';
import { ModifyCacheCluster } from './clusters/operations/modify-cache-cluster.ts';
import { ModifyReplicationGroup } from './clusters/operations/modify-replication-group.ts';
import { ModifyReplicationGroupShardConfiguration } from './clusters/operations/modify-replication-group-shard-configuration.ts';
import { RebootCacheCluster } from './clusters/operations/reboot-cache-cluster.ts';
import { TestFailover } from './clusters/operations/test-failover.ts';
import type { ElastiCache } from './context.ts';
import {
  DescribeCacheSecurityGroups,
  DescribeGlobalReplicationGroups,
  DescribeReservedCacheNodes,
  DescribeReservedCacheNodesOfferings,
  DescribeServerlessCacheSnapshots,
  DescribeServerlessCaches,
  DescribeServiceUpdates,
  DescribeSnapshots,
  DescribeUpdateActions,
  DescribeUserGroups,
  DescribeUsers,
} from './empty-lists.ts';
import { DescribeCacheEngineVersions } from './engines/operations/describe-cache-engine-versions.ts';
import { DescribeEvents } from './events/operations/describe-events.ts';
import { CreateCacheSubnetGroup } from './networks/operations/create-cache-subnet-group.ts';
import { DeleteCacheSubnetGroup } from './networks/operations/delete-cache-subnet-group.ts';
import { DescribeCacheSubnetGroups } from './networks/operations/describe-cache-subnet-groups.ts';
import { ModifyCacheSubnetGroup } from './networks/operations/modify-cache-subnet-group.ts';
import { CreateCacheParameterGroup } from './parameters/operations/create-cache-parameter-group.ts';
import { DeleteCacheParameterGroup } from './parameters/operations/delete-cache-parameter-group.ts';
import { DescribeCacheParameterGroups } from './parameters/operations/describe-cache-parameter-groups.ts';
import { DescribeCacheParameters } from './parameters/operations/describe-cache-parameters.ts';
import { DescribeEngineDefaultParameters } from './parameters/operations/describe-engine-default-parameters.ts';
import { ModifyCacheParameterGroup } from './parameters/operations/modify-cache-parameter-group.ts';
import { ResetCacheParameterGroup } from './parameters/operations/reset-cache-parameter-group.ts';
import type { Sdk } from './sdk.ts';
import { AddTagsToResource } from './tags/operations/add-tags-to-resource.ts';
import { ListTagsForResource } from './tags/operations/list-tags-for-resource.ts';
import { RemoveTagsFromResource } from './tags/operations/remove-tags-from-resource.ts';

/** By AWS's name of the operation. */
export const operations: Operations<Sdk, ElastiCache> = {
  AddTagsToResource,
  CreateCacheCluster,
  CreateCacheParameterGroup,
  CreateCacheSubnetGroup,
  CreateReplicationGroup,
  DecreaseReplicaCount,
  DeleteCacheCluster,
  DeleteCacheParameterGroup,
  DeleteCacheSubnetGroup,
  DeleteReplicationGroup,
  DescribeCacheClusters,
  DescribeCacheEngineVersions,
  DescribeCacheParameterGroups,
  DescribeCacheParameters,
  DescribeCacheSecurityGroups,
  DescribeCacheSubnetGroups,
  DescribeEngineDefaultParameters,
  DescribeEvents,
  DescribeGlobalReplicationGroups,
  DescribeReplicationGroups,
  DescribeReservedCacheNodes,
  DescribeReservedCacheNodesOfferings,
  DescribeServerlessCacheSnapshots,
  DescribeServerlessCaches,
  DescribeServiceUpdates,
  DescribeSnapshots,
  DescribeUpdateActions,
  DescribeUserGroups,
  DescribeUsers,
  IncreaseReplicaCount,
  ListAllowedNodeTypeModifications,
  ListTagsForResource,
  ModifyCacheCluster,
  ModifyCacheParameterGroup,
  ModifyCacheSubnetGroup,
  ModifyReplicationGroup,
  ModifyReplicationGroupShardConfiguration,
  RebootCacheCluster,
  RemoveTagsFromResource,
  ResetCacheParameterGroup,
  TestFailover,
};
