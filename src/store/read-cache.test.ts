// A read never returns an older document than the last write or rollback left.

import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { openStore } from './store.ts';

const here = { accountId: '000000000000', region: 'us-east-1' };
const there = { accountId: '000000000000', region: 'eu-west-1' };

interface Thing {
  version: number;
}

/** Two collections of one kind, as two services might open them. */
function open(test: TestContext) {
  const store = openStore(':memory:');
  test.after(() => store.close());
  const [a, b] = [store.collection<Thing>('test/thing'), store.collection<Thing>('test/thing')];
  const seen = () => ({
    a: a.get(here, 'x')?.version,
    b: b.get(here, 'x')?.version,
    list: a.list(here).map(({ version }) => version),
    prefix: b.entries(here, { prefix: 'x', limit: 2 }).map(({ id, value }) => `${id}${value.version}`),
    there: a.list(there).map(({ version }) => version),
  });
  const isSeen = (...versions: number[]) => {
    for (let again = 0; again < 2; again++) {
      assert.deepEqual(seen(), {
        a: versions[0],
        b: versions[0],
        list: versions,
        prefix: versions.map((version) => `x${version}`),
        there: [],
      });
    }
  };
  return { store, a, b, isSeen };
}

it('reads are current after a write or a deletion through any collection', (test) => {
  const { a, b, isSeen } = open(test);
  isSeen();
  a.put(here, 'x', { version: 1 });
  isSeen(1);
  b.put(here, 'x', { version: 2 });
  isSeen(2);
  a.delete(here, 'x');
  isSeen();
});

it('reads are current inside a transaction and after its rollback', (test) => {
  const { store, a, b, isSeen } = open(test);
  a.put(here, 'x', { version: 1 });
  isSeen(1);
  const change = (end: () => void) =>
    store.transaction(() => {
      isSeen(1);
      b.put(here, 'x', { version: 2 });
      isSeen(2);
      a.delete(here, 'x');
      isSeen();
      b.put(here, 'x', { version: 3 });
      isSeen(3);
      end();
    });
  assert.throws(() =>
    change(() => {
      throw new Error('no');
    }),
  );
  isSeen(1);
  change(() => {});
  isSeen(3);
});

it('reads are current after a part of a transaction was rolled back', (test) => {
  const { store, a, isSeen } = open(test);
  a.put(here, 'x', { version: 1 });
  store.transaction(() => {
    a.put(here, 'x', { version: 2 });
    assert.throws(() =>
      store.attempt(() => {
        a.put(here, 'x', { version: 3 });
        isSeen(3);
        throw new Error('no');
      }),
    );
    isSeen(2);
  });
  isSeen(2);
});

it('reads are current after a failed write', (test) => {
  const { a, isSeen } = open(test);
  a.put(here, 'x', { version: 1 });
  isSeen(1);
  assert.throws(() => a.put(here, 'x', { version: 2n as unknown as number }));
  isSeen(1);
});

it('reads are current for ids that are the same to the database', (test) => {
  const { a } = open(test);
  a.put(here, '\ud800', { version: 1 });
  assert.equal(a.get(here, '\ud800')?.version, 1);
  a.put(here, '\udfff', { version: 2 });
  assert.equal(a.get(here, '\ud800')?.version, 2);
});

it('reads are current for more documents and longer texts than the cache keeps', (test) => {
  const { store } = open(test);
  const texts = store.collection<string>('test/text');
  for (let round = 0; round < 2; round++) {
    for (let id = 0; id < 60; id++) texts.put(here, `${id}`, `${round}`.repeat(id === 0 ? 200_000 : 50_000));
    for (let id = 0; id < 60; id++) {
      assert.equal(texts.get(here, `${id}`)?.[0], `${round}`);
      assert.equal(texts.list(here, { from: `${id}`, limit: 1 })[0]?.[0], `${round}`);
    }
  }
});
