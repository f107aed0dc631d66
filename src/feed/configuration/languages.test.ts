// Patterns of keys, paths, filters and transforms; that none takes longer than its input is long is tested here as well.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readFilter } from './filter.ts';
import { compileGlob } from './glob.ts';
import { LanguageError, readPath, valueAt } from './path.ts';
import { compileTemplate, templateText } from './template.ts';

describe('a key pattern', () => {
  const cases: [pattern: string, taken: string[], left: string[]][] = [
    ['*', ['', 'a', 'cart:1'], []],
    ['cart:*', ['cart:', 'cart:1'], ['cart', 'acart:1']],
    ['*:cart', [':cart', '1:cart'], ['cart', '1:carts']],
    ['a*b*c', ['abc', 'a1b2c', 'abbcc', 'abcbc'], ['ab', 'acb', 'abcd']],
    ['a?c', ['abc', 'a\u0001c'], ['ac', 'abbc']],
    ['**a**', ['a', 'bab'], ['', 'b']],
    ['[abc]', ['a', 'c'], ['d', 'ab', '']],
    ['[a-c]x', ['ax', 'bx'], ['dx', '-x']],
    ['[c-a]', ['b'], ['d']],
    ['[^a-c]', ['d', '^'], ['a', 'b', '']],
    ['[\\]]', [']'], ['\\', '[']],
    ['[]', [], ['', '[', ']', 'a']],
    ['[^]', ['a', ']'], ['', 'ab']],
    ['[ab', ['a', 'b'], ['[ab', 'c']],
    ['\\*', ['*'], ['a', '\\*']],
    ['a\\', ['a\\'], ['a']],
    ['user:[0-9]*:cart', ['user:1:cart', 'user:12:x:cart'], ['user:x:cart', 'user::cart']],
    ['é?', ['éx'], ['é']],
  ];
  for (const [pattern, taken, left] of cases) {
    it(JSON.stringify(pattern), () => {
      const glob = compileGlob(pattern);
      for (const key of taken) assert.equal(glob(Buffer.from(key)), true, `takes ${key}`);
      for (const key of left) assert.equal(glob(Buffer.from(key)), false, `leaves ${key}`);
    });
  }

  it('is matched byte by byte in a time that its stars do not multiply', () => {
    assert.equal(compileGlob('?')(Buffer.from([0xff])), true);
    const glob = compileGlob(`${'*a'.repeat(250)}*b`);
    assert.equal(glob(Buffer.alloc(200_000, 'a')), false);
    assert.equal(glob(Buffer.from(`${'a'.repeat(200_000)}b`)), true);
  });
});

describe('a path', () => {
  const record = { key: 'k', value: { 'first name': 'Jane', a: [{ b: 1 }], "it's": 2 } };
  it('leads to a part of a record', () => {
    const at = (path: string) => valueAt(record, readPath(path));
    assert.equal(at('$'), record);
    assert.equal(at('$.key'), 'k');
    assert.equal(at("$.value['first name']"), 'Jane');
    assert.equal(at('$.value["it\'s"]'), 2);
    assert.equal(at('$.value.a[0].b'), 1);
    for (const path of ['$.none', '$.key.length', '$.value.a[1]', '$.constructor', '$.value.__proto__']) {
      assert.equal(at(path), undefined, path);
    }
  });

  it('is refused when it is none', () => {
    for (const text of ['', 'key', '$key', '$.', '$.a.', '$..a', '$[a]', "$['a", '$.a b', '$[-1]', '$.a[0']) {
      assert.throws(() => readPath(text), LanguageError, text);
    }
  });
});

describe('a filter', () => {
  const record = { key: 'cart:1', type: 'hash', value: { state: 'PAID', total: 12, tags: ['a'] }, at: 5 };
  const cases: [filter: unknown, passes: boolean][] = [
    [{ type: ['hash'] }, true],
    [{ type: ['string', 'hash'] }, true],
    [{ type: ['string'] }, false],
    [{ key: [{ prefix: 'cart:' }] }, true],
    [{ key: [{ suffix: ':1' }] }, true],
    [{ value: { state: [{ 'equals-ignore-case': 'paid' }] } }, true],
    [{ value: { state: [{ 'anything-but': ['PAID'] }] } }, false],
    [{ value: { total: [{ numeric: ['>', 10, '<=', 12] }] } }, true],
    [{ value: { total: [{ numeric: ['<', 12] }] } }, false],
    [{ value: { missing: [{ exists: false }] } }, true],
    [{ value: { tags: ['a'] }, type: ['string'] }, false],
    [{ $or: [{ type: ['string'] }, { value: { tags: ['a'] } }] }, true],
    ['{"type":["hash"]}', true],
  ];
  for (const [filter, passes] of cases) {
    it(JSON.stringify(filter), () => assert.equal(readFilter(filter)(record), passes));
  }

  it('is refused by the name of what is wrong with it', () => {
    const refused: [unknown, RegExp][] = [
      ['{', /is JSON/],
      [[], /is an object/],
      [{ type: 'hash' }, /"type" must be an object or an array/],
      [{ key: [{ cidr: '10.0.0.0/8' }] }, /Match type cidr is not supported here/],
      [{ key: [{ wildcard: 'a*' }] }, /Match type wildcard is not supported here/],
      [{ key: [{ regex: 'a' }] }, /Unrecognized match type regex/],
      [{ key: [{ prefix: 'x'.repeat(4096) }] }, /4096 characters at most/],
    ];
    for (const [filter, message] of refused) {
      assert.throws(() => readFilter(filter), { name: 'LanguageError', message }, JSON.stringify(filter));
    }
  });
});

