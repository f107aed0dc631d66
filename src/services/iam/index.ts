// The manifest of IAM.

import { manifest } from '../manifest.ts';
import type { Sdk } from './sdk.ts';

/** IAM calls no other service. */
export const iam = manifest<Sdk>()({
  name: 'iam',
  files: {
    service: new URL('./service.ts', import.meta.url),
    resourceTypes: new URL('./cloudformation.ts', import.meta.url),
  },
  calls: {},
  async build({ store, clock }) {
    const { createIam } = await import('./service.ts');
    return { service: createIam({ store, clock }) };
  },
  resourceTypes: async (client) => (await import('./cloudformation.ts')).iamResourceTypes(client),
});
