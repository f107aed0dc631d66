// The command of a clone runs from anywhere, and nothing that is written or printed sends anybody to the public
// registry, where the name belongs to nobody.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { lstatSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ASKS_THE_REGISTRY =
  /\bnpx\s+(?:-\S+\s+)*millpond\b|\bnpm\s+(?:x|exec|i|install|add)\s+(?:-\S+\s+)*(?:-- )?millpond\b|\b(?:pnpm|yarn|bunx?)\s+(?:dlx|x|add|i)?\s*millpond\b/;
/** The one that looks for them. */
const SELF = 'test/command-name.test.ts';

test('nobody is sent to the registry for `millpond`', () => {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const texts = files
    .split('\0')
    .filter((file) => /\.(?:md|ts|mjs|js|json|ya?ml|sh|rb|py)$/.test(file) && file !== SELF)
    .filter((file) => lstatSync(join(ROOT, file), { throwIfNoEntry: false })?.isFile());
  assert.ok(texts.includes('README.md') && texts.length > 100);
  const found = texts.filter((file) => ASKS_THE_REGISTRY.test(readFileSync(join(ROOT, file), 'utf8')));
  assert.deepEqual(found, []);
});

test('what the documents call `bin/millpond` runs, from any directory', () => {
  const run = (program: string, cwd: string) =>
    execFileSync(program, ['--version'], { cwd, encoding: 'utf8' });
  assert.match(run('bin/millpond', ROOT), /^\d+\.\d+\.\d+\n$/);
  assert.match(run(join(ROOT, 'bin/millpond'), tmpdir()), /^\d+\.\d+\.\d+\n$/);
});
