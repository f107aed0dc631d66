// A data directory whose path has what shells, mount tables and argument parsers could take for something else: all of
// Millpond works there, and functions are isolated as anywhere else.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { zip } from '../../src/kernel/zip.ts';
import type { MillpondStatus } from '../../src/status.ts';
import { MILLPOND, runCommand } from '../support/command.ts';

const NAME = 'a b "c" \'d\' $(e) `f` \\g;h\ni#j';
const PASSWORD = 'told-to-nobody';
const SOURCE = `
exports.handler = async () => ({
  root: process.env.LAMBDA_TASK_ROOT, password: process.env.PASSWORD, user: process.getuid(),
  name: (await require('node:dns').promises.lookup('sts.us-east-1.amazonaws.com')).address,
});`;

test('Millpond works in a directory of any name', async (t) => {
  const parent = mkdtempSync(join(tmpdir(), 'millpond-name-'));
  const dataDir = join(parent, NAME);
  const temporary = join(parent, `tmp ${NAME}`);
  mkdirSync(temporary);
  const env = { ...process.env, TMPDIR: temporary };
  const millpond = async (command: string, ...rest: string[]) => {
    const ending = await runCommand(MILLPOND, [command, '--data-dir', dataDir, ...rest], { env });
    assert.equal(ending.code, 0, `${command}: ${ending.stderr}`);
    return ending.stdout;
  };
  t.after(async () => {
    await runCommand(MILLPOND, ['down', '--purge', '--data-dir', dataDir]);
    rmSync(parent, { recursive: true, force: true });
  });
  await millpond('up', '--detach', '--port', '0');
  const { url, https } = JSON.parse(await millpond('status', '--json')) as MillpondStatus;

  const client = new LambdaClient({
    ...{ endpoint: url, region: 'us-east-1' },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  t.after(() => client.destroy());
  const FunctionName = 'anywhere';
  await client.send(
    new CreateFunctionCommand({
      ...{ FunctionName, Runtime: 'nodejs24.x', Handler: 'index.handler', Timeout: 60 },
      Role: 'arn:aws:iam::000000000000:role/test',
      Environment: { Variables: { PASSWORD } },
      Code: { ZipFile: zip({ 'index.js': SOURCE }) },
    }),
  );
  const { Payload } = await client.send(new InvokeCommand({ FunctionName }));
  const { root, password, user, name } = JSON.parse(Buffer.from(Payload!).toString());
  assert.equal(password, PASSWORD);
  const told = readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && commandLineOf(pid).includes(PASSWORD),
  );
  assert.deepEqual(told, []);
  const doctor = JSON.parse(await millpond('doctor', '--json')) as { what: string; verdict: string }[];
  const verdict = (what: string) => doctor.find((each) => each.what === what)!.verdict;
  assert.equal(root === '/var/task', verdict("Functions' files") === 'ok');
  if (verdict("Functions' user") === 'ok' && process.getuid!() === 0) assert.notEqual(user, 0);
  if (root === '/var/task' && https) assert.equal(name, https.address);

  if (verdict('Names') !== 'ok') return t.skip('needs namespaces');
  const words = ['x y', 'z;"$(w)"', '\n'];
  const echo = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
  const out = await millpond('exec', '--', process.execPath, '-e', echo, '--', ...words);
  assert.deepEqual(JSON.parse(out), words);
});

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
