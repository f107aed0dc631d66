// The manifest of S3 Control.

import { manifest, to } from '../manifest.ts';
import { dialect } from './dialect.ts';
import type { Sdk } from './sdk.ts';

/** S3 Control calls S3. */
export const s3Control = manifest<Sdk>()({
  name: 's3-control',
  files: { service: new URL('./service.ts', import.meta.url) },
  dialect,
  calls: { s3: to<typeof import('@aws-sdk/client-s3')>('s3') },
  build: async (_, { s3 }) => ({ service: (await import('./service.ts')).createS3Control(s3) }),
});
