import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dynamicLabel } from './dynamic-label.ts';
import { barsOf, linesOf, rowsOf } from './log-rows.ts';

const result = (...rows: Record<string, string>[]) =>
  rowsOf(rows.map((row) => Object.entries(row).map(([field, value]) => ({ field, value }))));
const at = (second: number) => `2026-11-30 12:00:${String(second).padStart(2, '0')}.000`;
const NOON = Date.UTC(2026, 10, 30, 12) / 1000;

test('rows have the columns of all, without the pointer, and long texts are cut', () => {
  const { columns, rows } = result({ a: '1', '@ptr': 'x' }, { b: 'x'.repeat(9_000) });
  assert.deepEqual(columns, ['a', 'b']);
  assert.deepEqual(rows[0], ['1', null]);
  assert.equal(rows[1]![1]!.length, 2_001);
});

test('numbers by time are lines, one for each group, oldest value first', () => {
  const bin = 'bin(30s)';
  assert.deepEqual(linesOf(result({ [bin]: at(30), avg: '2' }, { [bin]: at(0), avg: '1.5' })), [
    { label: 'avg', axis: 'left', times: [NOON, NOON + 30], values: [1.5, 2] },
  ]);
  const grouped = linesOf(
    result({ [bin]: at(0), level: 'INFO', n: '1' }, { [bin]: at(0), level: 'WARN', n: '2' }),
  );
  assert.ok(Array.isArray(grouped));
  assert.deepEqual(
    grouped.map(({ label, values }) => [label, values]),
    [
      ['INFO', [1]],
      ['WARN', [2]],
    ],
  );
  const both = linesOf(result({ [bin]: at(0), level: 'INFO', n: '1', m: '3' }));
  assert.deepEqual(Array.isArray(both) && both.map(({ label }) => label), ['INFO n', 'INFO m']);
  assert.deepEqual(linesOf(result()), []);
  // A value that is missing, or no number, does not make up another.
  const partial = linesOf(result({ [bin]: at(0), n: '1' }, { [bin]: at(30) }));
  assert.deepEqual(Array.isArray(partial) && partial[0]!.times, [NOON]);
});

test('what cannot be drawn says why', () => {
  assert.match(linesOf(result({ level: 'INFO', n: '1' })) as string, /grouped by time/);
  assert.match(linesOf(result({ t: at(0), level: 'INFO' })) as string, /no column of numbers/);
  const many = Array.from({ length: 60 }, (_, index) => ({ t: at(0), host: `h${index}`, n: '1' }));
  assert.match(linesOf(result(...many)) as string, /60 lines; at most 50/);
  assert.match(barsOf(result({ level: 'INFO' })) as string, /no column of numbers/);
  assert.match(barsOf(result(...Array(201).fill({ host: 'h', n: '1' }))) as string, /at most 200/);
});

test('numbers by category are bars', () => {
  assert.deepEqual(barsOf(result({ level: 'INFO', n: '1', m: '2' }, { level: 'WARN', n: '3' })), {
    categories: ['INFO', 'WARN'],
    groups: [
      { label: 'n', values: [1, 3] },
      { label: 'm', values: [2, null] },
    ],
  });
});

test('numbers in a label are those of the values', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: AWS's syntax.
  const label = '[${MIN} ${MAX} ${AVG} ${SUM} ${FIRST} ${LAST} ${DATAPOINT_COUNT}] ${PROP(Region)}';
  assert.match(dynamicLabel(label, [3, 1, 2]), /^\[1 3 2 6 3 2 3\] .*PROP\(Region\)\}$/);
  assert.match(dynamicLabel(label, []), /^\[- - - - - - 0\]/);
});
