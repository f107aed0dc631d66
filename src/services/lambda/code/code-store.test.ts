// Tests packages on disk: complete or absent at whatever step the process ends, and deleted when unneeded.

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { longestTurn } from '../../../../test/support/longest-turn.ts';
import { silentLog } from '../../../kernel/log.ts';
import { zip } from '../../../kernel/zip.ts';
import { type CodeStore, openCodeStore, type Step } from './code-store.ts';

const PACKAGE = zip({ 'index.js': 'x', 'lib/more.js': 'y' });

async function place(context: TestContext): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'millpond-code-'));
  context.after(() => rm(root, { recursive: true, force: true }));
  return root;
}

/** A store that stops at this step, as if its process had ended: what waits for it never continues. */
function endingAt(root: string, last: Step, records: ReadonlySet<string>, openedAtOnce = 100) {
  const ended = Promise.withResolvers<void>();
  const store = openCodeStore({
    ...{ root, log: silentLog, openedAtOnce },
    isReferenced: (hash) => records.has(hash),
    async between(step) {
      if (step !== last) return;
      ended.resolve();
      await new Promise(() => {});
    },
  });
  return { store, ended: ended.promise };
}

async function restarted(root: string, records: ReadonlySet<string>): Promise<CodeStore> {
  const store = openCodeStore({ root, log: silentLog, isReferenced: (hash) => records.has(hash) });
  await store.start();
  await store.stop();
  return store;
}

async function isWhole(store: CodeStore, hash: string): Promise<boolean> {
  const content = store.directoryOf(hash);
  if (!existsSync(content)) return false;
  assert.equal(await readFile(join(content, 'index.js'), 'utf8'), 'x');
  assert.equal(await readFile(join(content, 'lib/more.js'), 'utf8'), 'y');
  assert.deepEqual(await store.readPackage(hash), PACKAGE);
  return true;
}

for (const step of ['begun', 'written', 'read', 'placed'] as const) {
  it(`the process ends while a package is stored: ${step}`, async (context) => {
    const root = await place(context);
    const { store, ended } = endingAt(root, step, new Set());
    void store.put(PACKAGE);
    await ended;
    await restarted(root, new Set());
    assert.deepEqual(await readdir(root), []);
  });
}

it('a process that ends while it deletes a package leaves nothing or all of it', async (context) => {
  const root = await place(context);
  const records = new Set<string>();
  const { store, ended } = endingAt(root, 'taken away', records);
  const { hash, release } = await store.put(PACKAGE);
  records.add(hash);
  release();
  assert.ok(await isWhole(await restarted(root, records), hash));
  records.delete(hash);
  store.abandon(hash);
  await ended;
  assert.ok(!existsSync(store.directoryOf(hash)));
  await restarted(root, records);
  assert.deepEqual(await readdir(root), []);
});

it('a package stored during its deletion exists afterwards', async (context) => {
  const root = await place(context);
  const records = new Set<string>();
  const goOn = Promise.withResolvers<void>();
  const takenAway = Promise.withResolvers<void>();
  const store = openCodeStore({
    ...{ root, log: silentLog },
    isReferenced: (hash) => records.has(hash),
    async between(step) {
      if (step !== 'taken away') return;
      takenAway.resolve();
      await goOn.promise;
    },
  });
  const { hash, release } = await store.put(PACKAGE);
  release();
  await takenAway.promise;
  const again = store.put(PACKAGE);
  goOn.resolve();
  const second = await again;
  records.add(hash);
  second.release();
  assert.ok(await isWhole(store, hash));
  await store.stop();
  assert.deepEqual(await readdir(root), [hash]);
});

it('a package stays while it is held or referenced', async (context) => {
  const root = await place(context);
  const records = new Set<string>();
  const store = openCodeStore({ root, log: silentLog, isReferenced: (hash) => records.has(hash) });
  const { hash, release } = await store.put(PACKAGE);
  records.add(hash);
  release();
  store.abandon(hash);
  await store.stop();
  assert.ok(await isWhole(store, hash), 'a record has it');
  const inUse = store.hold([hash]);
  records.delete(hash);
  store.abandon(hash);
  await store.stop();
  assert.ok(await isWhole(store, hash), 'it is held');
  inUse();
  await store.stop();
  assert.deepEqual(await readdir(root), []);
});

it('an invalid package leaves nothing', async (context) => {
  const root = await place(context);
  const store = openCodeStore({ root, log: silentLog, isReferenced: () => false });
  await assert.rejects(store.put(Buffer.from('nonsense')));
  await store.stop();
  assert.deepEqual(await readdir(root), []);
});

it('a package of many files is stored before it is unpacked', async (context) => {
  const root = await place(context);
  const records = new Set<string>();
  const { store, ended } = endingAt(root, 'opened', records, 1);
  const { hash, release } = await store.put(PACKAGE);
  records.add(hash);
  release();
  await ended;
  assert.deepEqual([store.isOpened(hash), existsSync(store.directoryOf(hash))], [false, false]);
  assert.deepEqual(await store.readPackage(hash), PACKAGE);
});

for (const step of ['placed', 'opened', 'in place'] as const) {
  it(`the process ends while a package of many files is opened: ${step}`, async (context) => {
    const root = await place(context);
    const records = new Set<string>();
    const { store, ended } = endingAt(root, step, records, 1);
    void store.put(PACKAGE).then(({ hash }) => records.add(hash));
    await ended;
    if (step === 'placed') records.add((await readdir(root))[0]!);
    const [hash] = records;
    const next = openCodeStore({ root, log: silentLog, isReferenced: (each) => records.has(each) });
    await next.start();
    await next.opened(hash!);
    assert.ok(await isWhole(next, hash!));
    await next.stop();
    assert.deepEqual(await readdir(root), [hash]);
    await restarted(root, new Set());
    assert.deepEqual(await readdir(root), []);
  });
}

it('a package deleted while it is unpacked leaves nothing', async (context) => {
  const root = await place(context);
  const store = openCodeStore({ root, log: silentLog, isReferenced: () => false, openedAtOnce: 1 });
  const { hash, release } = await store.put(PACKAGE);
  release();
  store.abandon(hash);
  await store.opened(hash);
  await store.stop();
  assert.deepEqual(await readdir(root), []);
});

it('the event loop does not do the work for many files', async (context) => {
  const root = await place(context);
  const store = openCodeStore({ root: join(root, 'code'), log: silentLog, isReferenced: () => false });
  const names = Array.from({ length: 2_500 }, (_, index) => `f${index}`);
  const packed = (contents: string) => zip(Object.fromEntries(names.map((name) => [name, contents])));
  const putAndDelete = async (archive: Buffer) => {
    const before = process.threadCpuUsage();
    const { hash, release } = await store.put(archive);
    await store.opened(hash);
    release();
    await store.stop();
    return milliseconds(before);
  };
  const floor = process.threadCpuUsage();
  for (const name of names) writeFileSync(join(root, name), 'x');
  const floorMs = milliseconds(floor);
  const tookMs = await putAndDelete(packed('x'));
  assert.ok(tookMs < floorMs, `${tookMs} ms, and the files alone take ${floorMs} ms`);
  const another = packed('y');
  const longestMs = await longestTurn(() => putAndDelete(another));
  assert.ok(longestMs <= 20, `${longestMs} ms in one turn`);
  assert.deepEqual(await readdir(join(root, 'code')), []);
});

function milliseconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(since);
  return (user + system) / 1000;
}
