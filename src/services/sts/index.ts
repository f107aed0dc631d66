// The manifest of STS.

import { manifest } from '../manifest.ts';
import type { Sdk } from './sdk.ts';

/** STS calls no other service and stores nothing. */
export const sts = manifest<Sdk>()({
  name: 'sts',
  files: { service: new URL('./service.ts', import.meta.url) },
  calls: {},
  build: async ({ clock }) => ({ service: (await import('./service.ts')).createSts({ clock }) }),
});
