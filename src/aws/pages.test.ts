import assert from 'node:assert/strict';
import { it } from 'node:test';
import { openStore } from '../store/store.ts';
import { type Page, pagesOf } from './pages.ts';

const here = { accountId: '000000000000', region: 'us-east-1' };
const invalidToken = (token: string) => new Error(`invalid token ${token}`);
const pages = pagesOf({ list: 'test things', invalidToken });

async function all<T>(read: (token: string | undefined) => Page<T> | Promise<Page<T>>): Promise<T[][]> {
  const seen: T[][] = [];
  let token: string | undefined;
  do {
    const page: Page<T> = await read(token);
    seen.push(page.items);
    token = page.token;
  } while (token !== undefined);
  return seen;
}

it('cuts a sorted list into pages', async () => {
  const items = ['a', 'b', 'c', 'd', 'e'];
  const read = (limit: number) => all((token) => pages.ofSorted(items, (item) => item, { limit, token }));
  assert.deepEqual(await read(2), [['a', 'b'], ['c', 'd'], ['e']]);
  assert.deepEqual(await read(5), [items]);
  assert.deepEqual(await all((token) => pages.ofSorted([], String, { limit: 1, token })), [[]]);
});

it('continues after the last item shown, even when items were added or removed', () => {
  const { token } = pages.ofSorted(['a', 'c', 'e'], String, { limit: 2 });
  const next = (items: string[]) => pages.ofSorted(items, String, { limit: 9, token }).items;
  assert.deepEqual(next(['a', 'b', 'c', 'd', 'e']), ['d', 'e']);
  assert.deepEqual(next(['a', 'd']), ['d']);
  assert.deepEqual(next([]), []);
});

it('cuts a collection into pages, and filters it', async (test) => {
  const store = openStore(':memory:');
  test.after(() => store.close());
  const things = store.collection<{ number: number }>('test/thing');
  for (let number = 0; number < 300; number++) {
    things.put(here, `${number % 2 ? 'odd' : 'even'}/${String(number).padStart(3, '0')}`, { number });
  }
  const read = (request: { prefix?: string; wanted?(value: { number: number }): boolean }, limit: number) =>
    all((token) => pages.ofCollection(things, here, { ...request, limit, token }));
  const odd = (await read({ prefix: 'odd/' }, 60)).map((items) => items.map(({ number }) => number));
  assert.deepEqual(
    odd.map((items) => items.length),
    [60, 60, 30],
  );
  assert.deepEqual(odd.flat().at(-1), 299);
  const tens = await read({ wanted: ({ number }) => number % 100 === 0 }, 2);
  assert.deepEqual(
    tens.map((items) => items.map(({ number }) => number)),
    [[0, 100], [200]],
  );
  assert.deepEqual(await read({ prefix: 'none' }, 2), [[]]);
});

it('refuses a token of another list', async () => {
  const good = pages.ofSorted(['a', 'b'], String, { limit: 1 }).token!;
  const other = pagesOf({ list: 'test others', invalidToken }).tokenFor('a');
  for (const token of ['noise', 'YQ', `${good}=`, `${good}A`, ` ${good}`, other, '%%%', 'é']) {
    assert.throws(() => pages.ofSorted(['a', 'b'], String, { limit: 1, token }), /invalid token/, token);
  }
  assert.equal(pages.keyOf(good), 'a');
  assert.equal(pages.keyOf(''), undefined);
});
