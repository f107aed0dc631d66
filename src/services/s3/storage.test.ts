// How bytes and versions are stored: small objects in the database, large ones in files, each version once; and what a
// start cleans up after an end at any moment.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { it, type TestContext } from 'node:test';
import { systemClock } from '../../kernel/clock.ts';
import { silentLog } from '../../kernel/log.ts';
import { migrate, STEPS } from '../../store/migrations.ts';
import { openStore } from '../../store/store.ts';
import { EVERYWHERE, objectId, versionRecordId } from './domain/ids.ts';
import type { VersionRecord } from './domain/records.ts';
import { receiveContent } from './receive.ts';
import { SMALL_BYTES } from './small-contents.ts';
import { openStorage } from './storage.ts';
import { deleteObject, storeObject } from './versions.ts';

function prepare(test: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-storage-'));
  const file = join(directory, 'state.sqlite');
  const closers: (() => void)[] = [];
  test.after(() => {
    for (const close of closers) close();
    rmSync(directory, { recursive: true, force: true });
  });
  async function open() {
    const store = openStore(file);
    closers.push(() => store.close());
    const storage = openStorage({
      store,
      clock: systemClock,
      log: silentLog,
      directory: join(directory, 's3'),
    });
    await storage.start();
    await storage.stop();
    return { store, storage };
  }
  const files = () =>
    readdirSync(join(directory, 's3', 'blobs'), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    ).length;
  return { file, open, files };
}

const BUCKET = { name: 'b', accountId: '000000000000', region: 'us-east-1', createdAt: 0, settings: {} };
const description = { metadata: {}, tags: [] };

it('an object is stored in a row or a file, and deleting it removes both', async (test) => {
  const { open, files } = prepare(test);
  const { store, storage } = await open();
  const rows = () => Number(store.prepare('SELECT count(*) AS count FROM s3_contents').get()!.count);
  storage.buckets.put(BUCKET);
  const put = async (size: number) => {
    const content = await receiveContent(storage, Buffer.alloc(size, 'x'), {});
    storeObject(storage, { bucket: 'b', key: 'k', content, description }, {});
    await storage.stop();
    return [rows(), files()];
  };
  assert.deepEqual(await put(SMALL_BYTES), [1, 0]);
  assert.deepEqual(await put(1), [1, 0]);
  assert.deepEqual(await put(SMALL_BYTES + 1), [0, 1]);
  assert.deepEqual(await put(0), [0, 0]);
  await put(10);
  storage.change((discard) =>
    deleteObject(storage, BUCKET, { key: 'k', versionId: undefined, bypass: false }, discard),
  );
  assert.deepEqual([rows(), files()], [0, 0]);
});

it('a failed change keeps the present object', async (test) => {
  const { open } = prepare(test);
  const { storage } = await open();
  storage.buckets.put(BUCKET);
  const target = async (text: string) => ({
    ...{ bucket: 'b', key: 'k', description },
    content: await receiveContent(storage, Buffer.from(text), {}),
  });
  storeObject(storage, await target('first'), {});
  const second = await target('second');
  assert.throws(() =>
    storage.change(() => {
      storeObject(storage, second, {});
      throw new Error('no');
    }),
  );
  const { content } = storage.objects.current('b', 'k')!;
  assert.equal(Buffer.from(storage.contents.read(content.segments) as Uint8Array).toString(), 'first');
});

