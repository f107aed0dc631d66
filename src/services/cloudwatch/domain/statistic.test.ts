import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gather, isPeriod, isVisible, rangeOf } from './period.ts';
import { Aggregate, pointOfValue, pointOfValues } from './point.ts';
import { aggregated } from './resolution.ts';
import { anyStatistic } from './statistic.ts';

const HOUR = 3_600;
const DAY = 24 * HOUR;

describe('statistics', () => {
  const aggregate = new Aggregate();
  aggregate.addValues([1, 1, 2, 1, 3, 1, 4, 1, 10, 6]);
  const cases: [name: string, value: number][] = [
    ['SampleCount', 10],
    ['Sum', 70],
    ['Average', 7],
    ['Minimum', 1],
    ['Maximum', 10],
    ['p0', 1],
    ['p10', 1],
    ['p10.5', 2],
    ['p40', 4],
    ['p41', 10],
    ['p99.9', 10],
    ['p100', 10],
    // Ranks 1 to 9: 1, 2, 3, 4 and five times 10.
    ['tm90', 60 / 9],
    ['TM(:90%)', 60 / 9],
    ['TM(10%:90%)', 59 / 8],
    ['TM(40%:)', 10],
    ['TM(1:4)', 3],
    ['tc90', 9],
    ['TC(1:4)', 3],
    ['TC(20:)', 0],
    ['ts90', 60],
    ['TS(:4)', 10],
    // 25 % of ten values is two and a half: ranks 3 to 8.
    ['IQM', 47 / 6],
    ['wm40', (1 + 2 + 3 + 4 * 7) / 10],
    ['WM(20%:90%)', (3 * 3 + 4 + 60) / 10],
    ['WM(2:5)', (2 + 2 + 3 + 4 + 30) / 10],
    ['PR(:3)', 30],
    ['PR(2:10)', 80],
    ['PR(10:)', 0],
  ];
  for (const [name, value] of cases) {
    it(`${name} is ${value}`, () => {
      assert.equal(anyStatistic(name)?.(aggregate), value);
    });
  }
  it('have no other names', () => {
    for (const name of [
      '',
      'sum',
      'p101',
      'p-1',
      'p',
      'constructor',
      'p99.',
      'tm',
      'tm101',
      'IQM(1:2)',
      'TM(:)',
    ])
      assert.equal(anyStatistic(name), undefined, name);
    for (const name of ['PR(10%:90%)', 'TM(10%:90)', 'TM(1)', 'XX(1:2)', 'tm(1:2)', 'TM(1:2', 'TM(101%:)'])
      assert.equal(anyStatistic(name), undefined, name);
  });
  it('percentiles and trimmed statistics need values, none of them negative', () => {
    const median = (one: Aggregate) => anyStatistic('p50')!(one);
    const negative = new Aggregate();
    negative.addValues([-1, 1, 2, 1]);
    assert.equal(median(negative), undefined);
    const set = new Aggregate();
    set.add({ at: 0, unit: 0, count: 5, sum: 5, minimum: 0, maximum: 2 });
    assert.equal(median(set), undefined);
    const equal = new Aggregate();
    equal.add({ at: 0, unit: 0, count: 5, sum: 10, minimum: 2, maximum: 2 });
    assert.equal(median(equal), 2);
  });
});

describe('periods', () => {
  const now = 1_795_262_430;
  it('are 1, 5, 10, 20 or 30 seconds, or whole minutes', () => {
    for (const period of [1, 5, 10, 20, 30, 60, 300, 86_400]) assert.ok(isPeriod(period), String(period));
    for (const period of [0, -60, 2, 15, 61, 90, 1.5, Number.NaN, 2 ** 31])
      assert.ok(!isPeriod(period), String(period));
  });
  const starts: [ageSeconds: number, period: number, step: number][] = [
    [HOUR, 10, 10],
    [HOUR, 60, 60],
    [HOUR, 300, 60],
    [20 * DAY, 300, 300],
    [100 * DAY, 3600, 3600],
    [9999 * DAY, 3600, 3600],
  ];
  for (const [age, period, step] of starts) {
    it(`begin at a multiple of ${step} s, ${age} s ago`, () => {
      const { from } = rangeOf((now - age) * 1000 + 999, now * 1000, period, now);
      assert.equal(from % step, 0);
      assert.ok(from <= now - age + 1 && from > now - age - step);
    });
  }
  const visible: [ageSeconds: number, period: number, isSeen: boolean][] = [
    [60, 1, true],
    [60, 30, true],
    [4 * HOUR, 10, false],
    [4 * HOUR, 30, false],
    [4 * HOUR, 60, true],
    [16 * DAY, 60, false],
    [16 * DAY, 300, true],
    [64 * DAY, 300, false],
    [64 * DAY, 3600, true],
    [456 * DAY, 3600, false],
  ];
  for (const [age, period, isSeen] of visible) {
    it(`of ${period} s show points that are ${age} s old: ${isSeen}`, () => {
      assert.equal(isVisible(pointOfValue(now - age, 0, 1), period, now), isSeen);
    });
  }
  it('below a minute have the values of whole minutes where a minute begins, and none elsewhere', () => {
    const from = 1_795_262_400 - 120;
    const minutes = [pointOfValue(from, 0, 1), pointOfValue(from + 60, 0, 2)];
    const gathered = gather(minutes, { from, to: from + 120 }, 30, now);
    assert.deepEqual(
      [...gathered].map(([at, { sum }]) => [at - from, sum]),
      [
        [0, 1],
        [60, 2],
      ],
    );
  });
  it('count from the start of the range', () => {
    const from = 1_795_262_400 - 120;
    const points = [0, 60, 299, 300, 599, 600].map((after) => ({
      ...pointOfValue(from + after, 0, after),
    }));
    const gathered = gather(points, { from, to: from + 600 }, 300, now);
    assert.deepEqual(
      [...gathered].map(([at, { sum }]) => [at - from, sum]),
      [
        [0, 359],
        [300, 899],
      ],
    );
  });
});

it('aggregation keeps units apart', () => {
  const points = [
    pointOfValue(120, 1, 5),
    pointOfValue(61, 1, 1),
    pointOfValue(60, 2, 9),
    pointOfValues(119, 1, [3, 2]),
  ];
  const found = aggregated(points, 60).map(({ at, unit, count, sum }) => [at, unit, count, sum]);
  assert.deepEqual(found, [
    [60, 1, 3, 7],
    [60, 2, 1, 9],
    [120, 1, 1, 5],
  ]);
});
