// The order and the end of work in the background.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordingLog } from '../../test/support/wire.ts';
import { createBackground } from './background.ts';

test('work runs one after another, goes on after a failure, and none begins after the stop', async () => {
  const { log, errors } = recordingLog();
  const background = createBackground({ log, failure: 'it failed' });
  const done: string[] = [];
  const gate = Promise.withResolvers<void>();
  void background.add(async () => {
    await gate.promise;
    done.push('first');
    throw new Error('no');
  });
  const second = background.add(async () => void done.push('second'));
  assert.deepEqual([...done], []);
  gate.resolve();
  await second;
  assert.deepEqual([...done], ['first', 'second']);
  assert.deepEqual(
    errors.map(({ message }) => message),
    ['it failed'],
  );

  const last = Promise.withResolvers<void>();
  background.repeat(async () => {
    await last.promise;
    done.push(background.isStopped ? 'third, stopped' : 'third');
  }, 3_600_000);
  const never = background.add(async () => void done.push('never'));
  await new Promise(setImmediate);
  const stopped = background.stop();
  last.resolve();
  await Promise.all([stopped, never]);
  assert.deepEqual([...done], ['first', 'second', 'third, stopped']);
});
