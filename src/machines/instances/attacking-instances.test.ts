// What hostile user data may not do: it runs as root of an instance, which may have the number of this host's root. It
// reaches no file, no process and no setting of this host, now or at the next boot.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { instanceSpec, instancesForTests, shellIn, WITHOUT_INSTANCES } from './instances.fixture.ts';

const tried = instancesForTests();
const skip = WITHOUT_INSTANCES;
const outside = mkdtempSync(join(tmpdir(), 'millpond-outside-'));
after(() => rmSync(outside, { recursive: true, force: true }));
const asRoot = (text: string) => Buffer.from(`#!/bin/sh\n${text}\n`);

/** Commands as root of an instance; those that succeed are returned. */
async function succeeding(attempts: readonly string[]): Promise<string[]> {
  const instance = await tried.booted({
    userData: asRoot(
      `exec >/root/succeeded 2>/dev/null\n${attempts.map((each, index) => `( ${each} ) >/dev/null 2>&1 && echo ${index}`).join('\n')}`,
    ),
  });
  const { output } = await shellIn(instance, 'root', 'cat /root/succeeded');
  await instance.stop(0);
  return output
    .split('\n')
    .filter(Boolean)
    .map((index) => attempts[Number(index)]!);
}

test('it changes nothing of this kernel and makes no device', { skip }, async () => {
  assert.deepEqual(
    await succeeding([
      // Proves that what succeeds is seen.
      'touch /root/file',
      'mount -t tmpfs none /mnt',
      'mount --bind /proc /mnt',
      'mount -o remount,rw /proc/sys',
      'umount /proc/sys',
      'umount -l /proc/kmsg',
      'mknod /root/disk b 8 0 && cat /root/disk',
      'mknod /root/memory c 1 1 && cat /root/memory',
      'echo x >/proc/sys/kernel/core_pattern',
      'echo 1 >/proc/sys/kernel/sysrq',
      'echo h >/proc/sysrq-trigger',
      'echo 1 >/proc/sys/vm/drop_caches',
      'echo 10 >/proc/sys/net/ipv4/ip_default_ttl',
      'test -s /proc/kcore',
      'test -s /proc/kmsg && head -c 1 /proc/kmsg',
      'echo 1 >/proc/irq/default_smp_affinity',
      'echo x >/sys/devices/system/cpu/cpu0/online',
      'chmod 700 /dev/null',
      'chown 1000 /dev/zero',
      'chmod 700 /dev/tty',
      'rm /dev/null && test ! -e /dev/null',
      'chmod 777 /sys/devices/system',
      'hostname other',
      'date -s 2001-01-01',
      'dmesg',
      'modprobe dummy',
      'swapon /root/none || chroot /proc/1/root/../../.. test -d /proc/2/task/2/children/x',
      'nsenter -t 1 -m -p true && nsenter -t 1 -m test -e /root/../../home/.none',
      'echo x >/run/millpond/programs/init',
      'mv /run/millpond/programs /run/millpond/x',
    ]),
    ['touch /root/file'],
  );
  assert.equal(statSync('/dev/null').mode & 0o777, 0o666);
});

test('it sees no process and kills none, not even by the user’s number', { skip }, async () => {
  const other = spawn('sleep', ['1000'], { stdio: 'ignore' });
  await once(other, 'spawn');
  const pids = `kill -9 ${other.pid}; kill -9 -1; for p in $(seq ${other.pid! - 20} ${other.pid! + 20}); do kill -9 $p; done`;
  const instance = await tried.booted({
    userData: asRoot(`(${pids}) 2>/dev/null; ls -d /proc/${other.pid} && echo seen >/root/seen; exit 0`),
  });
  const { output } = await shellIn(
    instance,
    'root',
    `cat /proc/[0-9]*/comm | grep -c -x node; ls /root/seen; ls /proc/${process.pid}/root 2>/dev/null`,
  );
  assert.equal(output, '0');
  assert.equal(other.exitCode, null);
  assert.equal(other.signalCode, null);
  other.kill('SIGKILL');
});

test('it reads no file of this host that not everybody may read, and none of its people', {
  skip,
}, async () => {
  writeFileSync(join(outside, 'secret'), 'the secret');
  const instance = await tried.booted();
  const { output } = await shellIn(
    instance,
    'root',
    `ls -A /home /root /tmp /srv /mnt; ls -d ${outside} ${tried.directory} /proc/1/root${outside} /proc/1/cwd/../..${outside} 2>/dev/null;
     find /etc /usr /opt -xdev -type f -user root ! -perm -o=r ! -perm -o=x -newer /proc/1/comm 2>/dev/null | head; cat /etc/shadow; cut -d: -f1 /etc/passwd`,
  );
  assert.ok(!output.includes('millpond-outside') && !output.includes('the secret'), output);
  const { username, uid } = userInfo();
  if (uid >= 1000) assert.ok(!output.split('\n').includes(username));
  for (const line of output.split('\n').filter((each) => /^[^:]+:[^:]+:\d+:/.test(each))) {
    assert.match(line, /^[^:]+:[*!]/, 'no password of this host');
  }
  for (const path of [
    '/etc/shadow-',
    '/etc/gshadow-',
    '/etc/passwd-',
    '/etc/ssl/private',
    '/etc/ssh/ssh_host_rsa_key',
  ]) {
    const { code } = await shellIn(instance, 'root', `test -e ${path}`);
    assert.notEqual(code, 0, path);
  }
});

