// ElastiCache's types for CloudFormation, each made through ElastiCache's own API.

import type { Scope } from '../../aws/scope.ts';
import type { ResourceType } from '../../control/resource-type.ts';
import type { Client } from '../../wire/client.ts';
import { cacheCluster } from './clusters/resource-types/cache-cluster.ts';
import { replicationGroup } from './clusters/resource-types/replication-group.ts';
import { subnetGroup } from './networks/resource-types/subnet-group.ts';
import { parameterGroup } from './parameters/resource-types/parameter-group.ts';
import type { Sdk } from './sdk.ts';

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
