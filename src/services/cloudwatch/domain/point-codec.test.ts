import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../../../test/support/random-input.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { Aggregate, type Point, pointOfValue, pointOfValues } from './point.ts';
import { decodeEntries, decodeSeries, encodeEntries, encodeSeries } from './point-codec.ts';

const NUMBERS = [
  0,
  1,
  -1,
  127,
  128,
  -64,
  12.5,
  99.9999,
  -0.1,
  1 / 3,
  2 ** 31,
  2 ** 50,
  2 ** 53,
  -(2 ** 53),
  2 ** 360,
  -(2 ** 360),
  Number.MIN_VALUE,
  Number.MAX_VALUE,
  1e-7,
];

it('numbers are decoded as they were encoded', () => {
  const writer = new ByteWriter();
  for (const number of NUMBERS) writer.number(number);
  const reader = new ByteReader(writer.finish());
  for (const number of NUMBERS) assert.equal(reader.number(), number);
  assert.ok(reader.isAtEnd);
  assert.throws(() => reader.byte(), RangeError);
});

it('common numbers take few bytes', () => {
  const lengthOf = (number: number) => {
    const writer = new ByteWriter();
    writer.number(number);
    return writer.finish().length;
  };
  assert.deepEqual([0, 60, 1_115_328, 97.25, 1 / 3].map(lengthOf), [1, 1, 4, 4, 9]);
});

function somePoint(random: () => number, at: number): Point {
  const number = () => NUMBERS[Math.floor(random() * 12)]!;
  const unit = Math.floor(random() * 27);
  if (random() < 0.4) return pointOfValue(at, unit, number());
  const pairs = Array.from({ length: 1 + random() * 200 }, () => [
    random() * 1000,
    1 + Math.floor(random() * 3),
  ]);
  if (random() < 0.5) return pointOfValues(at, unit, pairs.flat());
  return { at, unit, count: 7, sum: 12.25, minimum: -3, maximum: 1e6 };
}

describe('points are decoded as they were encoded', () => {
  const random = seededRandom(1);
  const points = Array.from({ length: 300 }, (_, index) => somePoint(random, 1_795_000_000 + index * 60));
  it('as entries', () => {
    const entries = points.map((point, index) => ({ metric: index % 5, resolution: 60, point }));
    assert.deepEqual(decodeEntries(encodeEntries(entries)), entries);
  });
  it('as series', () => {
    const series = new Map([
      [3, points.slice(0, 100)],
      [1, points.slice(100)],
    ]);
    const bytes = encodeSeries(series, 1_795_000_000 - 60);
    assert.deepEqual(decodeSeries(bytes, 1_795_000_000 - 60), series);
    assert.deepEqual([...decodeSeries(bytes, 1_795_000_000 - 60, new Set([1])).keys()], [1]);
  });
});

describe('an aggregate', () => {
  it('keeps the sum exact, and many values within 2 %', () => {
    const aggregate = new Aggregate();
    let sum = 0;
    for (let value = 1; value <= 5000; value++) {
      sum += value;
      aggregate.add(pointOfValue(0, 0, value));
    }
    const point = aggregate.point(0, 0);
    assert.deepEqual([point.sum, point.count, point.minimum, point.maximum], [sum, 5000, 1, 5000]);
    assert.ok(point.values!.length < 2 * 600);
    const median = aggregate
      .values()!
      .find((_, index, all) => all.slice(0, index + 1).reduce((n, [, c]) => n + c, 0) >= 2500)!;
    assert.ok(Math.abs(median[0] / 2500 - 1) < 0.02, String(median[0]));
  });
  it('has no values if one of its points is a statistic set', () => {
    const aggregate = new Aggregate();
    aggregate.add(pointOfValue(0, 0, 1));
    aggregate.add({ at: 0, unit: 0, count: 2, sum: 3, minimum: 1, maximum: 2 });
    assert.equal(aggregate.values(), undefined);
  });
});
