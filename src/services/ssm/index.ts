import { manifest } from '../manifest.ts';
import type { Ssm } from './service.ts';

export const ssm = manifest<Ssm>()({
  name: 'ssm',
  calls: {},
  async build({ store, clock, secret }) {
    const { createSsm } = await import('./service.ts');
    return { service: createSsm({ store, clock, secret }) };
  },
  resourceTypes: async (client) => (await import('./cloudformation.ts')).ssmResourceTypes(client),
});
