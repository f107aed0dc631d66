// ECR: repositories of container images, with the registry that Docker and other clients push to. Policies of
// repositories and lifecycle policies are recorded and not enforced, and no image is scanned.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Clock } from '../../kernel/clock.ts';
import { OperationalError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import { defineService, type Service } from '../../wire/service.ts';
import type { LayerFile } from '../manifest.ts';
import { createAuthorization } from './authorization.ts';
import { openBlobs } from './blobs.ts';
import { constraints } from './constraints.ts';
import type { Ecr } from './context.ts';
import { parseDigest } from './domain/digests.ts';
import { isRegistryRequest } from './is-registry-request.ts';
import { isStored } from './layers.ts';
import { operations } from './operations.ts';
import { openRecords } from './records.ts';
import { serveRegistry } from './registry/serve.ts';
import type { Sdk } from './sdk.ts';
import { createSweeper } from './sweeper.ts';
import { openUploads } from './uploads.ts';

/** What `createEcr` needs. */
export interface EcrOptions {
  store: Store;
  clock: Clock;
  log: Log;
  /** The instance's secret. Tokens of another secret are invalid. */
  secret: string;
  /** The directory of images. It is created if missing, and nothing else may use it. */
  directory: string;
  /** The base URL of Millpond's API, without a slash at the end. */
  baseUrl(): string;
}

/** ECR as the manifest runs it. */
export interface EcrService {
  readonly service: Service;
  /** Deletes what earlier runs left. Await it before the first request. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Answers a request to the registry, at `/v2/`; false for any other. */
  take(request: IncomingMessage, response: ServerResponse): boolean;
  /** The file of a layer or a configuration. */
  layerFile: LayerFile;
  /** Deletes what nothing refers to. For tests. */
  sweep(): Promise<void>;
}

/** Builds ECR over a store and a directory. */
export function createEcr({ store, clock, secret, directory, baseUrl, ...options }: EcrOptions): EcrService {
  const log = options.log.child({ service: 'ecr' });
  const records = openRecords(store);
  const blobs = openBlobs({
    directory: join(directory, 'blobs'),
    isReferenced: (digest) => isStored({ records }, digest),
    log,
  });
  const uploads = openUploads({ directory: join(directory, 'uploads'), records, clock });
  const authorization = createAuthorization(secret, clock);
  const ecr: Ecr = {
    ...{ store, records, clock, log, blobs, uploads, authorization, baseUrl },
    abandonRepository: (scope, id) => sweeper.abandon(scope, id),
  };
  const sweeper = createSweeper(ecr);
  return {
    service: defineService<Sdk, Ecr>('ecr', ecr, operations, { constraints }),
    async start() {
      await Promise.all([blobs.start(), uploads.start()]);
      sweeper.start();
    },
    async stop() {
      await sweeper.stop();
      await Promise.all([uploads.stop(), blobs.stop()]);
    },
    take(request, response) {
      if (!isRegistryRequest(request)) return false;
      void serveRegistry(ecr, request, response);
      return true;
    },
    async layerFile(text) {
      const digest = parseDigest(text);
      if (!digest) throw new OperationalError('StateUnreadable', `${text.slice(0, 200)} is not a digest.`);
      const release = blobs.hold(digest.text);
      try {
        return { path: await blobs.file(digest), release };
      } catch (error) {
        release();
        throw error;
      }
    },
    sweep: () => sweeper.sweep(),
  };
}
