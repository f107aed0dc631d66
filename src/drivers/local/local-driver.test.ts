// Tests the fleet over real engines in hard cases: stopped engines, forked children, adoption, hostile clients and
// values.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { mkdir, open as openFile, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { applyDirectives, dropClients, saveRdb } from '../../engine/commands.ts';
import type { FleetOptions } from '../../engine/create-fleet.ts';
import type { Fleet, NodeSpec, NodeState } from '../../engine/fleet.ts';
import { BUSY_LIMIT_MS } from '../../engine/health.ts';
import { until } from '../../engine/testing/settle.ts';
import { silentLog } from '../../kernel/log.ts';
import type { InstalledEngine } from './binaries.ts';
import { createLocalDriver } from './local-driver.ts';
import { createProcessTable } from './process-table.ts';
import { freeAddress, testPort } from './testing/loopback.ts';
import {
  createRealFleet,
  installedEngines,
  openFleet,
  type RealFleet,
  spoilDump,
} from './testing/real-fleet.ts';

const engines = await installedEngines();
const table = createProcessTable();

if (engines.length === 0) it('local driver', { skip: 'no engine is installed' }, () => {});
for (const binary of engines)
  describe(`local driver: ${binary.engine} ${binary.version}`, () => suite(binary));

async function specOf(binary: InstalledEngine, key: string, more: Partial<NodeSpec> = {}): Promise<NodeSpec> {
  return { key, address: await freeAddress(), port: testPort, binary, directives: {}, data: 'keep', ...more };
}

async function startAll(fleet: Fleet, ...specs: NodeSpec[]): Promise<void> {
  await Promise.all(specs.map((spec) => fleet.start(spec)));
  await Promise.all(specs.map((spec) => fleet.ready(spec.key)));
}

function becomes(fleet: Fleet, key: string, state: NodeState): Promise<number> {
  return new Promise((resolve) => {
    const look = () => {
      if (fleet.status(key).state !== state) return;
      stop();
      resolve(performance.now());
    };
    const stop = fleet.onChange(look);
    look();
  });
}

function client(spec: NodeSpec): Redis {
  const redis = new Redis({ host: spec.address, port: spec.port, protocol: 2, retryStrategy: null });
  redis.on('error', () => {});
  after(() => redis.disconnect());
  return redis;
}

