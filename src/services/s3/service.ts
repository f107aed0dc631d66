// S3: buckets and objects, as templates, layers and function code use them. Large objects are stored in files. Bucket
// policies and access control lists are recorded and not enforced.

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

/** What `createS3` needs. */
export interface S3Options {
  store: Store;
  clock: Clock;
  log: Log;
  /**
   * The directory of the objects' bytes, such as `<data directory>/s3`. It is created if missing, and nothing else may
   * use it.
   */
  directory: string;
}

/** S3 as the manifest runs it. */
export interface S3Service {
  readonly service: Service;
  /** Deletes unfinished files of an earlier run. Await it before the first request. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Builds S3 over a store and a directory. */
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
