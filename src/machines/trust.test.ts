import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { mergeBundles, systemBundle, trusting } from './trust.ts';

const certificate = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
const OURS = certificate('T3Vycw==');
const THEIRS = certificate('VGhlaXJz');

async function folder(test: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'millpond-trust-'));
  test.after(() => rm(directory, { recursive: true }));
  return directory;
}

it('a bundle has every certificate once, and nothing else', () => {
  const key = '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n';
  assert.equal(mergeBundles([`# a\n${THEIRS}${OURS}`, key, OURS, '']), THEIRS + OURS);
});

it('certificates of the machine and the user stay trusted; invalid bundles are skipped', async (test) => {
  const directory = await folder(test);
  const own = join(directory, 'own.pem');
  await writeFile(own, `corporate\n${THEIRS}`);
  const fifo = join(directory, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const { text, targets } = await trusting(OURS, [
    own,
    own,
    join(directory, 'none'),
    directory,
    fifo,
    '/dev/zero',
  ]);
  assert.ok(text.endsWith(THEIRS + OURS));
  const system = systemBundle();
  assert.equal(targets.length > 0, system !== undefined);
  const machines = system ? mergeBundles([await readFile(system, 'utf8')]) : '';
  assert.equal(text, machines + THEIRS + OURS);
});
