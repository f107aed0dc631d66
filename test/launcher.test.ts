// The launcher, the set-up on a machine that has everything, and the published package, driven from outside.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runCommand } from './support/command.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SET_UP = [join(ROOT, 'scripts/setup.mjs')];

test('set-up on a machine that has everything changes nothing', async () => {
  const { code, stdout, stderr } = await runCommand(SET_UP, []);
  assert.deepEqual([code, stdout], [0, ''], stderr);
  assert.match(stderr, /^set-up: everything is installed.*\n$/);
});

test('set-up refuses an option it does not know', async () => {
  const { code, stderr } = await runCommand(SET_UP, ['--for-test']);
  assert.equal(code, 2);
  assert.match(stderr, /unknown option --for-test/);
});

test('a Node that is too old is passed over for one on the PATH', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'millpond-launcher-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const old = join(folder, 'old');
  execFileSync('mkdir', [old]);
  writeFileSync(join(old, 'node'), '#!/bin/sh\necho v18.20.0\n', { mode: 0o755 });
  const find = `
    import { findNode, isNewEnough } from ${JSON.stringify(pathToFileURL(join(ROOT, 'bin/find-node.mjs')).href)};
    const real = process.execPath;
    process.env.PATH = ${JSON.stringify(old)} + ':' + process.env.GOOD_NODE_FOLDER;
    Object.defineProperty(process, 'version', { value: 'v20.1.0' });
    console.log(JSON.stringify([findNode(), ['v18.0.0', 'v24.0.0', '26.1.0', ''].map(isNewEnough)]));`;
  const good = join(folder, 'good');
  execFileSync('mkdir', [good]);
  symlinkSync(process.execPath, join(good, 'node'));
  const stdout = execFileSync(process.execPath, ['--input-type=module', '-e', find], {
    encoding: 'utf8',
    env: { ...process.env, GOOD_NODE_FOLDER: good },
  });
  assert.deepEqual(JSON.parse(stdout), [join(good, 'node'), [false, true, true, false]]);
});

const LAUNCH = pathToFileURL(join(ROOT, 'bin/launch.mjs')).href;
const under = (script: string) =>
  `import { runUnder } from ${JSON.stringify(LAUNCH)}; await runUnder(process.execPath, ['-e', ${JSON.stringify(script)}]);`;

test('the child’s exit code is the launcher’s', async () => {
  const { code } = await runCommand(['--input-type=module', '-e', under('process.exit(7)')], []);
  assert.equal(code, 7);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} reaches the child, and its ending is the launcher’s`, async () => {
    const script = `process.on('${signal}', () => process.exit(5)); setInterval(() => {}, 1e6); console.log('ready');`;
    const launcher = spawn(process.execPath, ['--input-type=module', '-e', under(script)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(launcher, 'exit');
    await once(launcher.stdout, 'data');
    launcher.kill(signal);
    assert.deepEqual(await ended, [5, null]);
  });
}

test('a child that a signal ended ends the launcher by the same signal', async () => {
  const { code, signal } = await runCommand(
    ['--input-type=module', '-e', under(`process.kill(process.pid, 'SIGTERM')`)],
    [],
  );
  assert.deepEqual([code, signal], [null, 'SIGTERM']);
});

test('the package runs without a clone', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'millpond-package-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const pack = execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', folder], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [packed] = JSON.parse(pack) as [{ filename: string; files: { path: string }[] }];
  const paths = packed.files.map((file) => file.path);
  assert.ok(paths.includes('LICENSE') && paths.includes('dist/main.js'));
  assert.deepEqual(
    paths.filter((path) => /^(src|test|scripts|node_modules)\//.test(path)),
    [],
  );

  execFileSync('tar', ['-xzf', join(folder, packed.filename), '-C', folder]);
  // Instead of an installation, which would ask the registry.
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const program = [join(folder, 'package/bin/millpond.mjs')];
  const version = await runCommand(program, ['--version']);
  assert.deepEqual([version.code, version.stderr], [0, '']);
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
  const args = ['--data-dir', join(folder, 'state')];
  t.after(() => runCommand(program, ['down', '--purge', ...args]));
  const up = await runCommand(program, ['up', '--detach', '--port', '0', ...args]);
  assert.equal(up.code, 0, up.stderr);
  const status = await runCommand(program, ['status', '--json', ...args]);
  assert.equal(JSON.parse(status.stdout).version, version.stdout.trim(), status.stderr);
  const down = await runCommand(program, ['down', '--purge', ...args]);
  assert.equal(down.code, 0, down.stderr);
});
