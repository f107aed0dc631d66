// The manifest of EC2.

import { backTo, manifest } from '../manifest.ts';
import type { Sdk } from './sdk.ts';

/** EC2 calls ElastiCache, which calls EC2 to read subnets and security groups. */
export const ec2 = manifest<Sdk>()({
  name: 'ec2',
  files: {
    service: new URL('./service.ts', import.meta.url),
    resourceTypes: new URL('./cloudformation.ts', import.meta.url),
  },
  calls: { elasticache: backTo<typeof import('@aws-sdk/client-elasticache')>('elasticache') },
  hasNetworkRules: true,
  async build({ store, clock, endpoints, enforcement }, { elasticache }) {
    const { createEc2 } = await import('./service.ts');
    const { nodePlacesOf } = await import('./node-places.ts');
    // If ElastiCache has another endpoint, its nodes use no network of this EC2.
    const nodes = endpoints.elasticache ? {} : { nodes: nodePlacesOf(elasticache) };
    const networkChanged = enforcement && (() => enforcement.rulesChanged());
    const service = createEc2({ store, clock, ...nodes, networkChanged });
    return { service, networkRules: service.networkRules };
  },
  resourceTypes: async (client) => (await import('./cloudformation.ts')).ec2ResourceTypes(client),
});