it('versions are listed newest first, whichever collection they are in', async (test) => {
  const { open } = prepare(test);
  const { storage } = await open();
  const versions = (versioning: 'Enabled' | 'Suspended') => storage.buckets.put({ ...BUCKET, versioning });
  const content = { segments: [], size: 0, etag: '' };
  const put = (key: string) => storeObject(storage, { bucket: 'b', key, content, description }, {}).versionId;
  const drop = (key: string, versionId?: string) =>
    storage.change((discard) =>
      deleteObject(storage, storage.buckets.get('b'), { key, versionId, bypass: false }, discard),
    ).versionId!;
  const listed = (limit: number): string[] => {
    const all: VersionRecord[] = [];
    for (let last: VersionRecord | undefined; ; last = all.at(-1)) {
      const page = storage.objects.listVersions('b', '', limit, last);
      all.push(...page);
      if (page.length < limit) return all.map(({ key, versionId }) => `${key} ${versionId}`);
    }
  };
  storage.buckets.put(BUCKET);
  put('a');
  versions('Enabled');
  const [one, two] = [put('a'), put('a')];
  const marker = drop('a');
  const other = put('a\u0001');
  for (const limit of [1, 2, 3, 100]) {
    assert.deepEqual(listed(limit), [`a ${marker}`, `a ${two}`, `a ${one}`, 'a null', `a\u0001 ${other}`]);
  }
  assert.equal(storage.objects.current('b', 'a'), undefined);
  drop('a', marker);
  assert.equal(storage.objects.current('b', 'a')?.versionId, two);
  versions('Suspended');
  put('a');
  assert.deepEqual(listed(2), ['a null', `a ${two}`, `a ${one}`, `a\u0001 ${other}`]);
  drop('a');
  assert.deepEqual(listed(2), ['a null', `a ${two}`, `a ${one}`, `a\u0001 ${other}`]);
  assert.equal(storage.objects.latest('b', 'a')?.content, undefined);
  drop('a', 'null');
  assert.equal(storage.objects.current('b', 'a')?.versionId, two);
  assert.deepEqual(
    storage.objects.list('b', '', 10).map(({ key }) => key),
    ['a', 'a\u0001'],
  );
});

it('a start deletes the parts of ended uploads, except those that became objects', async (test) => {
  const { open, files } = prepare(test);
  const first = await open();
  const { storage } = first;
  storage.buckets.put(BUCKET);
  const part = async (uploadId: string, partNumber: number, size: number) => {
    const received = await receiveContent(storage, Buffer.alloc(size, 'p'), {});
    return storage.change(() => {
      const content = storage.contents.keep(received);
      storage.uploads.putPart({ uploadId, partNumber, lastModified: 0, content });
      return content;
    });
  };
  const [large, small] = [await part('completed', 1, SMALL_BYTES + 1), await part('completed', 2, 5)];
  await part('given-up', 1, SMALL_BYTES + 1);
  await part('given-up', 2, 5);
  const segments = [large, small].flatMap((content, index) =>
    content.segments.map((segment) => ({ ...segment, partNumber: index + 1 })),
  );
  storeObject(
    storage,
    { bucket: 'b', key: 'k', content: { segments, size: SMALL_BYTES + 6, etag: '' }, description },
    {},
  );
  assert.equal(files(), 2);
  first.store.close();

  const { store, storage: restarted } = await open();
  assert.equal(files(), 1);
  assert.equal(Number(store.prepare('SELECT count(*) AS count FROM s3_contents').get()!.count), 1);
  assert.deepEqual(await restarted.uploads.ended(), new Set());
  let bytes = 0;
  for await (const piece of restarted.contents.read(segments) as AsyncIterable<Buffer>) bytes += piece.length;
  assert.equal(bytes, SMALL_BYTES + 6);
});

it('an older state, with current versions stored twice, is still readable', async (test) => {
  const { file, open } = prepare(test);
  const database = new DatabaseSync(file);
  migrate(database, STEPS.slice(0, 4));
  const put = (kind: string, id: string, value: object) =>
    database
      .prepare('INSERT INTO documents VALUES (?, ?, ?, ?, ?)')
      .run(kind, EVERYWHERE.accountId, EVERYWHERE.region, id, JSON.stringify(value));
  const version = (key: string, sequence: number, versionId: string, isLive = true) => ({
    ...{ bucket: 'b', key, sequence, versionId, lastModified: 0, description },
    ...(isLive && { content: { segments: [], size: 0, etag: '' } }),
  });
  const keys = ['k', 'k\u0001', 'é/ü'];
  for (const key of keys) {
    for (const sequence of [1, 2])
      put('s3/version', versionRecordId('b', key, sequence), version(key, sequence, `v${sequence}`));
    put('s3/object', objectId('b', key), version(key, 2, 'v2'));
  }
  put('s3/version', versionRecordId('b', 'gone', 1), version('gone', 1, 'v1', false));
  database.close();
  const { storage } = await open();
  assert.deepEqual(
    storage.objects.listVersions('b', '', 100).map(({ key, versionId }) => `${key} ${versionId}`),
    ['gone v1', 'k v2', 'k v1', 'k\u0001 v2', 'k\u0001 v1', 'é/ü v2', 'é/ü v1'],
  );
});
