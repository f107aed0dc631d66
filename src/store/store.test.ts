import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { it, type TestContext } from 'node:test';
import { openStore, type Store } from './store.ts';

const here = { accountId: '000000000000', region: 'us-east-1' };
const there = { accountId: '000000000000', region: 'eu-west-1' };

interface Thing {
  name: string;
  parts: number[];
}

function inMemory(test: TestContext): { store: Store; things: ReturnType<typeof thingsOf> } {
  const store = openStore(':memory:');
  test.after(() => store.close());
  return { store, things: thingsOf(store) };
}

const thingsOf = (store: Store) => store.collection<Thing>('test/thing');
const thing = (name: string): Thing => ({ name, parts: [1] });

it('keeps documents by account, region and kind', (test) => {
  const { store, things } = inMemory(test);
  things.put(here, 'b', thing('b'));
  things.put(here, 'a', thing('a'));
  things.put(there, 'a', thing('elsewhere'));
  store.collection<Thing>('test/other').put(here, 'c', thing('c'));
  assert.deepEqual(things.get(here, 'a'), thing('a'));
  assert.equal(things.get(here, 'c'), undefined);
  assert.deepEqual(
    things.list(here).map(({ name }) => name),
    ['a', 'b'],
  );
  assert.deepEqual(
    things.listAll().map(({ scope, id }) => `${scope.region}/${id}`),
    ['eu-west-1/a', 'us-east-1/a', 'us-east-1/b'],
  );
  things.put(here, 'a', thing('new'));
  assert.equal(things.get(here, 'a')?.name, 'new');
  things.delete(here, 'a');
  things.delete(here, 'a');
  assert.equal(things.get(here, 'a'), undefined);
});

it('gives a fresh copy every time', (test) => {
  const { things } = inMemory(test);
  const given = thing('a');
  things.put(here, 'a', given);
  given.parts.push(2);
  things.get(here, 'a')!.parts.push(3);
  assert.deepEqual(things.get(here, 'a')?.parts, [1]);
});

it('accepts any text as an id', (test) => {
  const { things } = inMemory(test);
  for (const id of ['__proto__', "'; DROP TABLE documents", '', 'é𝄞', 'a/b']) {
    things.put(here, id, thing(id));
    assert.equal(things.get(here, id)?.name, id);
  }
});

it('a transaction is all or nothing', (test) => {
  const { store, things } = inMemory(test);
  const told: string[] = [];
  assert.throws(
    () =>
      store.transaction(() => {
        things.put(here, 'a', thing('a'));
        store.afterCommit(() => told.push('never'));
        throw new Error('no');
      }),
    /^Error: no$/,
  );
  assert.equal(things.get(here, 'a'), undefined);
  assert.equal(told.length, 0);
  const result = store.transaction(() => {
    things.put(here, 'a', thing('a'));
    store.afterCommit(() => told.push(`committed ${things.get(here, 'a')?.name}`));
    assert.equal(told.length, 0);
    return 'result';
  });
  assert.equal(result, 'result');
  assert.deepEqual(told, ['committed a']);
});

it('a single write is all or nothing, too', (test) => {
  const { store } = inMemory(test);
  const indexed = store.collection<Thing>('test/indexed', {
    name({ name }) {
      if (name === 'refused') throw new Error('no key');
      return name;
    },
  });
  indexed.put(here, 'a', thing('before'));
  assert.throws(() => indexed.put(here, 'a', thing('refused')), /no key/);
  assert.deepEqual(indexed.get(here, 'a'), thing('before'));
  assert.deepEqual(indexed.by(here, 'name', 'before'), [thing('before')]);
});

it('an inner transaction joins the outer one', (test) => {
  const { store, things } = inMemory(test);
  assert.throws(() =>
    store.transaction(() => {
      store.transaction(() => things.put(here, 'inner', thing('inner')));
      throw new Error('outer');
    }),
  );
  assert.equal(things.get(here, 'inner'), undefined);
});

it('an after-commit action may write and commit', (test) => {
  const { store, things } = inMemory(test);
  const order: string[] = [];
  store.transaction(() => {
    store.afterCommit(() => {
      store.transaction(() => {
        things.put(here, 'later', thing('later'));
        store.afterCommit(() => order.push('inner'));
      });
      order.push('outer');
    });
  });
  assert.deepEqual(order, ['inner', 'outer']);
  store.afterCommit(() => order.push('at once'));
  assert.equal(order.at(-1), 'at once');
  assert.ok(things.get(here, 'later'));
});

it('a transaction cannot be asynchronous, and the next one still works', (test) => {
  const { store, things } = inMemory(test);
  assert.throws(
    () =>
      store.transaction(async () => {
        things.put(here, 'a', thing('a'));
      }),
    { name: 'Bug' },
  );
  assert.equal(things.get(here, 'a'), undefined);
  store.transaction(() => things.put(here, 'b', thing('b')));
  assert.ok(things.get(here, 'b'));
});

it('a file outlives its store; a file that is not a state is refused', (test) => {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-store-'));
  test.after(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'deep', 'state.sqlite');
  const first = openStore(file);
  thingsOf(first).put(here, 'a', thing('a'));
  first.close();
  first.close();
  const second = openStore(file);
  assert.equal(thingsOf(second).get(here, 'a')?.name, 'a');
  second.close();

  const other = join(directory, 'other');
  writeFileSync(other, 'no database at all, and rather longer than a header is'.repeat(100));
  assert.throws(() => openStore(other), { code: 'StateUnreadable' });

  const newer = new DatabaseSync(file);
  newer.exec('PRAGMA user_version = 1000');
  newer.close();
  assert.throws(() => openStore(file), { code: 'StateUnreadable', message: /newer Millpond/ });
});
