// Containers with network interfaces of their own, as root and as a plain user: they have the address, may listen on any
// port, and commands get into them, also by the next Millpond.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chownSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { removeTree } from '../../src/machines/containers/places.ts';
import { NOBODY, WITHOUT_NOBODY, WITHOUT_SUBNETS } from '../support/networks.ts';

const PROGRAM = fileURLToPath(new URL('../support/containers-in-subnets.ts', import.meta.url));

async function runAs(test: TestContext, uid?: number): Promise<unknown> {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-container-subnets-'));
  test.after(() => removeTree(directory));
  if (uid !== undefined) chownSync(directory, uid, uid);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', PROGRAM, directory],
    { ...(uid !== undefined && { uid, gid: uid }), env: { PATH: process.env.PATH, HOME: directory } },
  );
  return JSON.parse(stdout);
}

const EXPECTED = { hasAddress: true, freePorts: '0', code: 5, codeAgain: 6, exitCode: 137 };

describe('containers with network interfaces', { skip: WITHOUT_SUBNETS }, () => {
  it('have them as this user', async (test) => {
    assert.deepEqual(await runAs(test), EXPECTED);
  });

  it('have them as a plain user', { skip: WITHOUT_NOBODY }, async (test) => {
    assert.deepEqual(await runAs(test, NOBODY), EXPECTED);
  });
});
