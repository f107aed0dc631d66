// Tests the functions and operators of the language in a table: an expression and its value over one row.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from './compile.ts';
import { Cursor } from './cursor.ts';
import { parseExpression } from './expressions.ts';
import type { Value } from './values.ts';

const ROW: Record<string, Value> = {
  '@timestamp': Date.UTC(2026, 4, 20, 13, 37, 42, 123),
  '@message': 'GET /cart took 12 ms',
  n: 7,
  half: 0.5,
  text: 'Hello World',
  padded: '  xx  ',
  code: '200',
  empty: '',
  json: '{"a":{"b":[1,{"c":"d"}]},"yes":true,"none":null}',
  'a-b': 'quoted',
  'items.0.id': 'i-1',
};

function evaluated(text: string): Value {
  const cursor = new Cursor(text);
  const expression = parseExpression(cursor);
  cursor.requireKind('end');
  return compile(expression, {
    now: Date.UTC(2026, 0, 1),
    field: (name) => ({ read: () => ROW[name] }),
    aggregate: () => assert.fail('there is no aggregate'),
  }).read(0);
}

const TABLE: [expression: string, value: Value][] = [
  ['1 + 2 * 3', 7],
  ['(1 + 2) * 3', 9],
  ['2 ^ 3', 8],
  ['10 % 3', 1],
  ['7 / 2', 3.5],
  ['7 / 0', undefined],
  ['-n + 1', -6],
  ['1 - -1', 2],
  ['n + missing', undefined],
  ['text + 1', undefined],
  ['code + 1', 201],
  ['1e3', 1000],
  ['n = 7', 1],
  ['n != 7', 0],
  ['code = 200', 1],
  ['code = "200"', 1],
  ['code > 1000', 0],
  ['"b" > "a"', 1],
  ['missing = 1', 0],
  ['missing != 1', 1],
  ['missing < 1', 0],
  ['n = 7 and half = 0.5', 1],
  ['n = 1 or half = 0.5', 1],
  ['not n = 7', 0],
  ['not (n = 1 or n = 2)', 1],
  ['n = 1 or n = 7 and half = 1', 0],
  ['n in [1, 7]', 1],
  ['text in ["a"]', 0],
  ['text not in ["a"]', 1],
  ['n in []', 0],
  ['text like "World"', 1],
  ['text like "world"', 0],
  ['text like /(?i)WORLD$/', 1],
  ['text =~ /^H.*d$/', 1],
  ['text not like /x/', 1],
  ['missing like /x/', 0],
  ['missing not like /x/', 1],
  ['@message like /GET \\/cart/', 1],
  ['n / 7', 1],
  ['`a-b`', 'quoted'],
  ['items.0.id', 'i-1'],
  ['items.`0`.id', 'i-1'],
  ['true = 1', 1],

  ['abs(-3)', 3],
  ['ceil(1.2)', 2],
  ['floor(-1.2)', -2],
  ['log(1)', 0],
  ['sqrt(49)', 7],
  ['sqrt(-1)', undefined],
  ['abs(text)', undefined],
  ['greatest(1, n, 3)', 7],
  ['greatest(missing, 0)', 0],
  ['least(4, n, 5)', 4],
  ['isempty(empty)', 1],
  ['isempty(missing)', 1],
  ['isempty(text)', 0],
  ['isblank(padded)', 0],
  ['isblank("  ")', 1],
  ['ispresent(n)', 1],
  ['isPresent(missing)', 0],
  ['coalesce(missing, empty, n)', ''],
  ['coalesce(missing, n)', 7],
  ['strlen(text)', 11],
  ['strlen(missing)', undefined],
  ['toupper(text)', 'HELLO WORLD'],
  ['tolower(text)', 'hello world'],
  ['trim(padded)', 'xx'],
  ['ltrim(padded)', 'xx  '],
  ['rtrim(padded)', '  xx'],
  ['trim("xyZfooxyZ", "xyZ")', 'foo'],
  ['ltrim("xyZfooxyZ", "xyZ")', 'fooxyZ'],
  ['rtrim("xyZfooxyZ", "xyZ")', 'xyZfoo'],
  ['concat(text, "!", n)', 'Hello World!7'],
  ['substr("xyZfooxyZ", 3)', 'fooxyZ'],
  ['substr("xyZfooxyZ", 3, 3)', 'foo'],
  ['replace(text, "World", "$&")', 'Hello $&'],
  ['strcontains(text, "World")', 1],
  ['strcontains(text, "world")', 0],
  ['bin(30s)', Date.UTC(2026, 4, 20, 13, 37, 30)],
  ['bin(5m)', Date.UTC(2026, 4, 20, 13, 35)],
  ['bin(2hrs)', Date.UTC(2026, 4, 20, 12)],
  ['bin(1d)', Date.UTC(2026, 4, 20)],
  ['bin(1mo)', Date.UTC(2026, 4, 1)],
  ['bin(1q)', Date.UTC(2026, 3, 1)],
  ['bin(1yr)', Date.UTC(2026, 0, 1)],
  ['datefloor(@timestamp, 1h)', Date.UTC(2026, 4, 20, 13)],
  ['dateceil(@timestamp, 1h)', Date.UTC(2026, 4, 20, 14)],
  ['dateceil(@timestamp, 1mo)', Date.UTC(2026, 5, 1)],
  ['fromMillis(1000)', 1000],
  ['toMillis(@timestamp)', Date.UTC(2026, 4, 20, 13, 37, 42, 123)],
  ['now()', Date.UTC(2026, 0, 1) / 1000],
  ['jsonParse(json)["a"]["b"][0]', 1],
  ['jsonParse(json)["a"]["b"][1]["c"]', 'd'],
  ['jsonParse(json)["yes"]', 1],
  ['jsonParse(json)["none"]', undefined],
  ['jsonParse(json)["constructor"]', undefined],
  ['jsonParse(text)', undefined],
  ['jsonStringify(jsonParse(json)["a"])', '{"b":[1,{"c":"d"}]}'],
  ['isValidIp("10.0.0.1")', 1],
  ['isValidIpV4("::1")', 0],
  ['isValidIpV6("::1")', 1],
  ['isIpInSubnet("10.1.2.3", "10.0.0.0/8")', 1],
  ['isIpv4InSubnet("11.1.2.3", "10.0.0.0/8")', 0],
  ['isIpv6InSubnet("2001:db8::1", "2001:db8::/32")', 1],
  ['isIpInSubnet(text, "10.0.0.0/99")', 0],
];

test('expressions have the values of the table', () => {
  for (const [expression, value] of TABLE) assert.deepEqual(evaluated(expression), value, expression);
});

test('the table has every function but the aggregates', async () => {
  const { ALL_FUNCTIONS } = await import('./functions.ts');
  const tried = new Set(
    TABLE.flatMap(([text]) => [...text.matchAll(/(\w+)\(/g)].map((found) => found[1]!.toLowerCase())),
  );
  const untried = ALL_FUNCTIONS.filter(
    ({ name, isAggregate }) => !isAggregate && !tried.has(name.toLowerCase()),
  );
  assert.deepEqual(
    untried.map(({ name }) => name),
    [],
  );
});
