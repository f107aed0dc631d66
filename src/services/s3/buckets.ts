// The buckets: one namespace for all accounts and regions.

import type { Store } from '../../store/store.ts';
import { EVERYWHERE } from './domain/ids.ts';
import type { BucketRecord } from './domain/records.ts';
import { accessDenied, noSuchBucket } from './faults.ts';

export interface Buckets {
  find(name: string): BucketRecord | undefined;
  /** Throws NoSuchBucket, or AccessDenied where another owner was expected. */
  get(name: string, expectedOwner?: string): BucketRecord;
  put(bucket: BucketRecord): void;
  delete(name: string): void;
  /** Sorted by name. */
  ownedBy(accountId: string): BucketRecord[];
}

export function openBuckets(store: Store): Buckets {
  const buckets = store.collection<BucketRecord>('s3/bucket');
  const find = (name: string) => buckets.get(EVERYWHERE, name);
  return {
    find,
    get(name, expectedOwner) {
      const bucket = find(name);
      if (!bucket) throw noSuchBucket(name);
      if (expectedOwner !== undefined && expectedOwner !== bucket.accountId) throw accessDenied();
      return bucket;
    },
    put: (bucket) => buckets.put(EVERYWHERE, bucket.name, bucket),
    delete: (name) => buckets.delete(EVERYWHERE, name),
    ownedBy: (accountId) => buckets.list(EVERYWHERE).filter((bucket) => bucket.accountId === accountId),
  };
}
