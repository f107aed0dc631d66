// Containers outlive the Millpond that started them. Whenever that is killed, the next one finds each container running
// or ended, or nothing of it.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { silentLog } from '../../kernel/log.ts';
import { startTickOf } from '../../kernel/process-identity.ts';
import { findCgroups, groupName } from './cgroups.ts';
import { completed, imageOf, keepAlive, shellLayer, WITHOUT_CONTAINERS } from './containers.fixture.ts';
import type { Container } from './containers.ts';
import { readIdentity } from './own-container.ts';
import { containerPids, openContainers } from './own-containers.ts';
import { removeTree } from './places.ts';

const directory = mkdtempSync(join(tmpdir(), 'millpond-adoption-'));
const release = keepAlive();
const PROGRAM = fileURLToPath(new URL('./starting-program.fixture.ts', import.meta.url));
let digest: string;

const open = () => openContainers({ directory, log: silentLog });

before(async () => {
  if (WITHOUT_CONTAINERS) return;
  digest = (await (await open()).prepare(imageOf([shellLayer()]))).digest;
});

after(async () => {
  release();
  await removeTree(directory);
});

/** A process that starts a container of this shell's text. */
function starter(id: string, text: string): { child: ChildProcess; says(line: string): Promise<void> } {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', PROGRAM, directory, id, digest, 'sh', '-c', text],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
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

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function startAndKill(id: string, text: string): Promise<void> {
  const { child, says } = starter(id, text);
  await says('started');
  await kill(child);
}

/** Processes that work in the directory. */
function processesLeft(): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(directory);
    } catch {
      return false;
    }
  });
}

async function assertNothingLeft(id: string): Promise<void> {
  for (const place of ['runs', 'files/roots']) assert.deepEqual(readdirSync(join(directory, place)), []);
  const groups = findCgroups();
  for (const group of groups.placesOf(groupName(directory, id))) assert.ok(!existsSync(group), group);
  // A killed process is there for a moment.
  while (processesLeft().length > 0) await setImmediate();
}

async function found(id: string): Promise<Container> {
  const containers = await (await open()).find();
  assert.deepEqual(
    containers.map((each) => each.id),
    [id],
  );
  return containers[0]!;
}

test('a container that runs is found, with all that it printed and prints', {
  skip: WITHOUT_CONTAINERS,
}, async () => {
  await startAndKill('running', 'echo before; trap "echo after; exit 4" TERM; while :; do sleep 0.05; done');
  const container = await found('running');
  assert.deepEqual([container.labels, container.imageDigest], [{ of: 'a test' }, digest]);
  assert.deepEqual(await containerPids(directory), [container.pid]);
  for await (const { lines } of container.output()) {
    assert.equal(lines[0]!.text, 'before');
    break;
  }
  assert.equal(await container.run(['sh', '-c', 'exit 5'], 20_000), 5);
  container.signal('SIGTERM');
  const { exitCode, lines } = await completed(container);
  assert.deepEqual({ exitCode, lines }, { exitCode: 4, lines: ['before', 'after'] });
  await assertNothingLeft('running');
});

test('a container that ended meanwhile is found with its exit code and its last line', {
  skip: WITHOUT_CONTAINERS,
}, async () => {
  await startAndKill('ended', 'echo one; printf last; exit 9');
  const container = await found('ended');
  const { exitCode, lines } = await completed(container);
  assert.deepEqual({ exitCode, lines }, { exitCode: 9, lines: ['one', 'last'] });
  await assertNothingLeft('ended');
});

test('what was taken is not read again', { skip: WITHOUT_CONTAINERS }, async () => {
  await startAndKill('taken', 'echo one; while [ ! -e /go ]; do sleep 0.05; done; echo two');
  const first = await found('taken');
  for await (const { taken } of first.output()) {
    taken();
    break;
  }
  const second = await found('taken');
  await second.run(['touch', '/go'], 20_000);
  assert.deepEqual((await completed(second)).lines, ['two']);
  await first.ended;
});

test('nobody reads: the container goes on, and the oldest of too much output is lost', {
  skip: WITHOUT_CONTAINERS,
}, async () => {
  await startAndKill('much', 'dd if=/dev/zero bs=1M count=100 2>/dev/null | tr "\\0" x; echo; echo the end');
  const container = await found('much');
  await container.ended;
  const kept = readdirSync(join(directory, 'runs/much/output'));
  assert.ok(kept.length <= 64, `${kept.length}`);
  const { exitCode, lines } = await completed(container);
  assert.equal(exitCode, 0);
  assert.equal(lines.at(-1), 'the end');
});

test('a container whose shim is killed ends, without an exit code', {
  skip: WITHOUT_CONTAINERS,
}, async () => {
  await startAndKill('shim', 'while :; do sleep 1; done');
  const container = await found('shim');
  const pid = container.pid!;
  const shim = readIdentity(join(directory, 'runs/shim/shim'))!;
  process.kill(shim.pid, 'SIGKILL');
  const end = await container.ended;
  assert.deepEqual([end.exitCode, end.isOutOfMemory], [undefined, false]);
  assert.equal(startTickOf(pid), undefined);
  await container.remove();
  await assertNothingLeft('shim');
});

test('a container whose shim was killed while no Millpond ran is ended by the next', {
  skip: WITHOUT_CONTAINERS,
}, async () => {
  await startAndKill('gone', 'while :; do sleep 1; done');
  const shim = readIdentity(join(directory, 'runs/gone/shim'))!;
  const [pid] = await containerPids(directory);
  process.kill(shim.pid, 'SIGKILL');
  while (startTickOf(shim.pid) === shim.startTick) await setImmediate();
  const container = await found('gone');
  assert.equal((await container.ended).exitCode, undefined);
  assert.equal(startTickOf(pid!), undefined);
  await container.remove();
  await assertNothingLeft('gone');
});

/** Paths that appear in this order while a container starts. */
const STEPS = [
  ...['runs/ID', 'runs/ID/cgroups', 'runs/ID/spec.json', 'files/roots/ID', 'files/roots/ID/upper/dev/tty'],
  ...['files/roots/ID/table', 'runs/ID/started', 'runs/ID/shim', 'runs/ID/alive', 'runs/ID/output'],
];

for (const [index, step] of STEPS.entries()) {
  test(`Millpond is killed when ${step} is there: the container runs, or nothing is left`, {
    skip: WITHOUT_CONTAINERS,
  }, async () => {
    const id = `step-${index}`;
    const path = join(directory, step.replace('ID', id));
    const { child, says } = starter(id, 'while :; do sleep 1; done');
    const ended = once(child, 'exit');
    await says('open');
    // Not by a watcher: its event comes when several steps have passed.
    while (!existsSync(path) && child.exitCode === null && !isStarted(id)) {}
    child.kill('SIGKILL');
    await ended;
    for (const container of await (await open()).find()) {
      assert.equal(container.id, id);
      assert.notEqual(container.pid, undefined);
      container.signal('SIGKILL');
      await completed(container);
    }
    await assertNothingLeft('gone');
    assert.ok(!readFileSync('/proc/self/mountinfo', 'utf8').includes(id));
  });
}

const isStarted = (id: string) => readIdentity(join(directory, 'runs', id, 'started')) !== undefined;
