// The resource type AWS::ElastiCache::CacheCluster.

import type { CacheCluster, CreateCacheClusterMessage } from '@aws-sdk/client-elasticache';
import type { Scope } from '../../../../aws/scope.ts';
import { physicalName } from '../../../../control/physical-name.ts';
import { createOnce, unless } from '../../../../control/resource-attempts.ts';
import { ResourceFailure } from '../../../../control/resource-failure.ts';
import type { Properties, ResourceState, ResourceType } from '../../../../control/resource-type.ts';
import type { ElastiCacheTypeDependencies } from '../../resource-type-dependencies.ts';
import { retag, tagsFor } from '../../tags/resource-tags.ts';
import { waitFor } from './waiting.ts';

const MAX_NAME_LENGTH = 50;
const NOT_FOUND = /^CacheClusterNotFoundFault$/;
const SETTABLE = [
  'AutoMinorVersionUpgrade',
  'CacheNodeType',
  'CacheParameterGroupName',
  'EngineVersion',
  'IpDiscovery',
  'LogDeliveryConfigurations',
  'NotificationTopicArn',
  'NumCacheNodes',
  'PreferredMaintenanceWindow',
  'SnapshotRetentionLimit',
  'SnapshotWindow',
] as const;

/** Return values: `RedisEndpoint.Address`, `RedisEndpoint.Port`. */
export function cacheCluster(dependencies: ElastiCacheTypeDependencies): ResourceType {
  const { client } = dependencies;
  const look = async (scope: Scope, id: string): Promise<CacheCluster | undefined> => {
    const input = { CacheClusterId: id, ShowCacheNodeInfo: true };
    return (await unless(NOT_FOUND, client.call('DescribeCacheClusters', input, scope)))?.CacheClusters?.[0];
  };

  async function available(scope: Scope, id: string, signal: AbortSignal): Promise<ResourceState> {
    const isDone = (found: CacheCluster | undefined) =>
      !found ||
      /^(available|create-failed|deleting|incompatible-network)$/.test(found.CacheClusterStatus ?? '');
    const found = await waitFor(dependencies, { scope, id, signal }, () => look(scope, id), isDone);
    if (found?.CacheClusterStatus !== 'available') {
      throw new ResourceFailure(`Cache cluster ${id} is ${found?.CacheClusterStatus ?? 'gone'}.`, id);
    }
    const { Address = '', Port = 0 } = found.CacheNodes?.[0]?.Endpoint ?? {};
    const endpoint = { 'RedisEndpoint.Address': Address, 'RedisEndpoint.Port': String(Port) };
    return { physicalId: id, attributes: endpoint };
  }

  return {
    name: 'AWS::ElastiCache::CacheCluster',
    async create(request) {
      const { properties, scope, isRetry, signal } = request;
      const { ClusterName, VpcSecurityGroupIds, Tags: _, ...rest } = properties;
      const given = ClusterName as string | undefined;
      const id = (given ?? physicalName(request, { maxLength: MAX_NAME_LENGTH })).toLowerCase();
      const input = {
        ...(rest as Partial<CreateCacheClusterMessage>),
        CacheClusterId: id,
        ...(VpcSecurityGroupIds !== undefined && { SecurityGroupIds: VpcSecurityGroupIds as string[] }),
        Tags: tagsFor(request),
      };
      await createOnce(
        { isRetry },
        /^CacheClusterAlreadyExistsFault$/,
        client.call('CreateCacheCluster', input, scope),
      );
      return available(scope, id, signal);
    },
    async update(request) {
      const { properties, before, physicalId, scope, signal } = request;
      await available(scope, physicalId, signal);
      // AWS: a resource that is being modified accepts no tags.
      await retag(dependencies, request, `cluster:${physicalId}`);
      const changed = changes(before, properties);
      if (Object.keys(changed).length > 0) {
        const input = { CacheClusterId: physicalId, ApplyImmediately: true, ...changed };
        await client.call('ModifyCacheCluster', input, scope);
      }
      return available(scope, physicalId, signal);
    },
    async delete({ physicalId, scope, signal }) {
      const found = await look(scope, physicalId);
      if (found && found.CacheClusterStatus !== 'deleting') {
        await unless(NOT_FOUND, client.call('DeleteCacheCluster', { CacheClusterId: physicalId }, scope));
      }
      const target = { scope, id: physicalId, signal };
      await waitFor(
        dependencies,
        target,
        () => look(scope, physicalId),
        (left) => left === undefined,
      );
    },
    replaces: (property) => (property === 'AZMode' || property === 'NumCacheNodes' ? false : undefined),
  };
}

function changes(before: Properties, after: Properties): Record<string, never> {
  const changed = SETTABLE.filter(
    (name) => after[name] !== undefined && JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  ).map((name) => [name, after[name]]);
  const groups = after.VpcSecurityGroupIds;
  if (groups !== undefined && JSON.stringify(groups) !== JSON.stringify(before.VpcSecurityGroupIds)) {
    changed.push(['SecurityGroupIds', groups]);
  }
  return Object.fromEntries(changed) as Record<string, never>;
}
