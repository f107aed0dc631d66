// The buckets: one namespace for all accounts and regions. Settings that can be large are stored apart from their
// bucket, so that storing an object does not read them.

import type { Page, PageRequest, Pages } from '../../aws/pages.ts';
import { openRecords, type RecordKind } from '../../aws/records.ts';
import type { Collection, Store } from '../../store/store.ts';
import { configurationId, EVERYWHERE, objectId } from './domain/ids.ts';
import type { BucketConfiguration, BucketRecord } from './domain/records.ts';
import { noSuchBucket, notYourBucket } from './faults/buckets.ts';

/** The records of buckets and their settings. */
export interface Buckets {
  find(name: string): BucketRecord | undefined;
  /** Throws NoSuchBucket, or AccessDenied if another owner was expected. */
  get(name: string, expectedOwner?: string): BucketRecord;
  put(bucket: BucketRecord): void;
  /** Deletes a bucket with all of its settings. */
  delete(name: string): void;
  countOwnedBy(accountId: string): number;
  /** One page of buckets, sorted by name. */
  page(
    pages: Pages,
    request: PageRequest & { prefix: string; wanted(bucket: BucketRecord): boolean },
  ): Promise<Page<BucketRecord>>;
  setting(bucket: BucketRecord, member: string): unknown;
  /** Sets a setting; `undefined` removes it. */
  setSetting(bucket: BucketRecord, member: string, value: unknown): void;
  /** Keyed by `configurationId`. */
  readonly configurations: Collection<BucketConfiguration>;
}

/** Settings that operations on objects do not read and that can have a thousand rules. */
const STORED_APART = new Set([
  'CORSConfiguration',
  'LifecycleConfiguration',
  'NotificationConfiguration',
  'Policy',
  'ReplicationConfiguration',
  'WebsiteConfiguration',
]);

const BUCKETS: RecordKind<BucketRecord> = {
  collection: 's3/bucket',
  idOf: ({ name }) => name,
  placeOf: () => EVERYWHERE,
  indexes: { owner: ({ accountId }) => accountId },
  notFound: noSuchBucket,
};

/** Opens the collections in the store. */
export function openBuckets(store: Store): Buckets {
  const buckets = openRecords(store, BUCKETS);
  const apart = store.collection<{ value: unknown }>('s3/setting');
  const configurations = store.collection<BucketConfiguration>('s3/configuration');
  const settingId = (bucket: string, member: string) => `${objectId(bucket, '')}${member}`;

  function removeAll(collection: Collection<unknown>, prefix: string): void {
    for (const { id } of collection.entries(EVERYWHERE, { prefix })) collection.delete(EVERYWHERE, id);
  }

  return {
    find: (name) => buckets.find(EVERYWHERE, name),
    get(name, expectedOwner) {
      const bucket = buckets.existing(EVERYWHERE, name);
      if (expectedOwner !== undefined && expectedOwner !== bucket.accountId)
        throw notYourBucket(bucket.region);
      return bucket;
    },
    put: (bucket) => buckets.put(EVERYWHERE, bucket),
    delete(name) {
      removeAll(apart as Collection<unknown>, objectId(name, ''));
      removeAll(configurations as Collection<unknown>, configurationId(name, '').slice(0, -1));
      buckets.remove(EVERYWHERE, name);
    },
    countOwnedBy: (accountId) => buckets.countBy(EVERYWHERE, 'owner', accountId),
    page: (pages, request) => pages.ofCollection(buckets, EVERYWHERE, request),
    setting(bucket, member) {
      const kept = bucket.settings[member];
      if (kept !== undefined || !STORED_APART.has(member)) return kept;
      return apart.get(EVERYWHERE, settingId(bucket.name, member))?.value;
    },
    setSetting(bucket, member, value) {
      const { [member]: old, ...others } = bucket.settings;
      const id = settingId(bucket.name, member);
      if (!STORED_APART.has(member)) {
        buckets.put(EVERYWHERE, {
          ...bucket,
          settings: value === undefined ? others : { ...others, [member]: value },
        });
        return;
      }
      // Earlier versions stored the setting with the bucket.
      if (old !== undefined) buckets.put(EVERYWHERE, { ...bucket, settings: others });
      if (value === undefined) apart.delete(EVERYWHERE, id);
      else apart.put(EVERYWHERE, id, { value });
    },
    configurations,
  };
}
