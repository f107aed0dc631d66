import { manifest } from '../manifest.ts';
import type { Sts } from './service.ts';

export const sts = manifest<Sts>()({
  name: 'sts',
  calls: {},
  build: async () => ({ service: (await import('./service.ts')).sts }),
});
