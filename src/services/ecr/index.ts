// ECR's manifest: the files it consists of, the services it calls (none), how it is built, and which requests are for
// its registry.

import { join } from 'node:path';
import { manifest } from '../manifest.ts';
import { isRegistryRequest } from './is-registry-request.ts';
import type { Sdk } from './sdk.ts';

export const ecr = manifest<Sdk>()({
  name: 'ecr',
  files: {
    service: new URL('./service.ts', import.meta.url),
    resourceTypes: new URL('./cloudformation.ts', import.meta.url),
  },
  calls: {},
  resumesWork: true,
  hasLayers: true,
  async build({ store, clock, log, secret, dataDir, url }) {
    const { createEcr } = await import('./service.ts');
    const ecr = createEcr({ store, clock, log, secret, directory: join(dataDir, 'ecr'), baseUrl: url });
    await ecr.start();
    return ecr;
  },
  resourceTypes: async (client) => (await import('./cloudformation.ts')).ecrResourceTypes(client),
  takes: isRegistryRequest,
});
