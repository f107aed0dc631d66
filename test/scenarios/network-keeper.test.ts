// The network of subnets when its keeper, Millpond, or both are killed, at any moment: nodes stay, and `down` leaves
// nothing.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { MillpondStatus } from '../../src/status.ts';
import { processesBelow, signal } from '../faults/node-processes.ts';
import { MILLPOND, type RunningCommand, runCommand, startCommand } from '../support/command.ts';
import { WITHOUT_SUBNETS } from '../support/networks.ts';
import { eventually } from '../support/replication-groups.ts';

const skip = WITHOUT_SUBNETS;
/** Moments of a start at which Millpond is killed. */
const MOMENTS = 8;

interface Keeper {
  pid: number;
  namespace: string;
}

/** A data directory and the Millpond on it. */
class Instance {
  readonly dataDir = realpathSync(mkdtempSync(join(tmpdir(), 'millpond-keeper-')));
  readonly network = join(this.dataDir, 'network');
  /** Its namespaces, by their names, with an open file of each: while it is open, no other gets the name. */
  readonly #namespaces = new Map<string, number>();
  #running: RunningCommand | undefined;

  constructor(t: TestContext) {
    t.after(async () => {
      await this.kill();
      this.letRecord();
      this.#close();
      for (const { pid } of processesBelow(this.dataDir)) signal(pid, 'SIGKILL');
      rmSync(this.dataDir, { recursive: true, force: true });
    });
  }

  begin(): RunningCommand {
    const flags = ['--port=0', '--network=subnets', `--data-dir=${this.dataDir}`];
    this.#running = startCommand(MILLPOND, ['up', ...flags]);
    return this.#running;
  }

  async up(): Promise<void> {
    await this.begin().prints(/Millpond is ready/);
    this.keeper();
  }

  async kill(): Promise<void> {
    this.#running?.child.kill('SIGKILL');
    await this.#running?.ended;
    this.#running = undefined;
  }

  keeper(): Keeper {
    const keeper = JSON.parse(readFileSync(join(this.network, 'world.json'), 'utf8')) as Keeper;
    if (!this.#namespaces.has(keeper.namespace))
      this.#namespaces.set(keeper.namespace, openSync(`/proc/${keeper.pid}/ns/net`, 'r'));
    return keeper;
  }

  /** From now on a Millpond that records a keeper waits, until `letRecord`: it opens a pipe that nobody reads. */
  stopRecords(): void {
    mkdirSync(this.network, { recursive: true });
    assert.equal(spawnSync('mkfifo', [this.#pipe]).status, 0);
  }

  letRecord(): void {
    rmSync(this.#pipe, { force: true });
  }

  get #pipe(): string {
    return join(this.network, 'world.json.new');
  }

  /** Processes that keep a namespace, recorded or not. */
  keepers = () => processesBelow(this.network).map(({ pid }) => pid);

  nodes = () => processesBelow(join(this.dataDir, 'nodes')).map(({ pid }) => pid);

  async exec(...command: string[]): Promise<string> {
    const { code, stdout, stderr } = await runCommand(MILLPOND, [
      ...['exec', '--data-dir', this.dataDir, '--', ...command],
    ]);
    assert.equal(code, 0, stderr);
    return stdout.trim();
  }

  async down(): Promise<void> {
    const { code, stderr } = await runCommand(MILLPOND, ['down', '--data-dir', this.dataDir]);
    assert.equal(code, 0, stderr);
    assert.deepEqual(processesBelow(this.dataDir), []);
    assert.deepEqual(readdirSync(this.network), ['kind.json']);
    const left = readdirSync('/proc').filter((entry) => this.#namespaces.has(namespaceOf(entry) ?? ''));
    assert.deepEqual(left.map(commandOf), [], 'processes in its namespaces');
    this.#close();
  }

  #close(): void {
    for (const file of this.#namespaces.values()) closeSync(file);
    this.#namespaces.clear();
  }
}

const commandOf = (pid: string): string => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');

function namespaceOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
}

async function createNode(instance: Instance): Promise<string> {
  const { url } = JSON.parse(readFileSync(join(instance.dataDir, 'millpond.json'), 'utf8')).listening;
  const parameters = { Action: 'CreateCacheCluster', Version: '2015-02-02', CacheClusterId: 'one' };
  const body = new URLSearchParams({ ...parameters, Engine: 'redis', NumCacheNodes: '1' });
  assert.equal((await fetch(url, { method: 'POST', body })).status, 200);
  return eventually('the node is available', async () => {
    const { groups } = (await (await fetch(`${url}/_millpond/status`)).json()) as MillpondStatus;
    return groups[0]?.status === 'available' && groups[0].members[0]!.endpoint.split(':')[0];
  });
}

test('the keeper is killed: another keeps the network, and nodes stay', { skip }, async (t) => {
  const instance = new Instance(t);
  await instance.up();
  const host = await createNode(instance);
  const nodes = instance.nodes();
  assert.equal(await instance.exec('redis-cli', '-h', host, 'set', 'key', 'value'), 'OK');

  const first = instance.keeper();
  signal(first.pid, 'SIGKILL');
  await eventually('another keeps it', () => instance.keeper().pid !== first.pid);
  assert.equal(instance.keeper().namespace, first.namespace);
  assert.equal(await instance.exec('redis-cli', '-h', host, 'get', 'key'), 'value');

  await instance.kill();
  signal(instance.keeper().pid, 'SIGKILL');
  await instance.up();
  assert.equal(instance.keeper().namespace, first.namespace, 'found through the node');
  assert.deepEqual(instance.nodes(), nodes);
  assert.equal(await instance.exec('redis-cli', '-h', host, 'get', 'key'), 'value');
  await instance.down();
});

test('the keeper is killed with Millpond, and no node runs: there is a new network', { skip }, async (t) => {
  const instance = new Instance(t);
  await instance.up();
  const first = instance.keeper();
  await instance.kill();
  signal(first.pid, 'SIGKILL');
  await instance.up();
  assert.notEqual(instance.keeper().pid, first.pid);
  await instance.down();
});

test('Millpond is killed before it has recorded the keeper: none is left', { skip }, async (t) => {
  const instance = new Instance(t);
  instance.stopRecords();
  instance.begin();
  await eventually('a keeper runs', () => instance.keepers().length > 0);
  await instance.kill();
  await eventually('it has ended', () => instance.keepers().length === 0);
  instance.letRecord();
  await instance.up();

  const first = instance.keeper();
  instance.stopRecords();
  signal(first.pid, 'SIGKILL');
  await eventually('another keeper runs', () => instance.keepers().some((pid) => pid !== first.pid));
  await instance.kill();
  await eventually('it has ended', () => instance.keepers().length === 0);
  instance.letRecord();
  await instance.up();
  await instance.down();
});

test('Millpond is killed at many moments of its start: the next one starts, and nothing is left', {
  skip,
}, async (t) => {
  const instance = new Instance(t);
  const startedAt = performance.now();
  await instance.up();
  const tookMs = performance.now() - startedAt;
  await createNode(instance);
  for (let moment = 0; moment < MOMENTS; moment++) {
    // By turns with a node in the network, and with nothing.
    if (moment % 2 === 1) await instance.down();
    else await instance.kill();
    instance.begin();
    await pause((tookMs * moment) / MOMENTS);
    await instance.kill();
    await instance.up();
    assert.deepEqual(instance.keepers(), [instance.keeper().pid]);
  }
  await instance.down();
});
