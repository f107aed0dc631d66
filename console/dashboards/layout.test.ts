import assert from 'node:assert/strict';
import { test } from 'node:test';
import { laidOut } from './layout.ts';

const at = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });

test('widgets are read from top to bottom, move up, and never overlap', () => {
  const widgets = [
    at(12, 1_000_000, 12, 2),
    at(0, 0, 12, 4),
    at(6, 2, 12, 3),
    at(20, 5, 24, 1),
    at(0, 50, 24, 1),
  ];
  assert.deepEqual(
    laidOut(widgets).map(({ index, place }) => [index, place.x, place.y, place.width, place.height]),
    [
      [1, 0, 0, 12, 4],
      [2, 6, 4, 12, 3],
      // As wide as the page, whatever the body says.
      [3, 0, 7, 24, 1],
      [4, 0, 8, 24, 1],
      [0, 12, 9, 12, 2],
    ],
  );
});
