import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWaitLog } from './wait-log.ts';

test('a wait is logged once at debug level, and once at info level when it takes long', () => {
  let time = 0;
  const lines: string[] = [];
  const write = (level: string) => (about: object) =>
    lines.push(`${level} ${(about as { waits: string[] }).waits.join(', ')}`);
  const waitLog = createWaitLog({ debug: write('debug'), info: write('info') } as never, () => time);
  const at = (ms: number, ...waits: string[]) => {
    time = ms;
    waitLog.report('us-east-1/000000000000/demo', waits);
  };

  at(0, 'a');
  at(4_999, 'a');
  assert.deepEqual(lines.splice(0), ['debug a']);
  at(5_000, 'a');
  at(60_000, 'a');
  assert.deepEqual(lines.splice(0), ['info a'], 'logged once');
  at(60_001, 'a', 'b');
  assert.deepEqual(lines.splice(0), ['debug a, b'], 'another wait');
  at(60_002);
  at(60_003, 'a', 'b');
  at(65_002, 'a', 'b');
  assert.deepEqual(lines.splice(0), ['debug a, b'], 'a wait that ended and returns counts from zero');
});
