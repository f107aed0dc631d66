// The resource type AWS::ElastiCache::SubnetGroup.

import { physicalName } from '../../../../control/physical-name.ts';
import { createOnce, unless } from '../../../../control/resource-attempts.ts';
import type { ResourceType } from '../../../../control/resource-type.ts';
import type { ElastiCacheTypeDependencies } from '../../resource-type-dependencies.ts';
import { retag, tagsFor } from '../../tags/resource-tags.ts';

/** Has no return values besides its name. */
export function subnetGroup(dependencies: ElastiCacheTypeDependencies): ResourceType {
  const { client } = dependencies;
  return {
    name: 'AWS::ElastiCache::SubnetGroup',
    inTheWay: /^CacheSubnetGroupInUse$/,
    async create(request) {
      const { properties, scope, isRetry } = request;
      const given = properties.CacheSubnetGroupName as string | undefined;
      // AWS: the name is stored in lower case.
      const name = (given ?? physicalName(request, { maxLength: 255 })).toLowerCase();
      await createOnce(
        { isRetry },
        /^CacheSubnetGroupAlreadyExistsFault$/,
        client.call(
          'CreateCacheSubnetGroup',
          {
            CacheSubnetGroupName: name,
            CacheSubnetGroupDescription: String(properties.Description ?? ''),
            SubnetIds: (properties.SubnetIds ?? []) as string[],
            Tags: tagsFor(request),
          },
          scope,
        ),
      );
      return { physicalId: name, attributes: {} };
    },
    async update(request) {
      const { properties, physicalId, scope } = request;
      await client.call(
        'ModifyCacheSubnetGroup',
        {
          CacheSubnetGroupName: physicalId,
          CacheSubnetGroupDescription: String(properties.Description ?? ''),
          SubnetIds: (properties.SubnetIds ?? []) as string[],
        },
        scope,
      );
      await retag(dependencies, request, `subnetgroup:${physicalId}`);
      return { physicalId, attributes: {} };
    },
    async delete({ physicalId, scope }) {
      await unless(
        /^CacheSubnetGroupNotFoundFault$/,
        client.call('DeleteCacheSubnetGroup', { CacheSubnetGroupName: physicalId }, scope),
      );
    },
  };
}