describe('a transform', () => {
  const record = { key: 'a"b', value: { n: 5, list: [1, 'x'], text: '<$.key>' }, none: null };
  const cases: [text: string, payload: unknown][] = [
    ['<$.key>', 'a"b'],
    ['"<$.key>"', 'a"b'],
    ['{"id": <$.key>, "n": <$.value.n>}', { id: 'a"b', n: 5 }],
    ['{"text": "key <$.key> of <$.value.list>, <$.missing><$.none>."}', { text: 'key a"b of [1,"x"], .' }],
    [
      '{"missing": <$.missing>, "all": [<$.value.list>, 1, true]}',
      { missing: null, all: [[1, 'x'], 1, true] },
    ],
    ['{"once": <$.value.text>}', { once: '<$.key>' }],
    ['{"quoted": "<$.value[\\"n\\"]>", "less": "a < b"}', { quoted: '5', less: 'a < b' }],
    ['{"__proto__": <$.value.n>}', JSON.parse('{"__proto__": 5}')],
    ['"\\\\<$.value.n>"', '\\5'],
  ];
  for (const [text, payload] of cases) {
    it(text, () => assert.deepEqual(compileTemplate(text).transform(record), payload));
  }

  it('may be given as an object, whose strings of one placeholder are its value', () => {
    const text = templateText({ id: '<$.key>', 'n"': ['<$.value.n>', 'n is <$.value.n>'], no: null });
    assert.deepEqual(compileTemplate(text).transform(record), { id: 'a"b', 'n"': [5, 'n is 5'], no: null });
  });

  it('is refused when it is no JSON with paths', () => {
    const refused = [
      '',
      '{',
      'key <$.key>',
      '{"a": <key>}',
      '{"a": <$.key}',
      '{<$.key>: 1}',
      '{"<$.key>": 1}',
    ];
    for (const text of [
      ...refused,
      '<$.a b>',
      '"\\u0001"',
      '"\u0002"',
      `"${'x'.repeat(9_000)}"`,
      '['.repeat(8_000),
    ]) {
      assert.throws(() => compileTemplate(text), LanguageError, text.slice(0, 40));
    }
  });
});

describe('random input', () => {
  // A small generator, so that a failure repeats.
  let state = 7;
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  const text = (alphabet: string, most: number) =>
    Array.from({ length: random(most) }, () => alphabet[random(alphabet.length)]).join('');

  it('is a pattern, or refused with a LanguageError, and nothing else', () => {
    for (let round = 0; round < 2_000; round++) {
      compileGlob(text('ab*?[]^-\\é', 30))(Buffer.from(text('ab[]^-\\é', 20)));
      for (const read of [
        () => valueAt({ a: { b: [1] } }, readPath(`$${text('.[]\'"ab01 ', 12)}`)),
        () => compileTemplate(text('{}[]:,"<$.a>\\1n', 40)).transform({ a: 1 }),
        () => readFilter(text('{}[]:,"aprefix01', 40))({ a: 1 }),
      ]) {
        try {
          read();
        } catch (error) {
          assert.ok(error instanceof LanguageError, String(error));
        }
      }
    }
  });

  it('is matched by patterns as by a slow matcher', () => {
    const slow = (pattern: string, key: string): boolean => {
      if (pattern === '') return key === '';
      if (pattern[0] === '*') {
        return slow(pattern.slice(1), key) || (key !== '' && slow(pattern, key.slice(1)));
      }
      return (
        key !== '' && (pattern[0] === '?' || pattern[0] === key[0]) && slow(pattern.slice(1), key.slice(1))
      );
    };
    for (let round = 0; round < 5_000; round++) {
      const [pattern, key] = [text('ab*?', 9), text('ab', 9)];
      assert.equal(compileGlob(pattern)(Buffer.from(key)), slow(pattern, key), `${pattern} on ${key}`);
    }
  });
});
