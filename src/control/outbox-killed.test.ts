// kill -9 of a process with an outbox loses no committed entry. An entry is delivered twice only if the process was
// killed between the delivery and its record.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./outbox-killed.fixture.ts', import.meta.url));

it('committed entries are delivered after kill -9, in order', (test) => {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-outbox-'));
  test.after(() => rmSync(directory, { recursive: true, force: true }));
  const run = (...args: string[]) => {
    const { signal, status, stderr } = spawnSync(process.execPath, [PROGRAM, directory, ...args]);
    assert.ok(signal === 'SIGKILL' || status === 0, stderr.toString());
    return signal;
  };
  assert.equal(run('committed', '1', '2'), 'SIGKILL');
  assert.equal(run('delivered', '3'), 'SIGKILL');
  assert.equal(run('never', '4'), null);
  const delivered = () => readFileSync(join(directory, 'delivered'), 'utf8').trim().split('\n');
  assert.deepEqual(delivered(), ['1', '1', '2', '3', '4']);
  assert.equal(run('never'), null);
  assert.equal(delivered().length, 5);
});
