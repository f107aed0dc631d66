// Names while no Millpond runs: after a kill -9 they go on with their last answers, and the next Millpond takes over
// without a query that fails.

import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import * as sdk from '@aws-sdk/client-elasticache';
import { decodeAnswers, encodeQuestion } from '../../src/dns/message.ts';
import { startTickOf } from '../../src/kernel/process-identity.ts';
import type { MillpondStatus } from '../../src/status.ts';
import { MILLPOND, runCommand, startCommand } from '../support/command.ts';
import { whyNoNames } from '../support/endpoint-writers.ts';
import { eventually, untilAvailable } from '../support/replication-groups.ts';

const LINUX_ONLY =
  process.platform !== 'linux' && 'needs Linux: a child is given the sockets by their descriptors';
const WITHOUT_NAMES = LINUX_ONLY || (await whyNoNames());

/** A real Millpond with a group of two nodes. */
async function world(t: TestContext) {
  const parent = mkdtempSync(join(tmpdir(), 'millpond-names-'));
  const dataDir = join(parent, 'state');
  const millpond = async (...[command, ...words]: string[]) => {
    const ending = await runCommand(MILLPOND, [command!, '--data-dir', dataDir, ...words]);
    assert.equal(ending.code, 0, `${command}: ${ending.stderr}`);
    return ending.stdout;
  };
  const resolvers: Resolver[] = [];
  t.after(async () => {
    for (const resolver of resolvers) resolver.cancel();
    await runCommand(MILLPOND, ['down', '--purge', '--data-dir', dataDir]);
    rmSync(parent, { recursive: true, force: true });
  });
  const up = async () => {
    await millpond('up', '--detach', '--port', '0');
    return await status();
  };
  const status = async () => JSON.parse(await millpond('status', '--json')) as MillpondStatus;
  const first = await up();
  await createGroup(first.url);
  const { dns, groups, pid } = await status();
  const [primary, replica] = groups[0]!.members;
  const resolver = (tries: number) => {
    const made = new Resolver({ timeout: 20_000, tries });
    made.setServers([`${dns.address}:${dns.port}`]);
    resolvers.push(made);
    return made;
  };
  const name = groups[0]!.endpoints.primary!.replace(/:\d+$/, '');
  return { dataDir, millpond, up, status, name, pid, dns, primary: primary!, replica: replica!, resolver };
}

async function createGroup(url: string): Promise<void> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new sdk.ElastiCacheClient({ endpoint: url, region: 'us-east-1', credentials });
  try {
    const input = { ReplicationGroupId: 'shop', ReplicationGroupDescription: 'shop', NumCacheClusters: 2 };
    await client.send(new sdk.CreateReplicationGroupCommand({ ...input, AutomaticFailoverEnabled: true }));
    await untilAvailable(client, 'shop');
  } finally {
    client.destroy();
  }
}

const standInOf = (dataDir: string): number =>
  (JSON.parse(readFileSync(join(dataDir, 'stand-in.json'), 'utf8')) as { pid: number }).pid;

const untilEnded = (pid: number) => eventually(`${pid} has ended`, () => startTickOf(pid) === undefined);

function kill(pid: number): Promise<true> {
  process.kill(pid, 'SIGKILL');
  return untilEnded(pid);
}

/**
 * Asks for the name's addresses again and again, each time once, from a port of its own, however long the answer takes.
 * A query that is lost is never answered, and `stop` rejects.
 */
function steadily(name: string, dns: { address: string; port: number }) {
  const seen = new Set<string>();
  const waiting = new Set<Socket>();
  const question = encodeQuestion(name, 'A');
  const ask = () => {
    const socket = createSocket('udp4');
    waiting.add(socket);
    socket.on('error', (error: NodeJS.ErrnoException) => seen.add(String(error.code)));
    socket.once('message', (answer) => {
      const addresses = decodeAnswers(answer)?.map((record) => record.address ?? '');
      seen.add(addresses?.filter(Boolean).join() ?? `code ${answer[3]! & 15}`);
      waiting.delete(socket);
      socket.close();
    });
    // Connected, so that a port that nobody listens on is an error.
    socket.connect(dns.port, dns.address, () => socket.send(question));
  };
  const timer = setInterval(ask, 2);
  return {
    seen,
    async stop() {
      clearInterval(timer);
      await eventually('every query is answered', () => waiting.size === 0);
    },
    abandon() {
      clearInterval(timer);
      for (const socket of waiting) socket.close();
    },
  };
}

