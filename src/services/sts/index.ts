import { manifest } from '../manifest.ts';
import type { Sdk } from './sdk.ts';

export const sts = manifest<Sdk>()({
  name: 'sts',
  calls: {},
  build: async ({ clock }) => ({ service: (await import('./service.ts')).createSts({ clock }) }),
});
