// The resource type AWS::ElastiCache::ParameterGroup. AWS: its name is always generated.

import { physicalName } from '../../../../control/physical-name.ts';
import { createOnce, unless } from '../../../../control/resource-attempts.ts';
import type { Properties, ResourceRequest, ResourceType } from '../../../../control/resource-type.ts';
import type { ElastiCacheTypeDependencies } from '../../resource-type-dependencies.ts';
import { retag, tagsFor } from '../../tags/resource-tags.ts';

/** AWS: the number of parameters that one request may change. */
const AT_ONCE = 20;

/** Return value: `CacheParameterGroupName`. */
export function parameterGroup(dependencies: ElastiCacheTypeDependencies): ResourceType {
  const { client } = dependencies;

  async function setParameters(name: string, properties: Properties, scope: ResourceRequest['scope']) {
    const wanted = Object.entries((properties.Properties ?? {}) as Properties).map(
      ([ParameterName, value]) => ({
        ParameterName,
        ParameterValue: String(value),
      }),
    );
    for (let at = 0; at < wanted.length; at += AT_ONCE) {
      const ParameterNameValues = wanted.slice(at, at + AT_ONCE);
      await client.call(
        'ModifyCacheParameterGroup',
        { CacheParameterGroupName: name, ParameterNameValues },
        scope,
      );
    }
  }

  const stateOf = (name: string) => ({ physicalId: name, attributes: { CacheParameterGroupName: name } });

  return {
    name: 'AWS::ElastiCache::ParameterGroup',
    inTheWay: /^(CacheParameterGroupInUse|InvalidCacheParameterGroupStateFault)$/,
    async create(request) {
      const { properties, scope, isRetry } = request;
      const name = physicalName(request, { maxLength: 255, lowerCase: true });
      await createOnce(
        { isRetry },
        /^CacheParameterGroupAlreadyExistsFault$/,
        client.call(
          'CreateCacheParameterGroup',
          {
            CacheParameterGroupName: name,
            CacheParameterGroupFamily: String(properties.CacheParameterGroupFamily ?? ''),
            Description: String(properties.Description ?? ''),
            Tags: tagsFor(request),
          },
          scope,
        ),
      );
      await setParameters(name, properties, scope).catch(async (error: unknown) => {
        // The group is not recorded yet, so no rollback would delete it.
        await client
          .call('DeleteCacheParameterGroup', { CacheParameterGroupName: name }, scope)
          .catch(() => {});
        throw error;
      });
      return stateOf(name);
    },
    async update(request) {
      const { properties, before, physicalId, scope } = request;
      const now = (properties.Properties ?? {}) as Properties;
      const gone = Object.keys((before.Properties ?? {}) as Properties).filter(
        (name) => !Object.hasOwn(now, name),
      );
      for (let at = 0; at < gone.length; at += AT_ONCE) {
        const ParameterNameValues = gone.slice(at, at + AT_ONCE).map((ParameterName) => ({ ParameterName }));
        await client.call(
          'ResetCacheParameterGroup',
          { CacheParameterGroupName: physicalId, ParameterNameValues },
          scope,
        );
      }
      await setParameters(physicalId, properties, scope);
      await retag(dependencies, request, `parametergroup:${physicalId}`);
      return stateOf(physicalId);
    },
    async delete({ physicalId, scope }) {
      await unless(
        /^CacheParameterGroupNotFoundFault$/,
        client.call('DeleteCacheParameterGroup', { CacheParameterGroupName: physicalId }, scope),
      );
    },
  };
}
