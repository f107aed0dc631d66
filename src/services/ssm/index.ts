import { manifest } from '../manifest.ts';
import type { Sdk } from './sdk.ts';

export const ssm = manifest<Sdk>()({
  name: 'ssm',
  calls: {},
  async build({ store, clock, secret }) {
    const { createSsm } = await import('./service.ts');
    return { service: createSsm({ store, clock, secret }) };
  },
  resourceTypes: async (client) => (await import('./cloudformation.ts')).ssmResourceTypes(client),
});
