import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyFilters, type Filter, matchesPattern } from './filters.ts';

test('a pattern matches as AWS documents it', () => {
  const table: [pattern: string, text: string, matches: boolean][] = [
    ['default', 'default', true],
    ['default', 'Default', false],
    ['', '', true],
    ['*', '', true],
    ['*', 'anything', true],
    ['def*', 'default', true],
    ['def*', 'undefined', false],
    ['*fault', 'default', true],
    ['d*f*t', 'default', true],
    ['d*x*t', 'default', false],
    ['us-east-1?', 'us-east-1a', true],
    ['us-east-1?', 'us-east-1', true],
    ['us-east-1?', 'us-east-1ab', false],
    ['??', 'abc', false],
    ['a\\*', 'a*', true],
    ['a\\*', 'ab', false],
    ['a\\?b', 'a?b', true],
    ['172.31.*/20', '172x31x0/20', false],
    ['172.31.*/20', '172.31.16.0/20', true],
    ['a\\', 'a\\', true],
  ];
  for (const [pattern, text, matches] of table) {
    assert.equal(matchesPattern(pattern, text), matches, `${pattern} against ${text}`);
  }
});

test('patterns with many wildcards match correctly', () => {
  const long = 'a'.repeat(256);
  for (const [pattern, matches] of [
    ['?'.repeat(100_000), true],
    ['*'.repeat(100_000), true],
    [`${'?*'.repeat(50_000)}a`, true],
    ['a?'.repeat(50_000), false],
    [`${'a?'.repeat(128)}b`, false],
  ] as const) {
    assert.equal(matchesPattern(pattern, long), matches, pattern.slice(0, 8));
  }
  assert.equal(matchesPattern('?*b?', 'ab'), true);
  assert.equal(matchesPattern('*?', ''), true);
  assert.equal(matchesPattern('a??', 'abcd'), false);
});

test('the cost of a match is bounded by the length of the pattern times that of the text', () => {
  // A backtracking match would exceed any time limit.
  assert.equal(matchesPattern(`${'*a'.repeat(128)}b`, 'a'.repeat(256)), false);
});

interface Item {
  name: string;
  size: number;
  parts: string[];
  tags: Record<string, string>;
}

const items: Item[] = [
  { name: 'one', size: 1, parts: ['x', 'y'], tags: { team: 'red' } },
  { name: 'two', size: 2, parts: [], tags: {} },
];

const names = (...filters: Filter[]) =>
  applyFilters(
    items,
    filters,
    { name: (item) => item.name, size: (item) => item.size, part: (item) => item.parts },
    (item) => item.tags,
  ).map((item) => item.name);

test('all filters must match, and each matches if one of its values does', () => {
  assert.deepEqual(names(), ['one', 'two']);
  assert.deepEqual(names({ Name: 'name', Values: ['two', 'one'] }), ['one', 'two']);
  assert.deepEqual(names({ Name: 'name', Values: ['one'] }, { Name: 'size', Values: ['2'] }), []);
  assert.deepEqual(names({ Name: 'size', Values: ['2'] }), ['two']);
  assert.deepEqual(names({ Name: 'part', Values: ['y'] }), ['one']);
  assert.deepEqual(names({ Name: 'part' }), []);
});

test('filters match tags by key, by value and by both', () => {
  assert.deepEqual(names({ Name: 'tag:team', Values: ['r*'] }), ['one']);
  assert.deepEqual(names({ Name: 'tag:team', Values: ['blue'] }), []);
  assert.deepEqual(names({ Name: 'tag-key', Values: ['team'] }), ['one']);
  assert.deepEqual(names({ Name: 'tag-value', Values: ['red'] }), ['one']);
  assert.deepEqual(names({ Name: 'tag:constructor', Values: ['*'] }), []);
});

test('unknown names and too many values are refused', () => {
  for (const Name of ['colour', 'constructor', '__proto__']) {
    assert.throws(() => names({ Name, Values: ['x'] }), {
      shape: 'InvalidParameterValue',
      message: `The filter '${Name}' is invalid`,
    });
  }
  assert.throws(() => names({ Values: ['x'] }), { message: "The filter 'null' is invalid" });
  assert.throws(() => names({ Name: 'name', Values: Array(201).fill('x') }), {
    shape: 'FilterLimitExceeded',
  });
});