function suite(binary: InstalledEngine): void {
  const open = async (options: Partial<FleetOptions> = {}): Promise<RealFleet> => {
    const real = await createRealFleet([binary], options);
    after(() => real.dispose());
    return real;
  };

  it('withholds commands from clients and keeps them for itself', async () => {
    const { fleet } = await open();
    const a = await specOf(binary, 'a', { directives: { 'rename-commands': 'keys blocked flushall wipe' } });
    await startAll(fleet, a);
    const redis = client(a);
    for (const command of [
      'CONFIG GET x',
      'SAVE',
      'REPLICAOF NO ONE',
      'SHUTDOWN',
      'DEBUG SLEEP 0',
      'KEYS *',
      'FLUSHALL',
    ]) {
      const [name, ...args] = command.split(' ') as [string, ...string[]];
      await assert.rejects(redis.call(name, ...args), /ERR unknown command/, command);
    }
    for (const command of ['CLUSTER FAILOVER', 'ACL SETUSER x', 'PSYNC ? -1', 'FAILOVER']) {
      const [name, ...args] = command.split(' ') as [string, ...string[]];
      await assert.rejects(redis.call(name, ...args), /NOPERM/, command);
    }
    assert.equal(await redis.call('WIPE'), 'OK');
    assert.deepEqual(await fleet.admin('a').send('KEYS', '*'), []);
    assert.equal(await fleet.admin('a').send('FLUSHALL'), 'OK');
    const names = (await redis.call('COMMAND', 'LIST')) as string[];
    for (const name of names.filter((each) => /^mp[0-9a-f]{64}$/.test(each))) {
      await assert.rejects(
        redis.call(name),
        /NOPERM|wrong number of arguments/,
        'a secret name helps nobody',
      );
    }
  });

  it('reconnects when a client kills its connections', async () => {
    const { fleet } = await open();
    const a = await specOf(binary, 'a');
    await startAll(fleet, a);
    await fleet.admin('a').send('PING');
    const states: string[] = [];
    fleet.onChange((key) => states.push(fleet.status(key).state));
    const redis = client(a);
    for (let round = 0; round < 20; round++) {
      await redis.call('CLIENT', 'KILL', 'TYPE', 'normal');
      await until('the admin is back', async () => (await fleet.admin('a').send('PING')) === 'PONG');
    }
    await dropClients(fleet.admin('a'));
    await assert.rejects(redis.call('PING'));
    assert.deepEqual(states, [], 'nothing happened to the node');
  });

  it('reports a busy engine as busy and a stopped one as hung', async () => {
    const { fleet, pid } = await open({ failureDetectionMs: 500 });
    const a = await specOf(binary, 'a');
    await startAll(fleet, a);
    await client(a).call('CLIENT', 'PAUSE', 900, 'ALL');
    await becomes(fleet, 'a', 'busy');
    await becomes(fleet, 'a', 'running');
    process.kill(pid('a'), 'SIGSTOP');
    const stoppedAt = performance.now();
    const tookMs = (await becomes(fleet, 'a', 'hung')) - stoppedAt;
    assert.ok(tookMs < BUSY_LIMIT_MS, `${tookMs} ms: found by its silence alone`);
    const asked = fleet.admin('a').sendAll([['PING']], { timeoutMs: 50 });
    await assert.rejects(asked, { code: 'TimedOut' });
    process.kill(pid('a'), 'SIGCONT');
    await becomes(fleet, 'a', 'running');
    assert.equal(await fleet.admin('a').send('PING'), 'PONG');
  });

  it('does not count its own stall as a failure of engines', async () => {
    const { fleet } = await open({ failureDetectionMs: 300 });
    const a = await specOf(binary, 'a');
    await startAll(fleet, a);
    const states: NodeState[] = [];
    fleet.onChange((key) => states.push(fleet.status(key).state));
    for (let round = 0; round < 3; round++) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700);
      await fleet.admin('a').send('PING');
    }
    assert.deepEqual(states, []);
  });

  it('controls an engine that has reached its client limit', async () => {
    const { fleet } = await open();
    const a = await specOf(binary, 'a', { directives: { maxclients: '4' } });
    await startAll(fleet, a);
    await fleet.admin('a').send('PING');
    const clients = [client(a), client(a)];
    await Promise.all(clients.map((redis) => redis.call('PING')));
    await assert.rejects(client(a).call('PING'));
    assert.equal(fleet.status('a').state, 'running');
    assert.equal((await fleet.admin('a').observe()).role, 'primary');
  });

  it('kills a stopped primary together with the child that writes its data', async () => {
    const { fleet, dataDir, ...real } = await open();
    const a = await specOf(binary, 'a');
    await startAll(fleet, a);
    const admin = fleet.admin('a');
    await admin.sendAll([
      ['CONFIG', 'SET', 'rdb-key-save-delay', '1000000'],
      ...Array.from({ length: 20 }, (_, n) => ['SET', `k${n}`, 'v']),
      ['BGSAVE'],
    ]);
    const pid = real.pid('a');
    const directory = join(dataDir, 'nodes', 'a');
    const members = () => table.workingBelow(directory).map((found) => found.pid);
    const [child] = await until('the child', () => {
      const others = members().filter((member) => member !== pid);
      return others.length > 0 ? others : undefined;
    });
    process.kill(pid, 'SIGSTOP');
    process.kill(child!, 'SIGSTOP');
    await fleet.kill('a');
    assert.deepEqual(members(), []);
    assert.ok(await refusesConnections(a.address));
    assert.equal(fleet.status('a').state, 'exited');
    await startAll(fleet, a);
    assert.deepEqual(
      (await readdir(directory)).filter((name) => name.startsWith('temp-')),
      [],
    );
  });

  it('notices the end of an engine that leaves such a child behind', async () => {
    const { fleet, dataDir, pid } = await open();
    const a = await specOf(binary, 'a');
    await startAll(fleet, a);
    await fleet
      .admin('a')
      .sendAll([
        ['CONFIG', 'SET', 'rdb-key-save-delay', '1000000'],
        ...Array.from({ length: 20 }, (_, n) => ['SET', `k${n}`, 'v']),
        ['BGSAVE'],
      ]);
    process.kill(pid('a'), 'SIGKILL');
    await becomes(fleet, 'a', 'exited');
    assert.deepEqual(table.workingBelow(join(dataDir, 'nodes', 'a')), []);
    assert.match(fleet.status('a').reason ?? '', /killed by SIGKILL/);
  });

  it('adopts engines of a killed Millpond, recorded or not, and notices their end', async () => {
    const real = await open();
    const keys = ['g/a', 'g/b', 'g/c', 'g/d', 'g/e'];
    const directives = { 'rename-commands': 'keys blocked flushall wipe' };
    const specs = await Promise.all(keys.map((key) => specOf(binary, key, { directives })));
    const pids = await startInDyingProcess(real.dataDir, specs);
    // As if Millpond had died between the start and the record.
    const record = join(real.dataDir, 'nodes', 'g/b', 'process.json');
    const { process: _, ...unrecorded } = JSON.parse(await readFile(record, 'utf8'));
    await writeFile(record, JSON.stringify(unrecorded));
    const inDirectory = (key: string, name: string) => join(real.dataDir, 'nodes', key, name);
    await rm(inDirectory('g/c', 'process.json'));
    await writeFile(inDirectory('g/d', 'process.json'), '');
    await rm(inDirectory('g/e', 'process.json'));
    await rm(inDirectory('g/e', 'engine.conf'));
    for (const spec of specs) await client(spec).call('SET', 'k', spec.key);
    const { fleet } = real;
    await fleet.adopt(new Set(keys));
    const adopted = keys.slice(0, 4);
    await Promise.all(adopted.map((key) => fleet.ready(key)));
    assert.deepEqual(
      keys.map((key) => real.driver.pid(key)),
      [...pids.slice(0, 4), undefined],
    );
    for (const [index, key] of adopted.entries()) {
      assert.equal(await fleet.admin(key).send('GET', 'k'), key);
      assert.deepEqual(await fleet.admin(key).send('KEYS', '*'), ['k']);
      const { address, binary: runs } = fleet.status(key);
      assert.deepEqual([address, runs], [specs[index]!.address, binary]);
      assert.equal(
        JSON.parse(await readFile(inDirectory(key, 'process.json'), 'utf8')).process.pid,
        pids[index],
      );
    }
    assert.ok(await refusesConnections(specs[4]!.address), 'one that cannot be talked to is ended');
    assert.equal((await fleet.stored('g/e')).clean, true, 'and its data are saved');
    for (const key of adopted) {
      process.kill(real.pid(key), 'SIGKILL');
      await becomes(fleet, key, 'exited');
    }
    await startAll(fleet, specs[0]!);
  });

  it('controls an engine whose record cannot be written after its start', async () => {
    const real = await open();
    const a = await specOf(binary, 'a');
    const inTheWay = join(real.dataDir, 'nodes', 'a', 'process.json.new');
    const processTable = {
      ...table,
      look(pid: number) {
        // Between the first record and the one with the process.
        mkdirSync(inTheWay, { recursive: true });
        return table.look(pid);
      },
    };
    const driver = createLocalDriver({
      ...{ dataDir: real.dataDir, binaries: [binary], log: silentLog, processTable },
    });
    const { fleet } = openFleet(real.dataDir, [binary], { driver });
    await startAll(fleet, a);
    assert.equal(await fleet.admin('a').send('SET', 'k', 'v'), 'OK');
    await fleet.close();
    await rm(inTheWay, { recursive: true });
    await real.fleet.adopt(new Set(['a']));
    await real.fleet.ready('a');
    assert.equal(await real.fleet.admin('a').send('GET', 'k'), 'v');
  });

  it('leaves alone other processes that work in a node’s directory', async () => {
    const real = await open();
    const a = await specOf(binary, 'a');
    await startAll(real.fleet, a);
    const shell = spawn('sleep', ['60'], { cwd: join(real.dataDir, 'nodes', 'a'), detached: true });
    await once(shell, 'spawn');
    try {
      const again = await real.reopen();
      const [unknown, ...more] = await again.adopt(new Set());
      assert.deepEqual(more, []);
      await again.endUnknownEngine(unknown!);
      assert.equal(again.status('a').state, 'absent');
      assert.ok(await refusesConnections(a.address));
      assert.equal(table.look(shell.pid!)?.state, 'alive');
    } finally {
      shell.kill('SIGKILL');
    }
  });

  it('reports what blocks a start, and starts once it is gone', async () => {
    const lost = { ...binary, version: '0.0.1', path: '/no/such/engine' };
    const real = await createRealFleet([binary, lost]);
    after(() => real.dispose());
    const { fleet } = real;
    const a = await specOf(binary, 'a');
    const squatter = createServer().listen(testPort, a.address);
    await once(squatter, 'listening');
    await assert.rejects(fleet.start(a), { code: 'AddressInUse', message: new RegExp(a.address) });
    assert.equal(fleet.status('a').state, 'exited');
    await new Promise((resolve) => squatter.close(resolve));
    await startAll(fleet, a);
    await assert.rejects(fleet.start({ ...a, key: 'b', address: '192.0.2.1' }), {
      code: 'AddressUnavailable',
    });
    await assert.rejects(fleet.start({ ...a, key: 'c', address: await freeAddress(), binary: lost }), {
      code: 'EngineFailed',
    });
    const unknown = { ...binary, version: '0.0.2' };
    await assert.rejects(fleet.start({ ...a, key: 'd', address: await freeAddress(), binary: unknown }), {
      code: 'EngineMissing',
    });
  });

  it('starts without unknown directives, and with hostile values', async () => {
    const { fleet } = await open();
    const directives = {
      'no-such-directive': '1',
      'maxmemory-policy': 'nonsense',
      'notify-keyspace-events': 'K"\nrequirepass x',
      maxclients: '100',
    };
    const a = await specOf(binary, 'a', { directives });
    await startAll(fleet, a);
    const admin = fleet.admin('a');
    assert.deepEqual(await admin.send('CONFIG', 'GET', 'maxclients'), ['maxclients', '100']);
    assert.deepEqual(await admin.send('CONFIG', 'GET', 'requirepass'), ['requirepass', '']);
    const refused = await applyDirectives(admin, {
      maxclients: '200',
      appendonly: 'yes',
      'no-such-directive': '1',
    });
    assert.deepEqual(Object.keys(refused).sort(), ['appendonly', 'no-such-directive']);
    assert.deepEqual(await admin.send('CONFIG', 'GET', 'maxclients'), ['maxclients', '200']);
  });

  it('does not use foreign files for a new node', async () => {
    const { fleet, dataDir } = await open();
    const a = await specOf(binary, 'g/a');
    await startAll(fleet, a);
    await fleet.admin(a.key).send('SET', 'k', 'v');
    await fleet.stop(a.key, { save: true, graceMs: 5_000 });
    await startAll(fleet, { ...a, data: 'new' });
    assert.equal(await fleet.admin(a.key).send('GET', 'k'), null);
    await fleet.remove(a.key);
    const [kept, ...more] = await readdir(join(dataDir, 'nodes', 'g'));
    assert.deepEqual(more, []);
    await startAll(fleet, { ...a, key: `g/${kept}` });
    assert.equal(await fleet.admin(`g/${kept}`).send('GET', 'k'), 'v');
  });

  it('reports running engines whose files were moved for a new node', async () => {
    const real = await open();
    const a = await specOf(binary, 'g/a');
    await startAll(real.fleet, a);
    const pid = real.pid(a.key);
    const fleet = await real.reopen();
    await fleet.adopt(new Set());
    const moved = await fleet.start({ ...a, address: await freeAddress(), data: 'new' });
    assert.deepEqual(moved?.runs, [`pid ${pid}`]);
    assert.equal(table.workingDirectory(pid), join(await realpath(real.dataDir), 'nodes', moved!.to));
  });

  it('keeps the last few damaged dumps under other names', async () => {
    const { fleet, dataDir, dataFile } = await open();
    const a = await specOf(binary, 'a');
    for (let round = 0; round < 5; round++) {
      await startAll(fleet, { ...a, data: round % 2 === 0 ? 'discard' : 'set-aside' });
      await fleet.admin('a').send('SET', 'k', `${round}`);
      await fleet.stop('a', { save: true, graceMs: 5_000 });
      await spoilDump(dataFile('a'), 'truncate');
    }
    await startAll(fleet, { ...a, data: 'discard' });
    const names = await readdir(join(dataDir, 'nodes', 'a'));
    assert.equal(names.filter((name) => name.startsWith('dump.rdb.damaged-')).length, 3);
  });

  it('saves a dump while the engine serves', async () => {
    const { fleet } = await open();
    const a = await specOf(binary, 'a');
    await startAll(fleet, a);
    await fleet.admin('a').send('SET', 'k', 'v');
    await saveRdb(fleet.admin('a'));
    const b = await specOf(binary, 'b', { data: { from: 'a' } });
    await startAll(fleet, b);
    assert.equal(await fleet.admin('b').send('GET', 'k'), 'v');
  });

  it('leaves a node running that cannot save its data', async () => {
    const { fleet, dataDir, driver } = await open();
    const a = await specOf(binary, 'a');
    await startAll(fleet, a);
    await fleet.admin('a').send('SET', 'k', 'v');
    // A directory in place of the file makes saving fail even for root.
    const pid = driver.pid('a');
    await mkdir(join(dataDir, 'nodes', 'a', 'dump.rdb', 'x'), { recursive: true });
    const stop = { save: true, graceMs: 5_000, refuseClients: true };
    await assert.rejects(fleet.stop('a', stop), { code: 'EngineFailed' });
    assert.equal(driver.pid('a'), pid);
    const client = connect({ host: a.address, port: a.port });
    await once(client, 'connect');
    client.destroy();
    assert.equal(await fleet.admin('a').send('GET', 'k'), 'v');
    await rm(join(dataDir, 'nodes', 'a', 'dump.rdb'), { recursive: true });
    await fleet.stop('a', { save: true, graceMs: 5_000 });
    assert.equal((await fleet.stored('a')).clean, true);
  });

  it('restarts a node while the thread pool is busy, since clients wait', async () => {
    const { fleet, dataDir } = await open();
    const address = await freeAddress();
    const slots: [number, number][] = [[0, 16_383]];
    const self = { id: 'a'.repeat(40), address, port: testPort, epoch: 1, slots };
    const cluster = { self: self.id, busPort: 1122, epoch: 1, nodes: [self] };
    const a = await specOf(binary, 'a', { address, cluster });
    await startAll(fleet, a);
    const pipe = join(dataDir, 'pipe');
    execFileSync('mkfifo', [pipe]);
    // Each of these blocks a thread until the pipe is written; the pool has UV_THREADPOOL_SIZE threads, or 4.
    const threads = Number(process.env.UV_THREADPOOL_SIZE ?? 4);
    const readers = Array.from({ length: threads }, () => openFile(pipe, 'r'));
    try {
      const restarted = async () => {
        await fleet.stop('a', { save: true, graceMs: 5_000, refuseClients: true });
        await fleet.start(a);
        await fleet.ready('a');
      };
      const never = once(AbortSignal.timeout(30_000), 'abort').then(() =>
        assert.fail('it waits for a thread'),
      );
      await Promise.race([restarted(), never]);
    } finally {
      const writer = openSync(pipe, 'r+');
      for (const reader of await Promise.all(readers)) await reader.close();
      closeSync(writer);
    }
  });

  it('kills an engine that does not stop in time', async () => {
    const { fleet, pid } = await open();
    const a = await specOf(binary, 'a');
    await startAll(fleet, a);
    process.kill(pid('a'), 'SIGSTOP');
    await fleet.stop('a', { save: true, graceMs: 100 });
    assert.equal(fleet.status('a').state, 'exited');
    assert.equal((await fleet.stored('a')).clean, false);
  });
}

async function startInDyingProcess(dataDir: string, specs: NodeSpec[]): Promise<number[]> {
  const program = fileURLToPath(new URL('./testing/dying-fleet.ts', import.meta.url));
  const child = spawn(process.execPath, [program, dataDir, JSON.stringify(specs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout!.setEncoding('utf8'), 'data')) as [string];
  child.kill('SIGKILL');
  await once(child, 'exit');
  return JSON.parse(line) as number[];
}

async function refusesConnections(address: string): Promise<boolean> {
  const socket = connect(testPort, address);
  try {
    await once(socket, 'connect');
    return false;
  } catch {
    return true;
  } finally {
    socket.destroy();
  }
}
