// Instances over this host's files, in the best way of the user who runs the tests: what is there, what stays, what they
// print. plain-user.test.ts runs these tests as other users.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { instanceSpec, instancesForTests, shellIn, WITHOUT_INSTANCES } from './instances.fixture.ts';
import type { Instance } from './instances.ts';

const tried = instancesForTests();
const skip = WITHOUT_INSTANCES;
let shared: Instance;

before(async () => {
  if (skip) return;
  shared = await tried.booted({
    environment: { AWS_REGION: 'eu-west-1', QUOTE: "a'b $c", 'no.name': 'x' },
    userData: Buffer.from('#!/bin/sh\necho from user data; read -r line; id -un; exit 3\n'),
    covers: [{ targets: ['/etc/resolv.conf'], text: 'nameserver 127.9.9.9\n' }],
    labels: { of: 'a test' },
  });
});

const shell = (user: string, text: string) => shellIn(shared, user, text);

test('a command runs in it as a user, in their home, with its name and its variables', { skip }, async () => {
  assert.deepEqual(await shell('ec2-user', 'id -un; pwd; hostname; echo "$HOME $USER $AWS_REGION $QUOTE"'), {
    ...{ code: 0, errors: '' },
    output: `ec2-user\n/home/ec2-user\nip-10-0-1-17.ec2.internal\n/home/ec2-user ec2-user eu-west-1 a'b $c`,
  });
  assert.equal((await shell('root', 'id -u; pwd')).output, '0\n/root');
  const unknown = await shell('nobody-there', ':');
  assert.deepEqual([unknown.code, unknown.errors], [1, 'The instance has no user nobody-there.']);
});

test('no variable of the caller gets in', { skip }, async () => {
  process.env.MILLPOND_TEST_SECRET = 'secret';
  const { output } = await shell('root', 'env');
  delete process.env.MILLPOND_TEST_SECRET;
  assert.ok(!/secret|MILLPOND/.test(output), output);
});

test('ec2-user becomes root without a password, and keeps what points to Millpond', { skip }, async () => {
  const ran = await shell(
    'ec2-user',
    'id -u; sudo -n sh -c "id -u; echo $HOME \\$HOME \\$AWS_REGION"; sudo -iu ec2-user id -u',
  );
  assert.deepEqual(ran, { code: 0, output: '1000\n0\n/home/ec2-user /root eu-west-1\n1000', errors: '' });
  assert.equal((await shell('ec2-user', 'sudo sh -c "exit 7"')).code, 7);
  assert.equal((await shell('ec2-user', 'sudo A=b sh -c "echo \\$A"')).output, 'b');
});

test('an interactive shell has the prompt of Amazon Linux', { skip }, async () => {
  // Bash prints what the prompt would be.
  const prompt = '$' + '{PS1@P}';
  const { output } = await shell('ec2-user', `bash -lic 'echo "${prompt}"' 2>/dev/null`);
  assert.equal(output, '[ec2-user@ip-10-0-1-17 ~]$');
});

test('the console and the log have what the user data printed', { skip }, async () => {
  const console = (await tried.instances.console(shared.id)).toString();
  assert.match(console, /^from user data\nroot\nFailed to run .*part-001: exit code 3$/m);
  assert.match(console, /^Booting ip-10-0-1-17\.ec2\.internal$/m);
  assert.match((await shell('root', 'cat /var/log/cloud-init-output.log')).output, /^from user data$/m);
  assert.equal((await tried.instances.console('i-none')).length, 0);
});

test('files replace its own', { skip }, async () => {
  const { output } = await shell('root', 'cat /etc/resolv.conf; echo x >/etc/resolv.conf || echo no');
  assert.match(output, /^nameserver 127\.9\.9\.9\n(.*\n)?no$/);
});

test('it has the programs of this host, and may add to them', { skip }, async () => {
  const { output } = await shell(
    'root',
    'echo a >/usr/bin/millpond-test && cat /usr/bin/millpond-test; mktemp -d /opt/x.XXX',
  );
  assert.match(output, /^a\n\/opt\/x/);
  assert.ok(!existsSync('/usr/bin/millpond-test'));
});

test('its files stay over stop and start, and its user data runs once', { skip }, async () => {
  const spec = instanceSpec({ userData: Buffer.from('#!/bin/sh\necho once >>/root/runs\n') });
  const first = await tried.booted(spec);
  await shellIn(
    first,
    'root',
    'echo a >/etc/own; rm /etc/profile; mkdir -p /srv/b; echo c >/usr/local/bin/d',
  );
  await shellIn(first, 'ec2-user', 'echo e >f');
  await first.stop(10_000);
  assert.equal(first.pid, undefined);
  await assert.doesNotReject(first.booted);
  const second = await tried.booted(spec);
  const text =
    'cat /etc/own /usr/local/bin/d /home/ec2-user/f /root/runs; ls -d /srv/b /etc/profile 2>/dev/null';
  assert.equal((await shellIn(second, 'root', text)).output, 'a\nc\ne\nonce\n/srv/b');
  await assert.rejects(tried.instances.start(spec), /runs already/);
  await assert.rejects(tried.instances.remove(spec.id), /runs/);
  await second.stop(10_000);
  await tried.instances.remove(spec.id);
  for (const place of ['runs', 'files/roots']) {
    assert.ok(!readdirSync(join(tried.directory, place)).includes(spec.id), place);
  }
  assert.ok(!readFileSync('/proc/self/mountinfo', 'utf8').includes(tried.directory));
});

test('it ends in the given time, whatever its programs do', { skip }, async () => {
  const instance = await tried.booted();
  await shellIn(
    instance,
    'root',
    'setsid sh -c "trap \'\' TERM HUP; while :; do sleep 1; done" >/dev/null 2>&1 &',
  );
  await instance.stop(200);
  assert.equal(instance.pid, undefined);
  await instance.stop(200);
});

test('it can be shut down and booted again from inside', { skip }, async () => {
  const instance = await tried.booted();
  await shellIn(instance, 'root', 'echo a >/run/before');
  const { pid } = instance;
  await shellIn(instance, 'ec2-user', 'sudo reboot');
  let console = '';
  while (console.split(' is up.').length < 3)
    console = (await tried.instances.console(instance.id)).toString();
  assert.equal(instance.pid, pid);
  assert.match(console, /Reached target Reboot/);
  await shellIn(instance, 'ec2-user', 'sudo shutdown -h now');
  await instance.ended;
});

test('what is no name, no key and no user data is refused before anything starts', { skip }, async () => {
  const start = (spec: Parameters<typeof instanceSpec>[0]) => tried.instances.start(instanceSpec(spec));
  await assert.rejects(start({ id: '../x' }), /no name of an instance/);
  await assert.rejects(start({ hostName: 'a\nb' }), /no host name/);
  await assert.rejects(start({ authorizedKeys: ['a\nb'] }), /several lines/);
});

test('more memory than its limit ends what takes it', { skip }, async () => {
  const hog = '#!/bin/sh\nx=$(head -c 400000000 /dev/zero | tr "\\0" x); sleep 1000; echo took it\n';
  const instance = await tried.booted({ memoryBytes: 192 * 1024 ** 2, userData: Buffer.from(hog) });
  const console = (await tried.instances.console(instance.id)).toString();
  assert.ok(!console.includes('took it'), console);
});
