// ListAllowedNodeTypeModifications: what a cluster or a group could be scaled to.

import type { ElastiCache, Operation } from '../../elasticache.ts';
import { scaleTargets } from '../../engines/domain/node-types.ts';
import { invalidParameterCombination } from '../../faults.ts';
import { cacheClusterNamed, replicationGroupNamed } from '../lookup.ts';

export const listAllowedNodeTypeModifications =
  (elasticache: ElastiCache): Operation<'ListAllowedNodeTypeModifications'> =>
  (input, context) => {
    const { CacheClusterId, ReplicationGroupId } = input;
    if ((CacheClusterId === undefined) === (ReplicationGroupId === undefined)) {
      throw invalidParameterCombination('Specify either CacheClusterId or ReplicationGroupId.');
    }
    const group =
      ReplicationGroupId !== undefined
        ? replicationGroupNamed(elasticache, context, ReplicationGroupId)
        : cacheClusterNamed(elasticache, context, CacheClusterId).group;
    const { up, down } = scaleTargets(group.nodeType);
    return { ScaleUpModifications: [...up], ScaleDownModifications: [...down] };
  };
