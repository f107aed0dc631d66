// SNS is killed with kill -9 between publishing and delivering, or during a delivery. The next process delivers.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startSubscriber } from './sns.fixture.ts';

const PROGRAM = fileURLToPath(new URL('./killed.fixture.ts', import.meta.url));

function run(...args: string[]): Promise<{ killed: boolean }> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [PROGRAM, ...args], (error, _stdout, stderr) => {
      if (error && error.signal !== 'SIGKILL') reject(new Error(stderr));
      else resolve({ killed: error !== null });
    });
  });
}

it('a message that was accepted is delivered after kill -9', async (test) => {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-sns-'));
  test.after(() => rmSync(directory, { recursive: true, force: true }));
  const subscriber = await startSubscriber(test);
  assert.ok((await run(directory, subscriber.url, 'first', 'published')).killed);
  assert.equal(subscriber.got.length, 0);
  assert.ok((await run(directory, subscriber.url, 'second', 'sending')).killed);
  assert.ok(!(await run(directory, subscriber.url)).killed);
  const bodies = subscriber.got.map(({ body }) => body);
  // The messages arrive in order, and the interrupted one arrives twice.
  assert.deepEqual(bodies, ['first', 'first', 'second']);
  assert.ok(!(await run(directory, subscriber.url)).killed);
  assert.equal(subscriber.got.length, 3);
});
