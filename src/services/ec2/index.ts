import { backTo, manifest } from '../manifest.ts';
import type { Ec2 } from './service.ts';

export const ec2 = manifest<Ec2>()({
  name: 'ec2',
  calls: { elasticache: backTo<typeof import('@aws-sdk/client-elasticache')>('elasticache') },
  async build({ store, clock, endpoints }, { elasticache }) {
    const { createEc2 } = await import('./service.ts');
    const { nodePlacesOf } = await import('./node-places.ts');
    // Nodes of an ElastiCache elsewhere are in nobody's network here.
    const nodes = endpoints.elasticache ? {} : { nodes: nodePlacesOf(elasticache) };
    return { service: createEc2({ store, clock, ...nodes }) };
  },
  resourceTypes: async (client) => (await import('./cloudformation.ts')).ec2ResourceTypes(client),
});
