// Instances over this host's files, in the best way of this machine: what is there, what stays, what they print.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { silentLog } from '../../kernel/log.ts';
import { keepAlive } from '../containers/containers.fixture.ts';
import { removeTree } from '../containers/places.ts';
import { instanceSpec, runIn, shellIn, WITHOUT_INSTANCES } from './instances.fixture.ts';
import type { Instance, InstanceAbilities, Instances } from './instances.ts';
import { openInstances } from './own-instances.ts';

const directory = mkdtempSync(join(tmpdir(), 'millpond-instances-'));
const release = keepAlive();
let instances: Instances;
let abilities: InstanceAbilities;
const running: Instance[] = [];

before(async () => {
  if (WITHOUT_INSTANCES) return;
  instances = await openInstances({ directory, hidden: [], log: silentLog });
  abilities = await instances.abilities();
});

after(async () => {
  await Promise.all(running.map((instance) => instance.stop(0)));
  release();
  await removeTree(directory);
});

async function booted(spec: Parameters<typeof instanceSpec>[0] = {}): Promise<Instance> {
  const instance = await instances.start(instanceSpec(spec));
  running.push(instance);
  await instance.booted;
  return instance;
}

test('a command runs in it as a user, in their home, with the name of the instance', {
  skip: WITHOUT_INSTANCES,
}, async () => {
  const instance = await booted({ environment: { AWS_REGION: 'eu-west-1', QUOTE: "a'b $c" } });
  const text = 'id -un; pwd; hostname; echo "$HOME $USER $AWS_REGION $QUOTE"';
  assert.deepEqual(shellIn(instance, 'ec2-user', text), {
    status: 0,
    output: `ec2-user\n/home/ec2-user\n${'ip-10-0-1-17.ec2.internal'}\n/home/ec2-user ec2-user eu-west-1 a'b $c`,
    errors: '',
  });
  assert.equal(await runIn(instance, 'root', 'id', '-u'), '0');
  assert.match(shellIn(instance, 'nobody-there', ':').errors, /no user nobody-there/);
});

test('ec2-user becomes root without a password', { skip: WITHOUT_INSTANCES }, async () => {
  const instance = await booted({ environment: { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' } });
  assert.deepEqual(
    shellIn(instance, 'ec2-user', 'id -u; sudo -n sh -c "id -u; echo \\$AWS_ENDPOINT_URL \\$HOME"'),
    {
      status: 0,
      output: '1000\n0\nhttp://127.0.0.1:4566 /root',
      errors: '',
    },
  );
});

test('its files stay over stop and start, and its user data runs once', {
  skip: WITHOUT_INSTANCES,
}, async () => {
  const spec = instanceSpec({ userData: Buffer.from('#!/bin/sh\necho once >>/root/runs\nid -un\n') });
  const first = await booted(spec);
  shellIn(
    first,
    'root',
    'echo a >/etc/own; rm /etc/hosts.allow; mkdir -p /srv/b; echo c >/usr/local/bin/d; echo e >/home/ec2-user/f',
  );
  await first.stop(10_000);
  assert.equal(first.pid, undefined);
  const second = await booted(spec);
  const { output } = shellIn(
    second,
    'root',
    'cat /etc/own /usr/local/bin/d /home/ec2-user/f /root/runs; ls -d /srv/b /etc/hosts.allow 2>/dev/null',
  );
  assert.equal(output, 'a\nc\ne\nonce\n/srv/b');
  assert.ok(!existsSync('/etc/own') && !existsSync('/usr/local/bin/d'));
  await second.stop(10_000);
  await instances.remove(spec.id);
  for (const place of ['runs', 'files/roots'])
    assert.ok(!readdirSync(join(directory, place)).includes(spec.id));
});

test('the console has what it printed, and so has the log of the user data', {
  skip: WITHOUT_INSTANCES,
}, async () => {
  const instance = await booted({ userData: Buffer.from('#!/bin/sh\necho from user data; exit 3\n') });
  await instance.stop(10_000);
  const console = (await instances.console(instance.id)).toString();
  assert.match(console, /^from user data$/m);
  assert.match(console, /^Failed to run .*part-001: exit code 3$/m);
  assert.match(console, /Power-Off/);
});

test('it sees nothing of this machine but its programs', { skip: WITHOUT_INSTANCES }, async () => {
  const instance = await booted();
  const { output } = shellIn(instance, 'root', 'ls /home /tmp /root; ls -d /proc/[0-9]* | wc -l; ls /sys');
  const lines = output.split('\n');
  assert.deepEqual(
    lines.filter((line) => /millpond/.test(line)),
    [],
  );
  assert.ok(lines.includes('ec2-user'));
  assert.equal(abilities.users === 'one' || lines.at(-1) === 'devices', true);
});
