// ElastiCache's resource types for CloudFormation. Each one creates its resources through ElastiCache's own API.

import type { ResourceType } from '../../control/resource-type.ts';
import { cacheCluster } from './clusters/resource-types/cache-cluster.ts';
import { replicationGroup } from './clusters/resource-types/replication-group.ts';
import { feedType } from './feeds/resource-type.ts';
import { subnetGroup } from './networks/resource-types/subnet-group.ts';
import { parameterGroup } from './parameters/resource-types/parameter-group.ts';
import type { ElastiCacheTypeDependencies } from './resource-type-dependencies.ts';

/** The resource types that CloudFormation registers for ElastiCache. */
export const createElastiCacheTypes = (dependencies: ElastiCacheTypeDependencies): ResourceType[] => [
  replicationGroup(dependencies),
  cacheCluster(dependencies),
  subnetGroup(dependencies),
  parameterGroup(dependencies),
  feedType(dependencies),
];
