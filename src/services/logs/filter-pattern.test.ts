import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFilterPattern } from './filter-pattern.ts';

test('a pattern matches messages as AWS documents it', () => {
  const table: [pattern: string, message: string, matches: boolean][] = [
    ['', 'anything', true],
    ['ERROR', 'an ERROR', true],
    ['ERROR', 'an error', false],
    ['ERROR disk', 'disk: ERROR', true],
    ['ERROR disk', 'ERROR', false],
    ['"disk full"', 'the disk is full', false],
    ['"disk full"', 'disk full', true],
    ['ERROR -ignored', 'ERROR ignored', false],
    ['?ERROR ?WARN', 'a WARN', true],
    ['?ERROR ?WARN', 'INFO', false],
    ['{ $.level = "error" }', '{"level":"error"}', true],
    ['{ $.level = "err*" }', '{"level":"error"}', true],
    ['{ $.level = "error" }', 'not json', false],
    ['{ $.ms > 100 && $.path != "/health" }', '{"ms":101,"path":"/"}', true],
    ['{ $.ms > 100 && $.path != "/health" }', '{"ms":101,"path":"/health"}', false],
    ['{ $.a[1].b = 2 || $.c IS NULL }', '{"a":[0,{"b":2}]}', true],
    ['{ $.a[1].b = 2 || $.c IS NULL }', '{"c":null}', true],
    ['{ $.text = "a && b" }', '{"text":"a && b"}', true],
    ['{ $.constructor = "x" }', '{}', false],
  ];
  for (const [pattern, message, expected] of table) {
    assert.equal(parseFilterPattern(pattern).matches(message), expected, `${pattern} on ${message}`);
  }
});

test('invalid patterns and forms that Millpond does not support are refused', () => {
  for (const pattern of ['"open', '[ip, user]', '{ $.a', '{ a = 1 }', '%re%', 'x'.repeat(2000)]) {
    assert.throws(() => parseFilterPattern(pattern), { shape: 'InvalidParameterException' }, pattern);
  }
});
