import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expandRows } from './metric-row.ts';

describe('shorthand in rows', () => {
  const first = ['AWS/EC2', 'CPUUtilization', 'InstanceId', 'i-1'];
  const cases: [what: string, rows: unknown[][], expected: string[][]][] = [
    ['none', [first, ['N', 'm']], [first, ['N', 'm']]],
    [
      'a dot is the item above',
      [first, ['.', 'DiskReadBytes', '.', '.']],
      [first, ['AWS/EC2', 'DiskReadBytes', 'InstanceId', 'i-1']],
    ],
    [
      'three dots are the beginning',
      [first, ['...', 'i-2'], ['...', 'i-3']],
      [first, [...first.slice(0, 3), 'i-2'], [...first.slice(0, 3), 'i-3']],
    ],
    ['three dots alone are the whole row', [first, ['...', { stat: 'Sum' }], ['...']], [first, first, first]],
    [
      'three dots in the middle',
      [first, ['AWS/X', '...', 'i-2']],
      [first, ['AWS/X', 'CPUUtilization', 'InstanceId', 'i-2']],
    ],
    ['both', [first, ['...', '.', 'i-2']], [first, [...first.slice(0, 3), 'i-2']]],
    [
      'expressions are skipped',
      [first, [{ expression: 'm1' }], ['...', 'i-2']],
      [first, [], [...first.slice(0, 3), 'i-2']],
    ],
    ['in the first row they are text', [['.', 'm']], [['.', 'm']]],
    [
      'more items than above',
      [
        ['N', 'm'],
        ['...', 'a', 'b', 'c'],
      ],
      [
        ['N', 'm'],
        ['a', 'b', 'c'],
      ],
    ],
  ];
  for (const [what, rows, expected] of cases)
    it(what, () =>
      assert.deepEqual(
        expandRows(rows).map(({ items }) => items),
        expected,
      ),
    );
});
