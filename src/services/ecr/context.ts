// The context that every operation of ECR and every request of the registry receives, and the lookups that they share.

import type { Scope } from '../../aws/scope.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import type { Authorization } from './authorization.ts';
import type { Blobs } from './blobs.ts';
import type { Records } from './records.ts';
import type { Uploads } from './uploads.ts';

/** The context of ECR; `createEcr` builds it once. */
export interface Ecr {
  store: Store;
  records: Records;
  clock: Clock;
  log: Log;
  /** The files of layers and manifests. */
  blobs: Blobs;
  uploads: Uploads;
  authorization: Authorization;
  /** Deletes the contents of a repository. Call it in the transaction that deletes its record. */
  abandonRepository(scope: Scope, id: string): void;
  /** The base URL of Millpond's API, without a slash at the end. */
  baseUrl(): string;
}

/**
 * The account and region of the registry that a request names. AWS: a registry's id is its account's. Any registry may
 * be named: Millpond records the policies of repositories and does not enforce them.
 */
export const registryOf = (asked: Scope, registryId: string | undefined): Scope => ({
  accountId: registryId ?? asked.accountId,
  region: asked.region,
});
