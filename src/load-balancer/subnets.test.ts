// Load balancers in the network of subnets: they have addresses of subnets there, and their targets see those.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { NOBODY, WITHOUT_NOBODY, WITHOUT_SUBNETS } from '../../test/support/networks.ts';

const PROGRAM = fileURLToPath(new URL('./subnets-program.fixture.ts', import.meta.url));

async function seenAs(t: TestContext, uid?: number): Promise<unknown> {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-balancers-'));
  t.after(() => rmSync(directory, { recursive: true }));
  if (uid !== undefined) chownSync(directory, uid, uid);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', PROGRAM, directory],
    { cwd: '/', ...(uid !== undefined && { uid, gid: uid }) },
  );
  return JSON.parse(stdout);
}

/** Port 80 of 10.0.3.4, and a target that is connected to from there. */
const SEEN = { failures: [], function: 'from the function', address: '10.0.3.4' };

it('have port 80 of their addresses, and connect to targets from them', {
  skip: WITHOUT_SUBNETS,
}, async (t) => {
  assert.deepEqual(await seenAs(t), SEEN);
});

it('have the same where Millpond is a plain user', { skip: WITHOUT_NOBODY }, async (t) => {
  assert.deepEqual(await seenAs(t, NOBODY), SEEN);
});
