import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { evaluate, type TimeSeries, type Value } from './evaluate.ts';
import { parseExpression } from './expression.ts';

const series = (label: string, values: Record<number, number>): TimeSeries => ({
  label,
  period: 60,
  values: new Map(Object.entries(values).map(([at, value]) => [Number(at), value])),
});

const METRICS: Record<string, TimeSeries> = {
  m1: series('m1', { 0: 2, 60: 4, 180: 6 }),
  m2: series('m2', { 0: 1, 60: 0, 120: 5 }),
};

function run(text: string): Value {
  let left = 1_000;
  return evaluate(parseExpression(text), {
    valueOf: (id) => METRICS[id]!,
    metrics: (containing) => Object.values(METRICS).filter(({ label }) => label.includes(containing)),
    range: { from: 0, to: 240 },
    label: 'e',
    spend: (count) => {
      left -= count;
      if (left < 0) throw new Error('too much');
    },
  });
}

const plain = (value: Value): unknown =>
  typeof value === 'number'
    ? value
    : Array.isArray(value)
      ? value.map(plain)
      : Object.fromEntries(value.values);

describe('expressions evaluate to their value', () => {
  const cases: [text: string, expected: unknown][] = [
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['2 ^ 3 * 2', 16],
    ['10 - 2 - 3', 5],
    ['-2 - -3', 1],
    ['.5e1', 5],
    ['m1 + m2', { 0: 3, 60: 4 }],
    ['m1 / m2', { 0: 2 }],
    ['100 * m1', { 0: 200, 60: 400, 180: 600 }],
    ['8 / m1', { 0: 4, 60: 2, 180: 8 / 6 }],
    ['8 - m1', { 0: 6, 60: 4, 180: 2 }],
    ['SUM([m1, m2])', { 0: 3, 60: 4, 120: 5, 180: 6 }],
    ['avg(METRICS())', { 0: 1.5, 60: 2, 120: 5, 180: 6 }],
    ['MAX(METRICS("2"))', { 0: 1, 60: 0, 120: 5 }],
    ['MIN([m1,m2])', { 0: 1, 60: 0, 120: 5, 180: 6 }],
    ['SUM(m1)', 12],
    ['m1 - AVG(m1)', { 0: -2, 60: 0, 180: 2 }],
    ['ABS(0 - m2)', { 0: 1, 60: 0, 120: 5 }],
    ['CEIL(m1 / 4)', { 0: 1, 60: 1, 180: 2 }],
    ['FLOOR(m1 / 4)', { 0: 0, 60: 1, 180: 1 }],
    [
      'METRICS() * 2',
      [
        { 0: 4, 60: 8, 180: 12 },
        { 0: 2, 60: 0, 120: 10 },
      ],
    ],
    ['1 - [m2]', [{ 0: 0, 60: 1, 120: -4 }]],
    ['FILL(m1, 0)', { 0: 2, 60: 4, 120: 0, 180: 6 }],
    ['FILL(m2, REPEAT)', { 0: 1, 60: 0, 120: 5, 180: 5 }],
    ['m1 / PERIOD(m1)', { 0: 2 / 60, 60: 4 / 60, 180: 0.1 }],
    ["SUM(METRICS('m')) ", { 0: 3, 60: 4, 120: 5, 180: 6 }],
  ];
  for (const [text, expected] of cases) it(text, () => assert.deepEqual(plain(run(text)), expected));
});

describe('invalid expressions are refused', () => {
  const cases: [text: string, message: RegExp][] = [
    ['', /Unexpected end/],
    ['1 +', /Unexpected end/],
    ['(m1', /Unexpected end/],
    ['m1 m2', /Unexpected 'm2'/],
    ['m1 % m2', /Unexpected character at position 3/],
    ['SEARCH(\'{AWS/EC2}\', "Average")', /Millpond does not evaluate SEARCH/],
    ['  select AVG(x) FROM y', /Millpond does not evaluate SELECT/],
    ['1 + SEARCH("x")', /Millpond does not evaluate SEARCH/],
    ['RATE(m1)', /Millpond does not evaluate RATE/],
    ['CONSTRUCTOR(m1)', /Function 'CONSTRUCTOR' not found/],
    ['toString(m1)', /Function 'TOSTRING' not found/],
    ['SUM(m1, m2)', /SUM takes one argument/],
    ['METRICS(m1)', /METRICS takes no argument or one text/],
    ['[1, m1]', /A list may hold time series only/],
    ['[m1] + [m2]', /two lists/],
    ['"x"', /Unexpected text/],
    ['('.repeat(60), /nested too deeply/],
    ['1'.padEnd(600, '+1'), /too many operations/],
    ['1'.repeat(3000), /longer than/],
  ];
  for (const [text, message] of cases)
    it(`${text.slice(0, 30)}`, () => assert.throws(() => run(text), { name: 'ExpressionProblem', message }));
});

it('long lists count towards the limit of evaluated values', () => {
  assert.throws(() => run(`SUM([${'METRICS(),'.repeat(199)}m1])`), /too much/);
});
