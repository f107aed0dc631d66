import assert from 'node:assert/strict';
import { test } from 'node:test';
import { categoriesOf, partsOf } from './categories.ts';
import { columnsOf, limitsOf, stacked, summaryOf } from './columns.ts';

const one = { label: 'a', axis: 'left', times: [1, 3], values: [10, 30] } as const;
const other = { label: 'b', axis: 'left', times: [2, 3], values: [5, 6] } as const;
const series = [one, other].map((each) => ({ ...each, times: [...each.times], values: [...each.values] }));

test('series with different times share the times of all', () => {
  const columns = columnsOf(series);
  assert.deepEqual(columns, {
    times: [1, 2, 3],
    values: [
      [10, null, 30],
      [null, 5, 6],
    ],
  });
  assert.deepEqual(stacked(columns, [true, true]).values, [
    [10, 0, 30],
    [null, 5, 36],
  ]);
  assert.deepEqual(stacked(columns, [false, true]).values, [
    [null, null, null],
    [null, 5, 6],
  ]);
  const empty = { times: columns.times, values: [columns.values[0]!, [null, null, null]] };
  assert.deepEqual(stacked(empty, [true, true]).values[1], [null, null, null]);
});

test('a series is told in a few numbers', () => {
  assert.deepEqual(summaryOf([2, 1, 3]), { last: 3, min: 1, max: 3, sum: 6, mean: 2 });
  assert.equal(summaryOf([]), undefined);
});

test('an axis includes its lines, begins at zero where that costs little, and is never empty', () => {
  assert.deepEqual(limitsOf(undefined, [], {}), [0, 1.08]);
  assert.deepEqual(limitsOf([10, 100], [], {}), [0, 108]);
  assert.deepEqual(limitsOf([90, 100], [150], { min: 80 }), [80, 154.8]);
  const [min, max] = limitsOf([99, 100], [], {});
  assert.ok(min > 90 && max > 100);
  assert.deepEqual(limitsOf([5, 5], [], {}), [4.5, 5.5]);
  assert.deepEqual(limitsOf([0, 0], [], {}), [0, 1]);
  assert.deepEqual(limitsOf([1, 2], [], { min: 9, max: 3 }), [9, 10]);
});

test('categories are the last values of metrics, or the rows of a query', () => {
  const content = {
    bars: undefined,
    series: [...series, { ...series[0]!, label: 'c', times: [], values: [] }],
  };
  assert.deepEqual(categoriesOf(content as never), {
    categories: ['a', 'b'],
    groups: [{ label: '', values: [30, 6] }],
    colours: [undefined, undefined],
  });
  const bars = { categories: ['a', 'b', 'c', 'd'], groups: [{ label: 'n', values: [5, null, 3, 2] }] };
  assert.deepEqual(partsOf(bars, 2), [
    { label: 'a', value: 5, share: 0.5 },
    { label: 'Others', value: 5, share: 0.5 },
  ]);
  assert.deepEqual(partsOf({ categories: ['a'], groups: [] }, 2), []);
});
