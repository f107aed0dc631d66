// ElastiCache's types for CloudFormation, each made through ElastiCache's own API.

import type { ResourceType } from '../../control/resource-type.ts';
import type { Scope } from '../../kernel/scope.ts';
import type { Client } from '../../wire/client.ts';
import type { Sdk } from './elasticache.ts';
import { cacheCluster } from './resource-types/cache-cluster.ts';
import { parameterGroup } from './resource-types/parameter-group.ts';
import { replicationGroup } from './resource-types/replication-group.ts';
import { subnetGroup } from './resource-types/subnet-group.ts';

export interface ElastiCacheTypeDependencies {
  client: Client<Sdk>;
  /**
   * Resolves once the group is neither being created nor modified, or the time is over. Absent where ElastiCache is
   * elsewhere: then it is asked again and again.
   */
  untilSettled?: ((scope: Scope, id: string, timeoutMs: number) => Promise<void>) | undefined;
}

export const createElastiCacheTypes = (dependencies: ElastiCacheTypeDependencies): ResourceType[] => [
  replicationGroup(dependencies),
  cacheCluster(dependencies),
  subnetGroup(dependencies),
  parameterGroup(dependencies),
];