test('after a kill -9 names go on, and the next Millpond takes over from there', {
  skip: WITHOUT_NAMES,
}, async (t) => {
  const { dataDir, millpond, up, status, name, pid, dns, primary, replica, resolver } = await world(t);
  // What runs in `exec` sees it as well: it was started before.
  const program = `
    const { lookup } = require('node:dns/promises');
    setInterval(() => lookup(process.argv[1]).then(({ address }) => console.log('is ' + address), (e) => console.log(e.code)), 50);`;
  const inside = startCommand(MILLPOND, [
    ...['exec', '--data-dir', dataDir, '--', process.execPath, '-e', program, name],
  ]);
  t.after(() => inside.child.kill('SIGTERM'));
  await inside.prints(new RegExp(`is ${primary.address}`));

  const standIn = standInOf(dataDir);
  await kill(pid);
  const patient = resolver(3);
  assert.deepEqual(await patient.resolve4(name), [primary.address]);
  assert.ok(startTickOf(standIn), 'somebody stands in');

  // The answers are the last ones, whatever happens meanwhile.
  await kill(primary.pid!);
  assert.deepEqual(await patient.resolve4(name), [primary.address]);
  await assert.rejects(patient.resolve4(name.replace('shop', 'other')), { code: 'ENOTFOUND' });

  const stream = steadily(name, dns);
  t.after(() => stream.abandon());
  await eventually('some answers', () => stream.seen.size > 0);
  await up();
  await untilEnded(standIn);
  await eventually('the name follows the failover', () => stream.seen.has(replica.address));
  await stream.stop();
  assert.deepEqual([...stream.seen].sort(), [primary.address, replica.address].sort());
  assert.notEqual(standInOf(dataDir), standIn);

  await inside.prints(new RegExp(`is ${replica.address}`));
  inside.child.kill('SIGTERM');
  const { stdout } = await inside.ended;
  assert.deepEqual(
    stdout.split('\n').filter((line) => line && !line.startsWith('is ')),
    [],
  );

  const last = standInOf(dataDir);
  assert.equal((await status()).groups.length, 1);
  await millpond('down');
  assert.equal(startTickOf(last), undefined, 'nobody stands in after an orderly end');
  assert.ok(!existsSync(join(dataDir, 'stand-in.json')));
});

test('nobody stands in longer than there are nodes', { skip: LINUX_ONLY }, async (t) => {
  const { dataDir, name, pid, primary, replica, resolver } = await world(t);
  const standIn = standInOf(dataDir);
  await kill(pid);
  assert.deepEqual(await resolver(3).resolve4(name), [primary.address]);
  await kill(primary.pid!);
  await kill(replica.pid!);
  await untilEnded(standIn);
});

test('nor than the data directory', { skip: LINUX_ONLY }, async (t) => {
  const { dataDir, name, pid, primary, replica, resolver } = await world(t);
  const standIn = standInOf(dataDir);
  await kill(pid);
  assert.deepEqual(await resolver(3).resolve4(name), [primary.address]);
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  await untilEnded(standIn);
  await kill(primary.pid!);
  await kill(replica.pid!);
});

test('down ends what stands in', { skip: LINUX_ONLY }, async (t) => {
  const { dataDir, millpond, name, pid, primary, resolver } = await world(t);
  const standIn = standInOf(dataDir);
  await kill(pid);
  assert.deepEqual(await resolver(3).resolve4(name), [primary.address]);
  await millpond('down');
  assert.equal(startTickOf(standIn), undefined);
});
