// S3: buckets and objects, as templates, layers and function code need them; the bytes of objects lie in files.
// Policies and access control lists are kept and shown, and decide nothing.

import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { constraints } from './constraints.ts';
import type { S3 } from './context.ts';
import { dialect } from './http/dialect.ts';
import { operations } from './operations.ts';
import { pageRules } from './page-rules.ts';
import type { Sdk } from './sdk.ts';
import { openStorage } from './storage.ts';

export interface S3Options {
  store: Store;
  clock: Clock;
  log: Log;
  /** Where the bytes of objects lie, e.g. `<data directory>/s3`; made when it is missing, and nobody else's. */
  directory: string;
}

export interface S3Service {
  readonly service: Service;
  /** Deletes what an earlier end left half done. To be awaited before the service is asked. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createS3(options: S3Options): S3Service {
  const s3 = openStorage({ ...options, log: options.log.child({ part: 's3' }) });
  return {
    service: defineService<Sdk, S3>('s3', s3, operations, {
      takesStreams: ['PutObject', 'UploadPart'],
      pageRules: pageRules(s3),
      dialect,
      constraints,
    }),
    start: () => s3.start(),
    stop: () => s3.stop(),
  };
}
