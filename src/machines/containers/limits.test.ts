// What a container may not do: take this machine's memory and processes, and reach what is outside of it.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { silentLog } from '../../kernel/log.ts';
import {
  completed,
  imageOf,
  keepAlive,
  runShell,
  shellLayer,
  specOf,
  WITHOUT_CONTAINERS,
} from './containers.fixture.ts';
import type { Containers, Image } from './containers.ts';
import { openContainers } from './own-containers.ts';
import { removeTree } from './places.ts';

const directory = mkdtempSync(join(tmpdir(), 'millpond-limits-'));
const release = keepAlive();
let containers: Containers;
let image: Image;

before(async () => {
  if (WITHOUT_CONTAINERS) return;
  containers = await openContainers({ directory, log: silentLog });
  image = await containers.prepare(imageOf([shellLayer()]));
});

after(async () => {
  release();
  await removeTree(directory);
});

const shell = (text: string, spec: Parameters<typeof runShell>[3] = {}) =>
  runShell(containers, image, text, spec);

test('more memory than its limit ends it, and the end says so', { skip: WITHOUT_CONTAINERS }, async () => {
  const end = await shell(
    'dd if=/dev/zero of=/dev/shm/a bs=1M count=50; dd if=/dev/zero bs=100M count=1 | sleep 1; exit 0',
    {
      memoryBytes: 48 * 1024 ** 2,
      command: ['sh', '-c', 'x=$(head -c 200000000 /dev/zero | tr "\\0" x); exit 0'],
    },
  );
  assert.equal(end.exitCode, 137);
  assert.equal(end.isOutOfMemory, true);
});

test('a fork bomb stays in it', { skip: WITHOUT_CONTAINERS }, async () => {
  const container = await containers.start(
    specOf(image, { command: ['sh', '-c', 'bomb() { bomb | bomb & }; bomb; while :; do sleep 1; done'] }),
  );
  for await (const { lines, taken } of container.output()) {
    taken();
    if (lines.some(({ text }) => /fork/i.test(text))) break;
  }
  container.signal('SIGKILL');
  await completed(container);
});

test('its limits are those that it is given', { skip: WITHOUT_CONTAINERS }, async () => {
  const { lines } = await shell('ulimit -Sn; ulimit -Hn', {
    limits: [{ name: 'nofile', soft: 77, hard: 99 }],
  });
  assert.deepEqual(lines, ['77', '99']);
  await assert.rejects(shell('', { limits: [{ name: 'none', soft: 1, hard: 1 }] }), /no limit named none/);
});

test('it cannot mount, make devices, change this kernel or become more than it is', {
  skip: WITHOUT_CONTAINERS,
}, async () => {
  const attempts = [
    'mount -t tmpfs none /tmp',
    'mount --bind /proc /tmp',
    'mknod /tmp/disk b 8 0',
    'echo 1 >/proc/sys/kernel/panic',
    'echo c >/proc/sysrq-trigger',
    'echo 10 >/proc/sys/user/max_user_namespaces',
    'cat /proc/kcore',
    'echo x >/sys/devices/system/cpu/cpu0/online',
    'hostname other',
  ];
  const { lines } = await shell(
    attempts.map((each) => `( ${each} ) 2>/dev/null && echo "${each}"`).join('\n'),
  );
  assert.deepEqual(lines, []);
});

test('it sees no process, no file and no directory of this machine', {
  skip: WITHOUT_CONTAINERS,
}, async () => {
  const other = spawn('sleep', ['1000'], { stdio: 'ignore' });
  await once(other, 'spawn');
  try {
    const { lines } = await shell(
      `kill -9 ${other.pid} 2>/dev/null && echo killed; ls /proc/1/root/; ls -d ${directory} 2>/dev/null;
       ls -d /../..${directory} /proc/1/cwd${directory} /proc/self/cwd/../..${directory} 2>/dev/null;
       for each in /proc/[0-9]*; do cat $each/comm; done; readlink /proc/1/fd/* 2>/dev/null; exit 0`,
    );
    assert.ok(!lines.includes('killed'));
    assert.ok(!lines.some((line) => line.includes(directory)), lines.join('\n'));
    assert.ok(!lines.includes('home') && !lines.includes('node'));
    assert.equal(other.exitCode, null);
  } finally {
    other.kill('SIGKILL');
  }
});

