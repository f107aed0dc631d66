import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { periodFor } from './periods.ts';
import { momentOf, spanOf } from './time-span.ts';

const NOW = Date.UTC(2026, 10, 30, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('times', () => {
  const cases: [text: string, expected: number | undefined][] = [
    ['-PT1H', NOW - HOUR],
    ['-PT5M', NOW - 5 * MINUTE],
    ['-P1D', NOW - DAY],
    ['-P1W', NOW - 7 * DAY],
    ['-P1DT2H', NOW - 26 * HOUR],
    ['-P3M', Date.UTC(2026, 7, 30, 12)],
    ['-PT0H', NOW],
    ['2026-11-30T10:00:00.000Z', NOW - 2 * HOUR],
    ['2026-11-30T12:00:00+0100', NOW - HOUR],
    ...['', '-P', '-PT', 'PT1H', '1h', '-P1H', '2026-11-30', '2026-13-30T10:00:00Z', 'now'].map(
      (text): [string, undefined] => [text, undefined],
    ),
  ];
  for (const [text, expected] of cases) it(`'${text}'`, () => assert.equal(momentOf(text, NOW), expected));
  it('a range is three hours, moves with the time unless its end is fixed, and is never empty', () => {
    assert.deepEqual(spanOf({}, NOW), { start: NOW - 3 * HOUR, end: NOW, isLive: true });
    const fixed = { start: '2026-11-30T09:00:00Z', end: '2026-11-30T10:00:00Z' };
    assert.deepEqual(spanOf(fixed, NOW), { start: NOW - 3 * HOUR, end: NOW - 2 * HOUR, isLive: false });
    assert.equal(spanOf({ start: '-PT0H' }, NOW).start, NOW - MINUTE);
  });
});

describe('periods', () => {
  const cases: [own: number, hours: number, override: 'auto' | 'inherit' | number, expected: number][] = [
    [30, 1, 'auto', 30],
    [300, 3, 'auto', 300],
    // AWS keeps values of less than a minute for three hours.
    [30, 4, 'auto', 60],
    [30, 4, 'inherit', 30],
    [60, 24, 'auto', 60],
    [60, 25, 'auto', 300],
    [60, 24 * 16, 'auto', 3_600],
    [300, 24 * 64, 'auto', 6 * 3_600],
    [300, 24 * 64, 'inherit', 300],
    [300, 1, 10, 10],
    [86_400, 24 * 500, 'auto', 86_400],
  ];
  for (const [own, hours, override, expected] of cases)
    it(`${own} s over ${hours} h, ${override}: ${expected} s`, () => {
      const span = { start: NOW - hours * HOUR, end: NOW, isLive: true };
      assert.equal(periodFor(own, override, span, NOW), expected);
    });
});
