// ListAllowedNodeTypeModifications: the node types that a cluster or a group can be scaled to.

import { scaleTargets } from '../../engines/domain/node-types.ts';
import { invalidParameterCombination } from '../../faults/requests.ts';
import type { Operation } from '../../sdk.ts';
import { cacheClusterNamed, replicationGroupNamed } from '../lookup.ts';

export const ListAllowedNodeTypeModifications: Operation<'ListAllowedNodeTypeModifications'> = (
  elasticache,
  input,
  context,
) => {
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
