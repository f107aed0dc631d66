import { manifest } from '../manifest.ts';
import type { Iam } from './service.ts';

export const iam = manifest<Iam>()({
  name: 'iam',
  calls: {},
  async build({ store, clock }) {
    const { createIam } = await import('./service.ts');
    return { service: createIam({ store, clock }) };
  },
  resourceTypes: async (client) => (await import('./cloudformation.ts')).iamResourceTypes(client),
});
