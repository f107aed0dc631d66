// Tests Millpond's private channel to its engines: clients that affect an engine's port, users and connections do not
// affect the channel.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Redis } from 'ioredis';
import type { FleetOptions } from '../../engine/create-fleet.ts';
import type { Fleet, NodeSpec } from '../../engine/fleet.ts';
import { parseInfo } from '../../engine/info.ts';
import { until } from '../../engine/testing/settle.ts';
import { silentLog } from '../../kernel/log.ts';
import type { InstalledEngine } from './binaries.ts';
import { createLocalDriver } from './local-driver.ts';
import { createProcessTable } from './process-table.ts';
import { freeAddress, testPort } from './testing/loopback.ts';
import { createRealFleet, installedEngines, openFleet, type RealFleet } from './testing/real-fleet.ts';

const engines = await installedEngines();
if (engines.length === 0) it('channel', { skip: 'no engine is installed' }, () => {});
for (const binary of engines) describe(`channel: ${binary.engine} ${binary.version}`, () => suite(binary));

async function started(fleet: Fleet, binary: InstalledEngine, directives: Record<string, string> = {}) {
  const address = await freeAddress();
  const spec: NodeSpec = { key: 'a', address, port: testPort, binary, directives, data: 'keep' };
  await fleet.start(spec);
  await fleet.ready('a');
  return spec;
}

function client({ address, port }: NodeSpec): Redis {
  const redis = new Redis({ host: address, port, protocol: 2, retryStrategy: null });
  redis.on('error', () => {});
  after(() => redis.disconnect());
  return redis;
}

/** Collects every later state of the node. */
function statesOf(fleet: Fleet): string[] {
  const states: string[] = [];
  fleet.onChange((key) => states.push(fleet.status(key).state));
  return states;
}

/** Resolves after this many further probes of the engine. */
async function pulses(fleet: Fleet, count: number): Promise<void> {
  const calls = async () => {
    const info = parseInfo(String(await fleet.admin('a').send('INFO', 'commandstats')));
    return Number(/calls=(\d+)/.exec(info.get('cmdstat_module|list') ?? '')?.[1] ?? 0);
  };
  const before = await calls();
  await until('it is asked', async () => (await calls()) >= before + count);
}

