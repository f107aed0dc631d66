// The manifest of ECS.

import { manifest } from '../manifest.ts';
import type { Sdk } from './sdk.ts';

export const ecs = manifest<Sdk>()({
  name: 'ecs',
  files: { service: new URL('./service.ts', import.meta.url) },
  calls: {},
  async build({ store, clock, log }) {
    const { createEcs } = await import('./service.ts');
    return createEcs({ store, clock, log });
  },
});
