// The objects of all buckets: every version of a key, and which one is current. Changes are to be made in a
// transaction; the files of what they end are named, for the caller to discard once it is committed.

import type { Store } from '../../store/store.ts';
import { EVERYWHERE, objectId, versionRecordId, versionsFrom } from './domain/ids.ts';
import { isLive, type LiveVersion, type VersionRecord } from './domain/records.ts';

export type NewVersion = Omit<VersionRecord, 'sequence'>;

export interface Objects {
  /** Only a live one: a delete marker is none. */
  current(bucket: string, key: string): LiveVersion | undefined;
  /** The latest version, be it a delete marker. */
  latest(bucket: string, key: string): VersionRecord | undefined;
  version(bucket: string, key: string, versionId: string): VersionRecord | undefined;
  /** Makes it the current one. One with the id `null` takes the place of another such; its files are returned. */
  add(version: NewVersion): string[];
  /** As it is, but for what is written about it. */
  update(version: VersionRecord): void;
  /** Ends a version for good; returns its files. */
  remove(version: VersionRecord): string[];
  /** Live current ones by key, from a key on or behind one of them. Fewer than `limit`: there are no more. */
  list(bucket: string, from: string, limit: number, after?: VersionRecord): LiveVersion[];
  /** Versions by key, newest first, from a key on or behind one of them. */
  listVersions(bucket: string, from: string, limit: number, after?: VersionRecord): VersionRecord[];
  isEmpty(bucket: string): boolean;
  /** Calls back with the name of every file in use. */
  eachBlob(use: (blob: string) => void): void;
}

const BATCH = 100;

export function openObjects(store: Store): Objects {
  const current = store.collection<LiveVersion>('s3/object');
  const versions = store.collection<VersionRecord>('s3/version');

  function* versionsOf(bucket: string, key: string): Generator<VersionRecord> {
    let from = versionsFrom(bucket, key);
    // Most keys have one version, and most who ask want the first.
    for (let limit = 1; ; limit = BATCH) {
      const batch = versions.list(EVERYWHERE, { from, limit });
      for (const version of batch) {
        if (version.bucket !== bucket || version.key !== key) return;
        yield version;
      }
      if (batch.length < limit) return;
      from = behind(batch.at(-1)!);
    }
  }

  function find(bucket: string, key: string, versionId: string): VersionRecord | undefined {
    for (const version of versionsOf(bucket, key)) if (version.versionId === versionId) return version;
    return undefined;
  }

  const latest = (bucket: string, key: string): VersionRecord | undefined =>
    versionsOf(bucket, key).next().value ?? undefined;

  function showLatest(bucket: string, key: string): void {
    const version = latest(bucket, key);
    if (version && isLive(version)) current.put(EVERYWHERE, objectId(bucket, key), version);
    else current.delete(EVERYWHERE, objectId(bucket, key));
  }

  function remove(version: VersionRecord): string[] {
    const { bucket, key, sequence } = version;
    versions.delete(EVERYWHERE, versionRecordId(bucket, key, sequence));
    showLatest(bucket, key);
    return blobsOf(version);
  }

  return {
    current: (bucket, key) => current.get(EVERYWHERE, objectId(bucket, key)),
    latest,
    version: find,
    add(version) {
      const { bucket, key, versionId } = version;
      const sequence = (latest(bucket, key)?.sequence ?? 0) + 1;
      const replaced = versionId === 'null' ? find(bucket, key, 'null') : undefined;
      const freed = replaced ? remove(replaced) : [];
      versions.put(EVERYWHERE, versionRecordId(bucket, key, sequence), { ...version, sequence });
      showLatest(bucket, key);
      return freed;
    },
    update(version) {
      const { bucket, key, sequence } = version;
      versions.put(EVERYWHERE, versionRecordId(bucket, key, sequence), version);
      showLatest(bucket, key);
    },
    remove,
    list(bucket, from, limit, after) {
      const start = after ? versionsFrom(bucket, after.key) : objectId(bucket, from);
      return ownOnly(bucket, current.list(EVERYWHERE, { from: start, limit }));
    },
    listVersions(bucket, from, limit, after) {
      const start = after ? behind(after) : objectId(bucket, from);
      return ownOnly(bucket, versions.list(EVERYWHERE, { from: start, limit }));
    },
    isEmpty: (bucket) => versions.list(EVERYWHERE, { prefix: objectId(bucket, ''), limit: 1 }).length === 0,
    eachBlob(use) {
      for (const { value } of versions.listAll()) for (const blob of blobsOf(value)) use(blob);
    },
  };
}

const behind = (version: VersionRecord): string =>
  `${versionRecordId(version.bucket, version.key, version.sequence)}/`;

/** Behind the bucket's own records come those of the next. */
const ownOnly = <T extends VersionRecord>(bucket: string, found: T[]): T[] =>
  found.filter((version) => version.bucket === bucket);

export const blobsOf = ({ content }: Pick<VersionRecord, 'content'>): string[] =>
  (content?.segments ?? []).flatMap(({ blob }) => (blob === undefined ? [] : [blob]));
