// RebootCacheCluster: restarts a node with empty memory. AWS: no failover happens; a rebooted primary is empty, and
// its replicas copy that.

import { invalidCacheClusterStateFault } from '../../faults/clusters.ts';
import { invalidParameterValue } from '../../faults/requests.ts';
import type { Operation } from '../../sdk.ts';
import { cacheClusterNamed, changeGroupOf } from '../lookup.ts';
import { CACHE_NODE_ID, viewMember } from '../view.ts';

export const RebootCacheCluster: Operation<'RebootCacheCluster'> = (elasticache, input, context) => {
  const { member } = cacheClusterNamed(elasticache, context, input.CacheClusterId);
  const unknown = input.CacheNodeIdsToReboot.filter((id) => id !== CACHE_NODE_ID);
  if (unknown.length > 0 || input.CacheNodeIdsToReboot.length === 0) {
    throw invalidParameterValue(`The only cache node id is ${CACHE_NODE_ID}.`);
  }
  const group = changeGroupOf(elasticache, context, member.id, (latest, target) => {
    if (latest.clusterEnabled) {
      throw invalidCacheClusterStateFault('Rebooting is not supported with cluster mode enabled.');
    }
    if (latest.status !== 'available' || target.phase !== 'available' || latest.shards[0]!.handover) {
      throw invalidCacheClusterStateFault();
    }
    target.phase = 'rebooting';
    target.start = { data: 'discard' };
    return [];
  });
  return { CacheCluster: viewMember(elasticache, context, group, member.id) };
};
