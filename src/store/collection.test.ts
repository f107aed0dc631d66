// Ranges, batches and indexes of a collection.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import type { Collection, Range } from './collection.ts';
import type { Indexes } from './document-indexes.ts';
import { openStore, type Store } from './store.ts';

const here = { accountId: '000000000000', region: 'us-east-1' };
const there = { accountId: '000000000000', region: 'eu-west-1' };

interface Host {
  id: string;
  subnet?: string;
  groups: string[];
}

const INDEXES: Indexes<Host> = { subnet: ({ subnet }) => subnet, group: ({ groups }) => groups };

function open(test: TestContext, file = ':memory:'): Store {
  const store = openStore(file);
  test.after(() => store.close());
  return store;
}

const host = (id: string, groups: string[] = [], subnet?: string): Host => ({
  id,
  groups,
  ...(subnet === undefined ? {} : { subnet }),
});
const idsOf = (hosts: readonly Host[]) => hosts.map(({ id }) => id);

it('reads ranges of any ids in the order of UTF-8', (test) => {
  const hosts = open(test).collection<Host>('test/host');
  const points = [
    '',
    ' ',
    'a',
    'a\u{10ffff}',
    'a\u{10ffff}b',
    'a/',
    'a/1',
    'a/2',
    'ab',
    'b',
    '\ud7ff',
    '\ue000',
    '𝄞',
  ];
  const all = points.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const id of all) hosts.put(here, id, host(id));
  hosts.put(there, 'a/3', host('a/3'));
  const texts = [undefined, ...all, 'a/15', 'zz', '\u{10ffff}'];
  let tried = 0;
  for (const prefix of texts)
    for (const from of texts)
      for (const after of texts) {
        const isBehind = (id: string, least: string, orEqual: boolean) => {
          const order = Buffer.compare(Buffer.from(id), Buffer.from(least));
          return order > 0 || (orEqual && order === 0);
        };
        const wanted = all.filter(
          (id) =>
            id.startsWith(prefix ?? '') &&
            isBehind(id, from ?? '', true) &&
            (after === undefined || isBehind(id, after, false)),
        );
        const range: Range = { prefix, from, after };
        assert.deepEqual(idsOf(hosts.list(here, range)), wanted, JSON.stringify(range));
        assert.deepEqual(idsOf(hosts.list(here, { ...range, limit: 2 })), wanted.slice(0, 2));
        tried += 1;
      }
  assert.equal(tried, texts.length ** 3);
  for (const prefix of all) {
    assert.equal(hosts.count(here, prefix), all.filter((id) => id.startsWith(prefix)).length, prefix);
  }
  assert.equal(hosts.has(here, ''), true);
  assert.equal(hosts.has(there, ''), false);
});

it('reads many documents in batches, and lets other work run in between', async (test) => {
  const hosts = open(test).collection<Host>('test/host');
  for (let number = 0; number < 250; number++)
    hosts.put(here, `h${String(number).padStart(3, '0')}`, host('x'));
  hosts.put(here, 'i', host('i'));
  let turns = 0;
  const turn = setImmediate(function again() {
    turns += 1;
    current = setImmediate(again);
  });
  let current = turn;
  const sizes: number[] = [];
  const seen: string[] = [];
  for await (const batch of hosts.batches(here, { prefix: 'h' })) {
    sizes.push(batch.length);
    seen.push(...batch.map(({ id }) => id));
    if (seen.length === 100) hosts.delete(here, 'h150');
  }
  clearImmediate(current);
  assert.deepEqual(sizes, [100, 100, 49]);
  assert.equal(new Set(seen).size, 249);
  assert.ok(turns >= 2, `${turns} turns`);
});

