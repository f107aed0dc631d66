import { manifest } from '../manifest.ts';
import type { Ec2 } from './service.ts';

export const ec2 = manifest<Ec2>()({
  name: 'ec2',
  calls: {},
  async build({ store, clock }) {
    const { createEc2 } = await import('./service.ts');
    return { service: createEc2({ store, clock }) };
  },
  resourceTypes: async (client) => (await import('./cloudformation.ts')).ec2ResourceTypes(client),
});
