// Instances outlive the Millpond that booted them. Whenever that is killed, the next one finds the instance running, or
// nothing of it runs and its files are complete or not there.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readIdentity } from '../containers/own-container.ts';
import { instanceSpec, instancesForTests, shellIn, WITHOUT_INSTANCES } from './instances.fixture.ts';
import { instancePids } from './own-instances.ts';

const PROGRAM = fileURLToPath(new URL('./starting-program.fixture.ts', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'millpond-instances-'));
const tried = instancesForTests({ directory });
const skip = WITHOUT_INSTANCES;

function starter(id: string): { child: ChildProcess; says(line: string): Promise<void> } {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROGRAM, directory, id], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout! });
  const said = new Set<string>();
  lines.on('line', (line) => said.add(line));
  return {
    child,
    async says(line) {
      while (!said.has(line)) await once(lines, 'line');
    },
  };
}

/** Processes that work in the directory. */
const processesLeft = () =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(directory);
    } catch {
      return false;
    }
  });

async function killed(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

test('an instance that runs is found, with its labels, its console and its end', { skip }, async () => {
  const { child, says } = starter('i-running');
  await says('started');
  await killed(child);
  await tried.open();
  const [found, ...others] = await tried.instances.find();
  assert.deepEqual([found!.id, found!.labels, others], ['i-running', { of: 'a test' }, []]);
  assert.deepEqual(await instancePids(directory), [found!.pid]);
  assert.deepEqual(await found!.booted, { noSsh: 'It was started without SSH.' });
  assert.equal((await shellIn(found!, 'root', 'cat /root/runs')).output, 'ran');
  assert.match((await tried.instances.console('i-running')).toString(), /is up/);
  await found!.stop(10_000);
  const [ended] = await tried.instances.find();
  assert.equal(ended!.pid, undefined);
  await ended!.ended;
  await ended!.booted;
  await tried.instances.remove('i-running');
  assert.deepEqual(await tried.instances.find(), []);
});

test('an instance whose shim is killed ends', { skip }, async () => {
  const instance = await tried.booted({ id: 'i-shim' });
  process.kill(readIdentity(join(directory, 'runs/i-shim/shim'))!.pid, 'SIGKILL');
  await instance.ended;
  assert.equal(instance.pid, undefined);
  await tried.instances.remove('i-shim');
});

/** Paths that appear in this order while an instance boots for the first time. */
const STEPS = [
  ...['runs/ID', 'runs/ID/cgroups', 'runs/ID/spec.json', 'files/roots/ID', 'files/roots/ID/root/etc'],
  ...[
    'files/roots/ID/begun',
    'files/roots/ID/status',
    'files/roots/ID/table',
    'runs/ID/shim',
    'runs/ID/alive',
  ],
  ...['runs/ID/output', 'runs/ID/output/000000', 'files/roots/ID/status/booted'],
];

for (const [index, step] of STEPS.entries()) {
  test(`Millpond is killed when ${step} is there`, { skip }, async () => {
    await tried.open();
    const id = `i-step-${index}`;
    const path = join(directory, step.replace('ID', id));
    const { child, says } = starter(id);
    const ended = once(child, 'exit');
    await says('open');
    // Not by a watcher: its event comes when several steps have passed. It ends when a step is not there on this machine.
    while (
      !existsSync(path) &&
      child.exitCode === null &&
      !existsSync(join(directory, 'files/roots', id, 'status/booted'))
    ) {}
    child.kill('SIGKILL');
    await ended;
    const found = await tried.instances.find();
    for (const instance of found) {
      assert.equal(instance.id, id);
      assert.notEqual(instance.pid, undefined);
      await instance.stop(0);
    }
    // It boots with whatever is left, and its user data has run once.
    const again = await tried.booted(
      instanceSpec({ id, userData: Buffer.from('#!/bin/sh\necho ran >>/root/runs\n') }),
    );
    const { output } = await shellIn(
      again,
      'root',
      'cat /root/runs; cat /etc/machine-id | wc -c; id -u ec2-user',
    );
    // A boot that was ended after it had begun to run user data does not run it again.
    assert.match(output, found.length > 0 ? /^(ran\n)?33\n1000$/ : /^ran\n33\n1000$/);
    await again.stop(0);
    await tried.instances.prune(new Set());
    for (const place of ['runs', 'files/roots']) assert.deepEqual(readdirSync(join(directory, place)), []);
    while (processesLeft().length > 0) await setImmediate();
    assert.ok(!readFileSync('/proc/self/mountinfo', 'utf8').includes(id));
  });
}
