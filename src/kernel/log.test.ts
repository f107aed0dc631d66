// The log with a full disk, with many entries and with unreadable fields: it stays bounded and never makes its caller
// fail.

import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createLog } from './log.ts';

const FULL_DISK = '/dev/full';

function directory(context: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'millpond-log-'));
  context.after(() => rmSync(path, { recursive: true }));
  return path;
}

const linesOf = (file: string): Record<string, unknown>[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

test('a full disk loses log entries and nothing else', {
  skip: !existsSync(FULL_DISK) && 'there is no /dev/full here',
}, () => {
  const log = createLog({ level: 'info', file: FULL_DISK });
  assert.doesNotThrow(() => {
    for (let entry = 0; entry < 3; entry++) log.info({ entry }, 'a line');
  });
});

test('log files stay within their bounds and keep the last entries', (context) => {
  const path = directory(context);
  const file = join(path, 'millpond.log');
  const limits = { mostBytes: 10_000, mostKept: 2 };
  const log = createLog({ level: 'info', file, limits });
  for (let entry = 0; entry < 1_000; entry++) log.child({ part: 'a' }).info({ entry }, 'a line');
  assert.deepEqual(readdirSync(path).sort(), ['millpond.log', 'millpond.log.1', 'millpond.log.2']);
  for (const name of readdirSync(path)) {
    const { size, mode } = statSync(join(path, name));
    assert.ok(size <= limits.mostBytes, `${name} has ${size} bytes`);
    assert.equal(mode & 0o777, 0o600);
  }
  const entries = ['.2', '.1', ''].flatMap((end) => linesOf(file + end)).map(({ entry }) => entry);
  assert.deepEqual(
    entries,
    Array.from({ length: entries.length }, (_, index) => 1_000 - entries.length + index),
  );
});

test('the size of an earlier process’s log counts, and its unfinished rotation is completed', (context) => {
  const file = join(directory(context), 'millpond.log');
  // The earlier process had renamed the newest file, and not created the next one.
  writeFileSync(`${file}.1`, '{"from":"before"}\n');
  const limits = { mostBytes: 1_000, mostKept: 2 };
  createLog({ level: 'info', file, limits }).info({}, 'first');
  writeFileSync(file, `${'x'.repeat(990)}\n`, { flag: 'a' });
  createLog({ level: 'info', file, limits }).info({}, 'second');
  assert.deepEqual(
    linesOf(file).map(({ msg }) => msg),
    ['second'],
  );
  assert.deepEqual(linesOf(`${file}.2`), [{ from: 'before' }]);
});

test('a log that cannot be rotated does not grow', (context) => {
  const file = join(directory(context), 'millpond.log');
  mkdirSync(join(`${file}.1`, 'full'), { recursive: true });
  const log = createLog({ level: 'info', file, limits: { mostBytes: 1_000, mostKept: 1 } });
  for (let entry = 0; entry < 1_000; entry++) log.info({ entry }, 'a line');
  assert.ok(statSync(file).size <= 1_000);
});

test('a line that is too long is shortened to valid JSON', (context) => {
  const file = join(directory(context), 'millpond.log');
  const log = createLog({ level: 'info', file });
  log.info({ path: 'x'.repeat(1_000_000) }, 'asked');
  log.info({}, 'after');
  const [long, after] = linesOf(file);
  assert.equal(long!.msg, 'a line was too long');
  assert.ok(statSync(file).size < 3_000);
  assert.equal(after!.msg, 'after');
});

test('an entry with unreadable fields is logged without them', (context) => {
  const file = join(directory(context), 'millpond.log');
  const log = createLog({ level: 'info', file });
  const hostile = {
    get value() {
      throw new Error('read');
    },
    toJSON() {
      throw new Error('asked for JSON');
    },
  };
  const circle: { self?: object } = {};
  circle.self = circle;
  log.info({ hostile }, 'one');
  log.info(hostile, 'two');
  log.child(hostile).info({ big: 1n, circle, symbol: Symbol('a') }, 'three');
  log.error({ err: Object.assign(new Error('x'), { cause: circle, hostile }) }, 'four');
  log.warn({ err: hostile }, 'five');
  log.warn(null as unknown as object, 'six');
  assert.deepEqual(
    linesOf(file).map(({ msg }) => msg),
    ['one', 'two', 'three', 'four', 'five', 'six'],
  );
});
