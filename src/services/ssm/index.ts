// The manifest of SSM.

import { manifest } from '../manifest.ts';
import type { Sdk } from './sdk.ts';

/** SSM calls no other service. */
export const ssm = manifest<Sdk>()({
  name: 'ssm',
  files: {
    service: new URL('./service.ts', import.meta.url),
    resourceTypes: new URL('./cloudformation.ts', import.meta.url),
  },
  calls: {},
  async build({ store, clock, secret }) {
    const { createSsm } = await import('./service.ts');
    return { service: createSsm({ store, clock, secret }) };
  },
  resourceTypes: async (client) => (await import('./cloudformation.ts')).ssmResourceTypes(client),
});
