import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { evaluate } from './evaluate.ts';
import { parseExpression } from './expression.ts';
import type { TimeSeries, Value } from './series.ts';

const series = (label: string, values: Record<number, number>): TimeSeries => ({
  label,
  period: 60,
  values: new Map(Object.entries(values).map(([at, value]) => [Number(at), value])),
});

const METRICS: Record<string, TimeSeries> = {
  m1: series('m1', { 0: 2, 60: 4, 180: 6 }),
  m2: series('m2', { 0: 1, 60: 0, 120: 5 }),
  none: series('none', {}),
};

function run(text: string): Value {
  let left = 1_000;
  return evaluate(parseExpression(text), {
    valueOf: (id) => METRICS[id]!,
    metrics: (containing) =>
      Object.values(METRICS).filter(({ label }) => label !== 'none' && label.includes(containing)),
    range: { from: 0, to: 240 },
    period: 60,
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
    ['1 + 1 == 2 AND 2 < 1', 0],
    ['3 >= 3 or 0', 1],
    ['1 != 1 || 2 <= 1 && 1', 0],
    ['m1 > 3', { 0: 0, 60: 1, 180: 1 }],
    ['m1 > m2', { 0: 1, 60: 1 }],
    ['IF(m1 > 3, m1, 0)', { 0: 0, 60: 4, 180: 6 }],
    ['IF(m1 > 3, m1)', { 60: 4, 180: 6 }],
    ['IF(m1 > 3, m2, -1)', { 0: -1, 60: 0 }],
    ['IF(0, 1, m2)', { 0: 1, 60: 0, 120: 5 }],
    ['DIFF(m1)', { 60: 2, 180: 2 }],
    ['DIFF_TIME(m1)', { 60: 60, 180: 120 }],
    ['RATE(m1)', { 60: 2 / 60, 180: 2 / 120 }],
    ['RUNNING_SUM(m1)', { 0: 2, 60: 6, 180: 12 }],
    ['DATAPOINT_COUNT(m1)', 3],
    ['DATAPOINT_COUNT(METRICS())', { 0: 2, 60: 2, 120: 1, 180: 1 }],
    ['STDDEV([m1, m2])', { 0: 0.5, 60: 2, 120: 0, 180: 0 }],
    ['METRIC_COUNT(METRICS())', 2],
    ['FIRST(METRICS())', { 0: 2, 60: 4, 180: 6 }],
    ['LAST(METRICS())', { 0: 1, 60: 0, 120: 5 }],
    ['LOG10(m2 * 20)', { 0: Math.log10(20), 120: 2 }],
    ['LOG(1)', 0],
    ['REMOVE_EMPTY([none, m2])', [{ 0: 1, 60: 0, 120: 5 }]],
    ['SORT([none, m1, m2], SUM, ASC)', [{ 0: 1, 60: 0, 120: 5 }, { 0: 2, 60: 4, 180: 6 }, {}]],
    ['SORT([none, m2, m1], max, desc, 1)', [{ 0: 2, 60: 4, 180: 6 }]],
    ['SLICE(METRICS(), 1)', { 0: 1, 60: 0, 120: 5 }],
    ['SLICE(METRICS(), 0, 1)', [{ 0: 2, 60: 4, 180: 6 }]],
    ['TIME_SERIES(7)', { 0: 7, 60: 7, 120: 7, 180: 7 }],
    ['FILL(m1, LINEAR)', { 0: 2, 60: 4, 120: 5, 180: 6 }],
    ['FILL(m1, m2)', { 0: 2, 60: 4, 120: 5, 180: 6 }],
    [
      'FILL(METRICS(), repeat)',
      [
        { 0: 2, 60: 4, 120: 4, 180: 6 },
        { 0: 1, 60: 0, 120: 5, 180: 5 },
      ],
    ],
    ['MINUTE(m1)', { 0: 0, 60: 1, 120: 2, 180: 3 }],
    ['EPOCH(m1)', { 0: 0, 60: 60, 120: 120, 180: 180 }],
    // The epoch was a Thursday.
    [
      'DAY(m1) * 1000000 + YEAR(m1) * 100 + MONTH(m1) * 10 + DATE(m1) + HOUR(m1)',
      { 0: 4_197_011, 60: 4_197_011, 120: 4_197_011, 180: 4_197_011 },
    ],
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
    ['ANOMALY_DETECTION_BAND(m1, 2)', /Millpond does not evaluate ANOMALY_DETECTION_BAND/],
    ['RATE(1)', /RATE takes a time series/],
    ['SORT(METRICS(), P90, ASC)', /SORT takes a list, one of/],
    ['SORT(METRICS(), constructor, ASC)', /SORT takes a list, one of/],
    ['SLICE(METRICS(), 9)', /no such time series/],
    ['FIRST(m1)', /FIRST takes a list/],
    ['IF(METRICS(), 1, 2)', /IF takes no list/],
    ['IF(1)', /IF takes two or three/],
    ['m1 = 1', /Unexpected character at position 3/],
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
