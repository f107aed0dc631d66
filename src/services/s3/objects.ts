// The objects of all buckets: all versions of each key, and which of them is current. If the latest version is an
// object, it is stored in the collection of current versions; older versions and all delete markers are in the
// collection of earlier ones. A version is stored once, and listing current objects reads no others. Call the methods
// in a transaction. Methods that end a version return its segments, for the caller to discard.

import type { Store } from '../../store/store.ts';
import { EVERYWHERE, objectId, versionRecordId, versionsFrom } from './domain/ids.ts';
import { isLive, type LiveVersion, type Segment, type VersionRecord } from './domain/records.ts';

/** A version before it has a sequence number. */
export type NewVersion = Omit<VersionRecord, 'sequence'>;

/** The records of object versions. */
export interface Objects {
  /** The current object; `undefined` if there is none or the latest version is a delete marker. */
  current(bucket: string, key: string): LiveVersion | undefined;
  /** The latest version, which may be a delete marker. */
  latest(bucket: string, key: string): VersionRecord | undefined;
  version(bucket: string, key: string, versionId: string): VersionRecord | undefined;
  /**
   * Adds the latest version. A version with the id `null` replaces the present one with that id, whose segments are
   * returned.
   */
  add(version: NewVersion): Segment[];
  /** Replaces the record of a version, with the same position and bytes. */
  update(version: VersionRecord): void;
  /** Deletes a version permanently and returns its segments. */
  remove(version: VersionRecord): Segment[];
  /**
   * Current objects sorted by key, starting at the key `from` or after the item `after`. Fewer than `limit` means that
   * there are no more.
   */
  list(bucket: string, from: string, limit: number, after?: VersionRecord): LiveVersion[];
  /**
   * All versions sorted by key, newest first, starting at the key `from` or after the item `after`. Fewer than `limit`
   * means that there are no more.
   */
  listVersions(bucket: string, from: string, limit: number, after?: VersionRecord): VersionRecord[];
  isEmpty(bucket: string): boolean;
  /** The segments of all versions. */
  segments(): AsyncIterable<Segment>;
}

const BATCH = 100;

/** Opens the collections in the store. */
export function openObjects(store: Store): Objects {
  const current = store.collection<LiveVersion>('s3/object');
  const earlier = store.collection<VersionRecord>('s3/version');

  const currentOf = (bucket: string, key: string) => current.get(EVERYWHERE, objectId(bucket, key));

  function* earlierOf(bucket: string, key: string): Generator<VersionRecord> {
    const prefix = versionsFrom(bucket, key);
    let after: string | undefined;
    for (let limit = 1; ; limit = BATCH) {
      const batch = earlier.list(EVERYWHERE, { prefix, after, limit });
      yield* batch;
      if (batch.length < limit) return;
      after = recordId(batch.at(-1)!);
    }
  }

  const newestEarlier = (bucket: string, key: string): VersionRecord | undefined =>
    earlier.list(EVERYWHERE, { prefix: versionsFrom(bucket, key), limit: 1 })[0];

  const latest = (bucket: string, key: string): VersionRecord | undefined =>
    currentOf(bucket, key) ?? newestEarlier(bucket, key);

  function find(
    bucket: string,
    key: string,
    versionId: string,
    live = currentOf(bucket, key),
  ): VersionRecord | undefined {
    if (live?.versionId === versionId) return live;
    for (const version of earlierOf(bucket, key)) if (version.versionId === versionId) return version;
    return undefined;
  }

  /** Stores the latest version: among the current ones, unless it is a delete marker. */
  function putLatest(version: VersionRecord): void {
    if (isLive(version)) current.put(EVERYWHERE, objectId(version.bucket, version.key), version);
    else earlier.put(EVERYWHERE, recordId(version), version);
  }

  function add({ bucket, key, ...rest }: NewVersion): Segment[] {
    const live = currentOf(bucket, key);
    const before = live ?? newestEarlier(bucket, key);
    const version: VersionRecord = { bucket, key, ...rest, sequence: (before?.sequence ?? 0) + 1 };
    const replaced = before && rest.versionId === 'null' ? find(bucket, key, 'null', live) : undefined;
    if (replaced && replaced.sequence !== live?.sequence) earlier.delete(EVERYWHERE, recordId(replaced));
    if (live && replaced?.sequence !== live.sequence) earlier.put(EVERYWHERE, recordId(live), live);
    if (live && !isLive(version)) current.delete(EVERYWHERE, objectId(bucket, key));
    putLatest(version);
    return segmentsOf(replaced);
  }

  function remove(version: VersionRecord): Segment[] {
    const { bucket, key, sequence } = version;
    if (currentOf(bucket, key)?.sequence === sequence) current.delete(EVERYWHERE, objectId(bucket, key));
    else earlier.delete(EVERYWHERE, recordId(version));
    if (!currentOf(bucket, key)) promoteNewest(bucket, key);
    return segmentsOf(version);
  }

  /** After the latest version was deleted, the version before it becomes current. */
  function promoteNewest(bucket: string, key: string): void {
    const newest = newestEarlier(bucket, key);
    if (!newest || !isLive(newest)) return;
    earlier.delete(EVERYWHERE, recordId(newest));
    putLatest(newest);
  }

  /** Both collections sort by the same ids, and a current version sorts before the earlier versions of its key. */
  function merged(start: string, end: string, limit: number): VersionRecord[] {
    const range = { prefix: end, from: start, limit };
    const entries = [...current.entries(EVERYWHERE, range), ...earlier.entries(EVERYWHERE, range)];
    const sorted = entries.map(({ id, value }) => ({ id: Buffer.from(id), value }));
    sorted.sort((one, other) => Buffer.compare(one.id, other.id));
    return sorted.slice(0, limit).map(({ value }) => value);
  }

  async function* segments(): AsyncGenerator<Segment> {
    for (const collection of [current, earlier]) {
      for await (const batch of collection.batches(EVERYWHERE)) {
        for (const { value } of batch) yield* segmentsOf(value);
      }
    }
  }

  return {
    current: currentOf,
    latest,
    version: (bucket, key, versionId) => find(bucket, key, versionId),
    add,
    update(version) {
      const { bucket, key, sequence } = version;
      const isLatest = currentOf(bucket, key)?.sequence === sequence;
      if (isLatest) putLatest(version);
      else earlier.put(EVERYWHERE, recordId(version), version);
    },
    remove,
    list(bucket, from, limit, after) {
      const start = after ? versionsFrom(bucket, after.key) : objectId(bucket, from);
      return current.list(EVERYWHERE, { prefix: objectId(bucket, ''), from: start, limit });
    },
    listVersions(bucket, from, limit, after) {
      const start = after ? `${recordId(after)}/` : objectId(bucket, from);
      return merged(start, objectId(bucket, ''), limit);
    },
    isEmpty(bucket) {
      const range = { prefix: objectId(bucket, ''), limit: 1 };
      return [current, earlier].every((collection) => collection.list(EVERYWHERE, range).length === 0);
    },
    segments,
  };
}

/** The id of an earlier version. The id of the current version sorts before all of them. */
const recordId = ({ bucket, key, sequence }: VersionRecord): string => versionRecordId(bucket, key, sequence);

const segmentsOf = (version: Pick<VersionRecord, 'content'> | undefined): Segment[] =>
  version?.content?.segments ?? [];

/** The names of the files among segments. */
export const filesOf = (segments: readonly Segment[]): string[] =>
  segments.flatMap(({ blob }) => (blob === undefined ? [] : [blob]));
