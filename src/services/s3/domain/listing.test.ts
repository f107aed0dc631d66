// Pages compared with a straightforward listing, over many kinds of keys.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { compare, keyEncoder, listPage } from './listing.ts';

const KEYS = [
  '..',
  '/',
  '//a',
  'a',
  'a/',
  'a/b',
  'a/b/c',
  'a/c',
  'a\u0000',
  'ab',
  'b//c',
  'é/1',
  '\uFFFD/x',
  '\u{1F600}/x',
  '\u{1F600}/y',
  '\u{10FFFF}',
].sort(compare);

const read = (from: string, limit: number, behind: { key: string } | undefined) =>
  KEYS.filter((key) => (behind ? compare(key, behind.key) > 0 : compare(key, from) >= 0))
    .slice(0, limit)
    .map((key) => ({ key }));

/** All keys and common prefixes, in order. */
function slowly(prefix: string, delimiter: string): string[] {
  const shown = KEYS.filter((key) => key.startsWith(prefix)).map((key) => {
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    return at < 0 ? key : key.slice(0, at + delimiter.length);
  });
  return [...new Set(shown)];
}

it('pages of any size add up to the whole listing', () => {
  for (const prefix of ['', 'a', 'a/', 'a/b', 'x', '\u{1F600}']) {
    for (const delimiter of ['', '/', 'b', '//']) {
      for (const limit of [1, 2, 3, 1000]) {
        const shown: string[] = [];
        let after: string | undefined;
        for (;;) {
          const page = listPage(read, { prefix, delimiter, after, limit });
          const here = [...page.items.map(({ key }) => key), ...page.commonPrefixes].sort(compare);
          assert.ok(here.length <= limit);
          shown.push(...here);
          if (!page.isTruncated) break;
          after = page.last;
        }
        assert.deepEqual(shown, slowly(prefix, delimiter), JSON.stringify({ prefix, delimiter, limit }));
      }
    }
  }
});

it('a page starts after any marker, and a marker within a common prefix skips that prefix', () => {
  const markers = [...KEYS, 'a/b/', 'a/a', 'a/zzz', '0', '/', 'b/', '\u{10FFFF}\u{10FFFF}', ''];
  for (const prefix of ['', 'a/', 'a']) {
    for (const delimiter of ['', '/', 'b']) {
      for (const after of markers) {
        const page = listPage(read, { prefix, delimiter, after, limit: 1000 });
        const here = [...page.items.map(({ key }) => key), ...page.commonPrefixes].sort(compare);
        const isBehind = (shown: string) =>
          compare(shown, after) > 0 && !(isRolledUp(shown, prefix, delimiter) && after.startsWith(shown));
        const expected = slowly(prefix, delimiter).filter(isBehind);
        assert.deepEqual(here, expected, JSON.stringify({ prefix, delimiter, after }));
      }
    }
  }
});

const isRolledUp = (shown: string, prefix: string, delimiter: string): boolean =>
  delimiter !== '' && shown.indexOf(delimiter, prefix.length) >= 0;

it('the number of reads does not depend on the number of keys in a common prefix', () => {
  const keys = Array.from(
    { length: 30_000 },
    (_, index) => `${String(index % 300).padStart(3, '0')}/${index}`,
  );
  keys.sort(compare);
  let given = 0;
  const page = listPage(
    (from, limit) => {
      const at = keys.findIndex((key) => key >= from);
      const found = at < 0 ? [] : keys.slice(at, at + limit).map((key) => ({ key }));
      given += found.length;
      return found;
    },
    { prefix: '', delimiter: '/', after: undefined, limit: 200 },
  );
  assert.equal(page.commonPrefixes.length, 200);
  assert.ok(given < 1000, `${given} keys were read`);
});

it('a page of size zero is not truncated', () => {
  assert.deepEqual(
    listPage(read, { prefix: '', delimiter: '', after: undefined, limit: 0 }).isTruncated,
    false,
  );
});

it('the encoding `url` makes keys safe for XML', () => {
  assert.equal(keyEncoder('url')("a b/+é\u0001(1)'*"), 'a+b/%2B%C3%A9%01%281%29%27*');
  assert.equal(keyEncoder(undefined)('a b'), 'a b');
  assert.throws(() => keyEncoder('base64'), { shape: 'InvalidArgument' });
});
