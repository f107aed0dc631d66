// S3's manifest: the files it consists of, the services it calls (none), and how it is built.

import { join } from 'node:path';
import { manifest } from '../manifest.ts';
import { openBuckets } from './buckets.ts';
import { dialect } from './http/dialect.ts';
import type { Sdk } from './sdk.ts';

export const s3 = manifest<Sdk>()({
  name: 's3',
  files: {
    service: new URL('./service.ts', import.meta.url),
    resourceTypes: new URL('./cloudformation.ts', import.meta.url),
  },
  dialect,
  calls: {},
  async build({ store, clock, log, dataDir }) {
    const { createS3 } = await import('./service.ts');
    const s3 = createS3({ store, clock, log, directory: join(dataDir, 's3') });
    await s3.start();
    return s3;
  },
  resourceTypes: async (client) => (await import('./cloudformation.ts')).createS3Types({ client }),
  hostNames({ store }) {
    const buckets = openBuckets(store);
    return (name) => buckets.find(name) !== undefined;
  },
});