test('what may be read of this host’s programs cannot be changed there', { skip }, async () => {
  const before = statSync('/usr/bin/env');
  const instance = await tried.booted();
  await shellIn(
    instance,
    'root',
    'echo x >/usr/bin/env; chmod 777 /usr/bin/id; rm -f /usr/bin/ls /etc/profile; for f in /proc/*/exe; do echo x >$f; done; true',
  );
  const now = statSync('/usr/bin/env');
  assert.deepEqual([now.size, now.mtimeMs, now.ctimeMs], [before.size, before.mtimeMs, before.ctimeMs]);
  assert.ok(existsSync('/usr/bin/ls') && existsSync('/etc/profile'));
  assert.equal(statSync('/usr/bin/id').mode & 0o777, 0o755);
});

test('a command of Millpond’s in it leads to no file of this host, and its programs stay as they are', {
  skip,
}, async () => {
  const instance = await tried.booted({
    userData: asRoot(`
(while :; do for each in /proc/[0-9]*; do
  [ -e $each/root${outside} -o -e $each/cwd/../../ids.json -o -e $each/cwd/../roots ] && echo "$each" >>/root/found
  ls -l $each/exe 2>/dev/null | grep -q ld.so && for file in $each/exe $each/cwd/ld.so $each/cwd/env; do (echo x >>$file) 2>/dev/null && echo "$file" >>/root/written; done
done; done) >/dev/null 2>&1 &`),
  });
  const tools = join(tried.directory, 'files/tools');
  const before = readdirSync(tools).map((name) => [name, statSync(join(tools, name)).mtimeMs]);
  for (let index = 0; index < 15; index++)
    assert.equal((await shellIn(instance, 'ec2-user', 'exit 0')).code, 0);
  const { output } = await shellIn(instance, 'root', 'cat /root/found /root/written 2>/dev/null; true');
  assert.equal(output, '');
  assert.deepEqual(
    readdirSync(tools).map((name) => [name, statSync(join(tools, name)).mtimeMs]),
    before,
  );
});

test('what it leaves in its files leads nowhere at the next boot', { skip }, async () => {
  mkdirSync(join(outside, 'target'));
  symlinkSync('/', join(outside, 'target/link'));
  const spec = instanceSpec({
    covers: [
      {
        targets: [
          '/etc/resolv.conf',
          '/etc/hosts',
          '/etc/ssl/certs/ca-certificates.crt',
          '/usr/local/lib/deep/file',
        ],
        text: 'covered\n',
      },
    ],
  });
  const first = await tried.booted(spec);
  const to = join(outside, 'target');
  await shellIn(
    first,
    'root',
    `cd /; rm -rf /etc/ssl /usr/local/lib /var/lib /srv /etc/ssh; for each in /etc/ssl /usr/local/lib /var/lib /srv /etc/ssh /home/ec2-user/.ssh; do rm -rf $each; ln -s ${to} $each; done
     rm -f /run/millpond/status/booted; ln -s ${to}/x /run/millpond/status/booted; mkfifo /run/millpond/status/x; ln -sf ${to}/new /etc/machine-id
     mkdir -p /etc/a/b && chmod 000 /etc/a; chmod 000 /etc /usr /var; true`,
  );
  await first.stop(5_000);
  const second = await tried.booted(spec);
  const { output } = await shellIn(
    second,
    'root',
    'cat /etc/resolv.conf /etc/ssl/certs/ca-certificates.crt /usr/local/lib/deep/file',
  );
  assert.equal(output, 'covered\ncovered\ncovered');
  await second.stop(0);
  await tried.instances.remove(spec.id);
  assert.deepEqual(
    readdirSync(outside).sort(),
    ['secret', 'target'].filter((name) => existsSync(join(outside, name))),
  );
  assert.deepEqual(readdirSync(to), ['link']);
});

test('a boot that never ends, and a status that is no file, hold nothing up', { skip }, async () => {
  const instance = await tried.instances.start(
    instanceSpec({ userData: asRoot('mkfifo /run/millpond/status/booted; while :; do sleep 1; done') }),
  );
  assert.deepEqual(await instance.booted, {});
  await instance.stop(0);
  const other = await tried.instances.start(instanceSpec({ userData: asRoot('while :; do sleep 1; done') }));
  await other.stop(0);
  assert.deepEqual(await other.booted, {});
});

test('a flood of output is bounded, and the console has its end', { skip }, async () => {
  const instance = await tried.booted({
    userData: asRoot('head -c 90000000 /dev/zero | tr "\\\\0" x; echo; echo the end'),
  });
  const console = await tried.instances.console(instance.id);
  assert.ok(console.length <= 65_536);
  assert.match(console.toString(), /x\nthe end\n/);
  assert.ok(readdirSync(join(tried.directory, 'runs', instance.id, 'output')).length <= 64);
  assert.ok(readFileSync('/proc/self/status', 'utf8').length > 0);
});
