import { manifest } from '../manifest.ts';
import type { Ec2 } from './service.ts';

export const ec2 = manifest<Ec2>()({
  name: 'ec2',
  // ElastiCache, which calls EC2, is only asked where its nodes are.
  calls: {},
  async build({ store, clock, elasticache }) {
    const { createEc2 } = await import('./service.ts');
    const { nodePlacesOf } = await import('./node-places.ts');
    return { service: createEc2({ store, clock, nodes: nodePlacesOf(elasticache) }) };
  },
  resourceTypes: async (client) => (await import('./cloudformation.ts')).ec2ResourceTypes(client),
});
