// OpenSSH's own clients reach an instance: commands, terminals, files, forwarded ports; and only with its key.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { freePort } from '../../../test/support/free-port.ts';
import { instanceSpec, instancesForTests, run, WITHOUT_INSTANCES } from './instances.fixture.ts';
import type { Instance, InstanceSpec } from './instances.ts';

const tried = instancesForTests();
const files = mkdtempSync(join(tmpdir(), 'millpond-ssh-'));
after(() => rmSync(files, { recursive: true, force: true }));
const key = join(files, 'key');
const known = join(files, 'known_hosts');
let skip: string | false = WITHOUT_INSTANCES;
let spec: InstanceSpec;
let instance: Instance;

const makeKey = (path: string) => run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path]);

before(async () => {
  if (skip) return;
  await tried.open();
  if ((await tried.instances.abilities()).noSsh !== undefined) skip = 'needs sshd';
  await makeKey(key);
  const authorizedKeys = [readFileSync(`${key}.pub`, 'utf8')];
  spec = instanceSpec({
    ...{ ssh: { address: '127.0.0.1', port: await freePort() }, authorizedKeys },
    environment: { AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' },
  });
  instance = await tried.booted(spec);
  writeFileSync(known, '');
});

/** Nothing of the configuration and keys of whoever runs the tests. */
const options = (identity = key) => [
  ...['-F', 'none', '-i', identity, '-o', 'IdentitiesOnly=yes', '-o', `UserKnownHostsFile=${known}`],
  ...['-o', 'StrictHostKeyChecking=accept-new', '-o', 'LogLevel=INFO', '-o', 'IdentityAgent=none'],
];
const port = () => `${spec.ssh!.port}`;
const ssh = (words: readonly string[], input = '', user = 'ec2-user', identity = key) =>
  run('ssh', [...options(identity), '-p', port(), `${user}@127.0.0.1`, ...words], input);

test('SSH is there when the boot is over', async (context) => {
  if (skip) return context.skip(skip);
  assert.deepEqual(await instance.booted, {});
  const first = await ssh(['id -un; pwd; echo $AWS_REGION; sudo id -u']);
  assert.deepEqual([first.code, first.output], [0, 'ec2-user\n/home/ec2-user\neu-west-1\n0']);
  assert.match(first.errors, /^Warning: Permanently added .*$/);
  const again = await ssh(['cat; exit 3'], 'input');
  assert.deepEqual(again, { code: 3, output: 'input', errors: '' });
});

test('a login shell finds every program that a command finds, whatever /etc/profile does to PATH', async (context) => {
  if (skip) return context.skip(skip);
  const path = async (...words: string[]) =>
    new Set((await ssh(words, 'echo "$PATH"\n')).output.split('\n').at(-1)!.split(':'));
  const [command, login] = [await path('echo "$PATH"'), await path()];
  assert.deepEqual([...command.difference(login)], []);
});

test('the console has the fingerprints of its keys', async (context) => {
  if (skip) return context.skip(skip);
  const console = (await tried.instances.console(spec.id)).toString();
  const told = /-----BEGIN SSH HOST KEY FINGERPRINTS-----\n([\s\S]*?)\n-----END/.exec(console)?.[1];
  await ssh(['true']);
  const { output } = await run('ssh-keygen', ['-l', '-f', known]);
  assert.ok(told!.includes(output.split(' ')[1]!), `${told}\n${output}`);
});

test('a terminal has a shell with the prompt of Amazon Linux, and no message', async (context) => {
  if (skip) return context.skip(skip);
  const child = spawn('ssh', [...options(), '-tt', '-p', port(), 'ec2-user@127.0.0.1'], { stdio: 'pipe' });
  const shown = text(child.stdout);
  const errors = text(child.stderr);
  child.stdin.end('tty\nexit 0\n');
  await once(child, 'close');
  assert.match(await shown, /\[ec2-user@ip-10-0-1-17 ~\]\$ /);
  assert.match(await shown, /\/dev\/pts\/\d/);
  assert.equal((await errors).trim(), 'Connection to 127.0.0.1 closed.');
});

test('scp and sftp carry files both ways', async (context) => {
  if (skip) return context.skip(skip);
  const bytes = Buffer.alloc(3 * 1024 ** 2, 'millpond');
  writeFileSync(join(files, 'sent'), bytes);
  const scp = (...words: string[]) => run('scp', [...options(), '-q', '-P', port(), ...words]);
  assert.deepEqual(await scp(join(files, 'sent'), 'ec2-user@127.0.0.1:there'), {
    code: 0,
    output: '',
    errors: '',
  });
  assert.equal((await scp('ec2-user@127.0.0.1:there', join(files, 'back'))).code, 0);
  assert.equal(statSync(join(files, 'back')).size, bytes.length);
  const sftp = await run('sftp', [...options(), '-q', '-b', '-', '-P', port(), 'ec2-user@127.0.0.1'], 'ls\n');
  assert.match(sftp.output, /^there\s*$/m);
});

test('a forwarded port leads to where the instance is', async (context) => {
  if (skip) return context.skip(skip);
  const target = createServer((socket) => socket.end('reached')).listen(0, '127.0.0.1');
  await once(target, 'listening');
  const local = await freePort();
  const forward = `${local}:127.0.0.1:${(target.address() as AddressInfo).port}`;
  const child = spawn(
    'ssh',
    [
      ...options(),
      '-o',
      'ExitOnForwardFailure=yes',
      '-L',
      forward,
      '-p',
      port(),
      'ec2-user@127.0.0.1',
      'echo up; cat',
    ],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  );
  await once(child.stdout, 'data');
  assert.equal(await text(connect(local, '127.0.0.1')), 'reached');
  child.stdin.end();
  await once(child, 'close');
  target.close();
});

test('nobody else gets in: another key, a password, root', async (context) => {
  if (skip) return context.skip(skip);
  await makeKey(join(files, 'other'));
  assert.match(
    (await ssh(['id'], '', 'ec2-user', join(files, 'other'))).errors,
    /Permission denied \(publickey\)/,
  );
  assert.match((await ssh(['id'], '', 'root')).errors, /Permission denied \(publickey\)/);
  const words = [
    ...options(),
    '-o',
    'PreferredAuthentications=password',
    '-p',
    port(),
    'ec2-user@127.0.0.1',
    'id',
  ];
  assert.match((await run('ssh', words)).errors, /Permission denied \(publickey\)/);
});

test('its keys are the same after a stop and a start', async (context) => {
  if (skip) return context.skip(skip);
  await ssh(['true']);
  await instance.stop(10_000);
  instance = await tried.booted(spec);
  const ran = await run('ssh', [
    ...options(),
    '-o',
    'StrictHostKeyChecking=yes',
    '-p',
    port(),
    'ec2-user@127.0.0.1',
    'ls',
  ]);
  assert.equal(ran.code, 0, ran.errors);
});

test('a port that needs root is listened on from outside, where Millpond is root', async (context) => {
  if (skip) return context.skip(skip);
  const low = { address: `127.77.${(process.pid >> 8) & 255}.${process.pid & 255}`, port: 22 };
  const other = await tried.booted({ authorizedKeys: spec.authorizedKeys, ssh: low });
  const { noSsh } = await other.booted;
  if (tried.abilities.users !== 'root') return assert.match(noSsh!, /^Only root may listen at port 22/);
  assert.equal(noSsh, undefined);
  const words = [...options(), `ec2-user@${low.address}`, 'id -un; sudo id -u; tty'];
  assert.equal((await run('ssh', words)).output, 'ec2-user\n0\nnot a tty');
  const found = (await tried.instances.find()).find(({ id }) => id === other.id)!;
  assert.deepEqual(await found.booted, {});
  await other.stop(0);
  const isFree = () =>
    new Promise<boolean>((resolve) => {
      const server = createServer()
        .once('error', () => resolve(false))
        .listen(22, low.address, () => server.close(() => resolve(true)));
    });
  while (!(await isFree())) await new Promise(setImmediate);
});