test('no open file of this machine reaches it', { skip: WITHOUT_CONTAINERS }, async () => {
  const { lines } = await shell('ls -l /proc/1/fd /proc/self/fd');
  const targets = lines.map((line) => line.split(' -> ')[1]).filter((each) => each !== undefined);
  assert.ok(targets.length > 0);
  assert.deepEqual(
    targets.filter((each) => !/^(pipe:|\/dev\/null|\/proc\/|\/)/.test(each)),
    [],
  );
  assert.ok(!targets.some((each) => each.includes('millpond')), targets.join());
});

test('a command of a health check leads to no file of this machine', {
  skip: WITHOUT_CONTAINERS,
}, async () => {
  const { exitCode, lines } = await completed(
    await (async () => {
      const container = await containers.start(
        specOf(image, {
          command: [
            ...['sh', '-c'],
            `n=0; while [ $n -lt 20000 ]; do n=$((n+1)); for each in /proc/[0-9]*; do
             [ -e $each/root/etc/hostname -o -e $each/cwd/../../ids.json -o -e $each/cwd/../roots ] && echo $each; done; done`,
          ],
        }),
      );
      for (let index = 0; index < 10; index++) await container.run(['sh', '-c', 'exit 0'], 20_000);
      container.signal('SIGKILL');
      return container;
    })(),
  );
  assert.equal(exitCode, 137);
  assert.deepEqual(lines, []);
});

test('a root that may only be read stays as it is; what is mounted may still be written', {
  skip: WITHOUT_CONTAINERS,
}, async () => {
  const { lines } = await shell('touch /new 2>/dev/null || echo no; touch /dev/shm/a /shared/b && echo yes', {
    hasReadOnlyRoot: true,
    volumes: [{ name: 'volume-1', containerPath: '/shared', isReadOnly: false }],
  });
  assert.deepEqual(lines, ['no', 'yes']);
});

test('containers of a task share a volume, which begins with what the image has there', {
  skip: WITHOUT_CONTAINERS,
}, async () => {
  const volumes = (isReadOnly: boolean) => [{ name: 'volume-2', containerPath: '/etc', isReadOnly }];
  await shell('echo from one >/etc/made', { volumes: volumes(false) });
  const { lines } = await shell('cat /etc/made; ls /etc; touch /etc/x 2>/dev/null || echo no', {
    volumes: volumes(true),
  });
  assert.deepEqual(lines, ['from one', 'group', 'made', 'passwd', 'no']);
  await containers.removeVolumes(['volume-2']);
  assert.ok(!existsSync(join(directory, 'files/volumes/volume-2')));
});

test('files replace the image’s, also behind its links, and where it has none', {
  skip: WITHOUT_CONTAINERS,
}, async () => {
  const linked = await containers.prepare(
    imageOf([shellLayer(), [{ path: 'etc/resolv.conf', type: '2', linkPath: '/run/none/resolv.conf' }]]),
  );
  const { lines } = await runShell(
    containers,
    linked,
    'cat /etc/resolv.conf /some/where; echo x >/some/where || echo no',
    {
      covers: [{ targets: ['/etc/resolv.conf', '/some/where'], text: 'covered\n' }],
    },
  );
  assert.deepEqual(lines.slice(0, 2), ['covered', 'covered']);
  assert.equal(lines.at(-1), 'no');
});

test('nothing of a container is left when it was removed', { skip: WITHOUT_CONTAINERS }, async () => {
  await shell('mkdir -m 0 /locked; touch /file; exit 0');
  for (const place of ['runs', 'files/roots']) assert.deepEqual(readdirSync(join(directory, place)), []);
  assert.ok(!readFileSync('/proc/self/mountinfo', 'utf8').includes(directory));
});