function suite(binary: InstalledEngine): void {
  const open = async (options: Partial<FleetOptions> = {}): Promise<RealFleet> => {
    const real = await createRealFleet([binary], options);
    after(() => real.dispose());
    return real;
  };

  it('is a socket for the owner only, however long the directory’s path is', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'millpond-long-'));
    const dataDir = join(parent, 'a-long-name-of-a-directory'.repeat(8), 'ü and a blank');
    await mkdir(dataDir, { recursive: true });
    const { fleet } = openFleet(dataDir, [binary]);
    after(async () => {
      await fleet.remove('a');
      await fleet.close();
      await rm(parent, { recursive: true });
    });
    await started(fleet, binary);
    const socket = await stat(join(dataDir, 'nodes/a/engine.sock'));
    assert.ok(socket.isSocket());
    assert.equal(socket.mode & 0o777, 0o600);
    const lines = String(await fleet.admin('a').send('CLIENT', 'LIST')).split('\n');
    const own = lines.filter((line) => line.includes('user=millpond'));
    assert.ok(own.length > 0);
    for (const line of own) assert.match(line, /addr=engine\.sock:0 laddr=engine\.sock:0/);
  });

  it('hides the data directory from clients, and the heartbeat from MONITOR', async () => {
    const { fleet, dataDir } = await open();
    const spec = await started(fleet, binary);
    const redis = client(spec);
    const monitor = await client(spec).monitor();
    const seen: string[][] = [];
    monitor.on('monitor', (_time, words: string[]) => seen.push(words.map((word) => word.toLowerCase())));
    await pulses(fleet, 3);
    await redis.call('ECHO', 'the end');
    await until('the end is seen', () => seen.some(([name]) => name === 'echo'));
    monitor.disconnect();
    assert.deepEqual([...new Set(seen.map(([name]) => name))].sort(), ['echo', 'info'], 'what the test asks');
    for (const told of [await redis.call('CLIENT', 'LIST'), await redis.call('INFO', 'everything')]) {
      const lines = String(told).split('\n');
      assert.deepEqual(
        lines.filter((line) => line.includes(dataDir) && !line.startsWith('config_file:')),
        [],
      );
    }
  });

  it('stays open when the port is closed and clients are denied', async () => {
    const { fleet } = await open();
    const spec = await started(fleet, binary);
    const states = statesOf(fleet);
    const admin = fleet.admin('a');
    await admin.send('ACL', 'SETUSER', 'default', 'off', 'resetpass', '>secret');
    await admin.send('CONFIG', 'SET', 'bind', '');
    // All connections are closed, and new ones cannot use the port.
    await admin.send('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'no').catch(() => undefined);
    await until('the admin is back', async () => (await admin.send('PING')) === 'PONG');
    await pulses(fleet, 2);
    const branch = admin.branch();
    assert.equal(await branch.send('PING'), 'PONG');
    branch.close();
    await assert.rejects(client(spec).call('PING'));
    assert.deepEqual(states, []);
  });

  it('reopens the port that an earlier Millpond closed before it died', async () => {
    const real = await open();
    const { address, port } = await started(real.fleet, binary);
    await real.fleet.admin('a').send('CONFIG', 'SET', 'bind', '');
    const fleet = await real.reopen();
    await fleet.adopt(new Set(['a']));
    const redis = await until('it takes clients', async () => {
      const socket = connect({ host: address, port });
      await once(socket, 'connect');
      return socket;
    });
    redis.destroy();
  });

  it('answers while clients use all connections of the engine', async () => {
    const { fleet } = await open();
    const spec = await started(fleet, binary, { maxclients: '8' });
    const states = statesOf(fleet);
    const sockets: Socket[] = [];
    after(() => sockets.forEach((socket) => void socket.destroy()));
    const isRefused = () =>
      new Promise<boolean>((resolve) => {
        const socket = connect({ host: spec.address, port: spec.port });
        sockets.push(socket);
        socket.on('error', () => {});
        socket.on('data', (text) => resolve(!String(text).startsWith('+PONG')));
        socket.write('PING\r\n');
      });
    await until('it is full', isRefused);
    await pulses(fleet, 2);
    assert.equal((await fleet.admin('a').observe()).role, 'primary');
    assert.deepEqual(states, []);
  });

  it('knows that a paused engine is alive without help of the system', async () => {
    const processTable = { ...createProcessTable(), progress: () => 'still' };
    const dataDir = await mkdtemp(join(tmpdir(), 'millpond-engine-'));
    const driver = createLocalDriver({ dataDir, binaries: [binary], log: silentLog, processTable });
    const real = openFleet(dataDir, [binary], { driver, failureDetectionMs: 1_500 });
    after(async () => {
      await real.fleet.remove('a');
      await real.fleet.close();
      await rm(dataDir, { recursive: true });
    });
    const spec = await started(real.fleet, binary);
    const states = statesOf(real.fleet);
    await client(spec).call('CLIENT', 'PAUSE', 4_000, 'ALL');
    await until('it runs again', () => states.includes('running'));
    assert.deepEqual(states, ['busy', 'running']);
    process.kill(driver.pid('a')!, 'SIGSTOP');
    await until('it hangs', () => states.includes('hung'));
  });

  it('reaches an engine that an earlier Millpond started without a socket, and gives it one at its next start', async () => {
    const real = await open();
    const spec = await started(real.fleet, binary);
    await real.fleet.admin('a').send('SET', 'k', 'v');
    await real.fleet.close();
    const directory = join(real.dataDir, 'nodes/a');
    const record = JSON.parse(await readFile(join(directory, 'process.json'), 'utf8'));
    assert.equal(record.socket, 'engine.sock');
    await writeFile(join(directory, 'process.json'), JSON.stringify({ ...record, socket: undefined }));
    await rm(join(directory, 'engine.sock'));
    const fleet = await real.reopen();
    await fleet.adopt(new Set(['a']));
    await fleet.ready('a');
    assert.equal(await fleet.admin('a').send('GET', 'k'), 'v');
    await fleet.stop('a', { save: true, graceMs: 5_000 });
    await fleet.start(spec);
    await fleet.ready('a');
    assert.equal(await fleet.admin('a').send('GET', 'k'), 'v');
    assert.ok((await stat(join(directory, 'engine.sock'))).isSocket());
  });

  it('uses the port when the socket is deleted', async () => {
    const real = await open();
    await started(real.fleet, binary);
    const { fleet, dataDir } = real;
    const states = statesOf(fleet);
    await rm(join(dataDir, 'nodes/a/engine.sock'));
    const admin = fleet.admin('a');
    await admin.send('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'no').catch(() => undefined);
    await until('the admin is back', async () => (await admin.send('PING')) === 'PONG');
    await pulses(fleet, 2);
    assert.deepEqual(states, []);
    const again = await real.reopen();
    await again.adopt(new Set(['a']));
    await again.ready('a');
    assert.equal(await again.admin('a').send('PING'), 'PONG');
  });
}
