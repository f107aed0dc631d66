// Changes that share a commit fail alone; a failure of the host fails them all.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { OperationalError } from '../kernel/errors.ts';
import { GroupCommit } from './group-commit.ts';
import { openStore } from './store.ts';

const here = { accountId: 'a', region: 'r' };

function open(test: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-group-'));
  const store = openStore(join(directory, 'state.sqlite'));
  test.after(() => {
    store.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const things = store.collection<number>('things');
  return { store, things, group: new GroupCommit(store) };
}

it('changes of one moment run in order', async (test) => {
  const { things, group } = open(test);
  const results = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      group.change(() => {
        things.put(here, 'last', index);
        return things.get(here, 'last');
      }),
    ),
  );
  assert.deepEqual(
    results,
    results.map((_, index) => index),
  );
  assert.equal(things.get(here, 'last'), 99);
});

it('a change that fails rolls back only itself and its after-commit actions', async (test) => {
  const { store, things, group } = open(test);
  const followed: string[] = [];
  const change = (id: string, fails: boolean) =>
    group.change(() => {
      things.put(here, id, 1);
      store.transaction(() => things.put(here, `${id} within`, 1));
      store.afterCommit(() => followed.push(id));
      if (fails) throw new Error(id);
    });
  const outcomes = await Promise.allSettled([
    change('one', false),
    change('two', true),
    change('three', false),
  ]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.deepEqual(followed, ['one', 'three']);
  assert.deepEqual(
    things.entries(here).map(({ id }) => id),
    ['one', 'one within', 'three', 'three within'],
  );
});

it('a failure of the host fails all changes', async (test) => {
  const { things, group } = open(test);
  const full = () => {
    throw new OperationalError('DiskFull', 'full');
  };
  const outcomes = await Promise.allSettled([
    group.change(() => things.put(here, 'one', 1)),
    group.change(full),
    group.change(() => things.put(here, 'two', 1)),
  ]);
  assert.ok(outcomes.every(({ status }) => status === 'rejected'));
  assert.equal(things.count(here), 0);
  await group.change(() => things.put(here, 'later', 1));
  assert.equal(things.count(here), 1);
});
