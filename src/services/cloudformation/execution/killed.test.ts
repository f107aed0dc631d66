// A process that is killed with SIGKILL in the middle of a stack operation, once at each of several calls, and
// restarted.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./killed.fixture.ts', import.meta.url));

function run(directory: string, killAt: number): Promise<{ output: string; killed: boolean }> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [PROGRAM, directory, String(killAt)], (error, stdout, stderr) => {
      if (error && error.signal !== 'SIGKILL') reject(new Error(stderr));
      else resolve({ output: stdout, killed: error !== null });
    });
  });
}

it('the next process finishes a stack that kill -9 interrupted', async (test) => {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-killed-'));
  test.after(() => rmSync(directory, { recursive: true, force: true }));
  // Three resources are created and then deleted. Each action has a call before and a call after it takes effect.
  for (const killAt of [1, 2, 4, 7, 9]) {
    const home = mkdtempSync(join(directory, 'at-'));
    const first = await run(home, killAt);
    assert.ok(first.killed, `not killed at ${killAt}`);
    const second = await run(home, 0);
    assert.equal(first.output + second.output, 'created 3\nleft 0\n', `killed at ${killAt}`);
  }
});
