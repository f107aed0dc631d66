// The manifest of Elastic Load Balancing.

import { manifest } from '../manifest.ts';
import type { Sdk } from './sdk.ts';

export const elbv2 = manifest<Sdk>()({
  name: 'elasticloadbalancing',
  files: { service: new URL('./service.ts', import.meta.url) },
  calls: {},
  async build({ store, clock, log }) {
    const { createLoadBalancing } = await import('./service.ts');
    return createLoadBalancing({ store, clock, log });
  },
});