it('reads the documents of every account and region in batches', async (test) => {
  const hosts = open(test).collection<Host>('test/host');
  for (let index = 0; index < 120; index++) {
    const id = `h${String(index).padStart(3, '0')}`;
    hosts.put(here, id, host(id));
    hosts.put(there, id, host(id));
  }
  const seen: string[] = [];
  const sizes: number[] = [];
  for await (const batch of hosts.everywhere()) {
    sizes.push(batch.length);
    seen.push(...batch.map(({ scope, id }) => `${scope.region} ${id}`));
  }
  assert.deepEqual(sizes, [100, 100, 40]);
  const all = hosts.listAll().map(({ scope, id }) => `${scope.region} ${id}`);
  assert.deepEqual(seen, all);
});

it('finds documents by their current index keys only', (test) => {
  const store = open(test);
  const hosts = store.collection<Host>('test/host', INDEXES);
  hosts.put(here, 'b', host('b', ['web', 'db'], 's1'));
  hosts.put(here, 'a', host('a', ['web'], 's2'));
  hosts.put(here, 'c', host('c'));
  hosts.put(there, 'd', host('d', ['web'], 's1'));
  assert.deepEqual(idsOf(hosts.by(here, 'group', 'web')), ['a', 'b']);
  assert.deepEqual(idsOf(hosts.by(here, 'subnet', 's1')), ['b']);
  hosts.put(here, 'b', host('b', ['db'], 's2'));
  hosts.delete(here, 'a');
  assert.deepEqual(idsOf(hosts.by(here, 'group', 'web')), []);
  assert.deepEqual(idsOf(hosts.by(here, 'subnet', 's2')), ['b']);
  assert.equal(hosts.countBy(here, 'group', 'db'), 1);
  assert.equal(hosts.countBy(there, 'group', 'web'), 1);
  const anywhere = hosts.byAnywhere('group', 'web').map(({ scope, id }) => `${scope.region} ${id}`);
  assert.deepEqual(anywhere, ['eu-west-1 d']);
  const named = (range?: Range) => idsOf(hosts.inOrderOf(here, 'group', range).map(({ value }) => value));
  hosts.put(here, 'a', host('a', ['web', 'da']));
  hosts.put(here, 'c', host('c', ['db']));
  assert.deepEqual(named(), ['a', 'b', 'c', 'a']);
  assert.deepEqual(named({ prefix: 'd' }), ['a', 'b', 'c']);
  assert.deepEqual(named({ from: 'db', limit: 2 }), ['b', 'c']);
  assert.deepEqual(named({ after: 'db' }), ['a']);
  assert.throws(() => hosts.by(here, 'zone', 'x'), /declares no index zone/);
  const rolledBack = () =>
    store.transaction(() => {
      hosts.put(here, 'e', host('e', ['db']));
      throw new Error('no');
    });
  assert.throws(rolledBack, /^Error: no$/);
  assert.deepEqual(idsOf(hosts.by(here, 'group', 'db')), ['b', 'c']);
});

it('fills a new index from the existing documents', (test) => {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-collection-'));
  test.after(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'state.sqlite');
  const before = openStore(file);
  before.collection<Host>('test/host').put(here, 'a', host('a', ['web'], 's1'));
  before.close();
  const reopened = <T>(indexes: Indexes<Host> | undefined, use: (hosts: Collection<Host>) => T): T => {
    const store = openStore(file);
    try {
      return use(store.collection<Host>('test/host', indexes));
    } finally {
      store.close();
    }
  };
  const inSubnet = () => reopened(INDEXES, (hosts) => idsOf(hosts.by(here, 'subnet', 's1')));
  assert.deepEqual(inSubnet(), ['a']);
  assert.deepEqual(
    reopened({ group: INDEXES.group! }, (hosts) => idsOf(hosts.by(here, 'group', 'web'))),
    ['a'],
  );
  assert.deepEqual(inSubnet(), ['a']);
  reopened(undefined, (hosts) => hosts.put(here, 'b', host('b', [], 's1')));
  assert.deepEqual(inSubnet(), ['a', 'b']);
});

it('refuses to open a collection again with different indexes', (test) => {
  const store = open(test);
  store.collection<Host>('test/host', INDEXES);
  store.collection<Host>('test/host', { ...INDEXES });
  assert.throws(() => store.collection<Host>('test/host'), /is opened with the indexes it has/);
});
