// Tests that a segment in a file has what the segment in memory has, and what remains of a damaged file.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { valueIn } from './columns.ts';
import { type Batch, batchesIn, lineOf } from './lines.ts';
import { columnsPath, withSegment } from './paths.ts';
import { type Segment, segmentOf } from './segment.ts';
import { openSegment, writeSegment } from './segment-file.ts';

const MESSAGES = [
  'plain',
  '',
  '{"a":1,"b":"x","deep":{"list":[true,null,"é😀"]}}',
  '{"a":2.5,"b":"x","mixed":1}',
  '{"a":-1e-7,"mixed":"one","__proto__":"own","constructor":"c"}',
  'with\nline break and \ud83d\ude00',
  '{"broken":',
  '{"a":3}',
  `{"b":"${'y'.repeat(5000)}"}`,
];

const BATCHES: Batch[] = MESSAGES.map((message, index) => ({
  ...{ stream: 1 + (index % 2), ingestedAt: 100 + index, firstSequence: index },
  events: [{ at: 10 + index, message }],
}));

function base(test: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-segment-'));
  test.after(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, '1');
}

const contentsOf = (segment: Segment) => ({
  streams: segment.streams,
  rows: Array.from({ length: segment.rows }, (_, row) => ({
    ...{ at: segment.at[row], ingestedAt: segment.ingestedAt()[row], sequence: segment.sequence()[row] },
    message: segment.message(row),
    fields: [...segment.fields()].map(([name, present]) => [
      name,
      present,
      valueIn(segment.column(name)!, row),
    ]),
  })),
});

test('lines hold what was appended', () => {
  const bytes = Buffer.concat(BATCHES.map(lineOf));
  assert.deepEqual([...batchesIn(bytes)], BATCHES);
  // Cut anywhere, whole lines remain.
  for (let end = 0; end < bytes.length; end += 97) {
    const read = [...batchesIn(bytes.subarray(0, end))];
    assert.deepEqual(read, BATCHES.slice(0, read.length));
  }
  assert.deepEqual(
    [...batchesIn(Buffer.concat([lineOf(BATCHES[0]!), Buffer.alloc(100)]))],
    BATCHES.slice(0, 1),
  );
});

test('a file holds what the segment does', (test) => {
  const path = columnsPath(base(test));
  const segment = segmentOf(BATCHES, { isLambda: false });
  writeSegment(path, segment);
  const opened = openSegment(path);
  assert.deepEqual(contentsOf(opened), contentsOf(segment));
  assert.deepEqual([...opened.fields().keys()].sort(), [
    '__proto__',
    'a',
    'b',
    'constructor',
    'deep.list.0',
    'deep.list.2',
    'mixed',
  ]);
  assert.equal(opened.column('toString'), undefined);
  opened.close();
});

test('streams that are gone are left out', () => {
  const { rows, streams } = segmentOf(BATCHES, { isLambda: false, streams: new Set([2]) });
  assert.deepEqual([rows, streams], [4, [{ stream: 2, first: 0, count: 4 }]]);
});

test('a damaged or absent file is an absent segment', (test) => {
  const path = base(test);
  const place = { base: path, lineBytes: 10, firstAt: 0, lastAt: 99, bytes: 1 };
  const rowsOf = () => withSegment(place, { isLambda: false }, ({ rows }) => rows);
  assert.equal(rowsOf(), undefined);
  writeSegment(columnsPath(path), segmentOf(BATCHES, { isLambda: false }));
  assert.equal(rowsOf(), MESSAGES.length);
  const whole = readFileSync(columnsPath(path));
  for (const bytes of [0, 3, 100, whole.length - 1]) {
    truncateSync(columnsPath(path), bytes);
    assert.equal(rowsOf(), undefined);
    writeFileSync(columnsPath(path), whole);
  }
});
