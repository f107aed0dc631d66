// A drill against two real engines and a stand-in for Millpond: an API that fails over, and a DNS server.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Redis } from 'ioredis';
import { type DnsServer, startDnsServer } from '../../dns/server.ts';
import { findBinaries } from '../../drivers/local/binaries.ts';
import { until } from '../../engine/testing/settle.ts';
import { silentLog } from '../../kernel/log.ts';
import type { MemberStatus } from '../../status.ts';
import { rehearse } from './rehearse.ts';
import type { DrillTarget } from './target.ts';

// Both nodes have one port, as on AWS; the pid keeps test processes apart.
const PORT = 20_000 + (process.pid % 10_000);
const block = `127.${100 + (process.pid % 100)}.${process.pid % 251}`;
const ADDRESSES = { a: `${block}.1`, b: `${block}.2` };
type Name = keyof typeof ADDRESSES;

let directory: string;
let binary: string;
let dns: DnsServer;
let primary: Name = 'a';
/** The number of queries for the primary's name: each write and the watch make them. */
let lookUps = 0;
const engines = new Map<Name, ChildProcess>();

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'drill-'));
  binary = (await findBinaries())[0]!.path;
  dns = await startDnsServer({ address: '127.0.0.1', port: 0, upstreams: [], log: silentLog });
  dns.zones.add({
    suffix: 'drill.test',
    lookup(name) {
      const label = name.split('.')[0]!;
      if (label === 'a' || label === 'b') return [{ type: 'A', ttl: 5, data: ADDRESSES[label] }];
      if (label === 'primary') lookUps++;
      const target = label === 'reader' ? other(primary) : primary;
      return [{ type: 'CNAME', ttl: 5, data: `${target}.drill.test` }];
    },
  });
  await startEngine('a');
  await startEngine('b', 'a');
});

after(async () => {
  for (const child of engines.values()) child.kill('SIGKILL');
  await dns?.stop();
  await rm(directory, { recursive: true, force: true });
});

const other = (name: Name): Name => (name === 'a' ? 'b' : 'a');

async function startEngine(name: Name, follows?: Name): Promise<void> {
  const address = ADDRESSES[name];
  const child = spawn(
    binary,
    [
      ...['--bind', address, '--bind-source-addr', address, '--replica-announce-ip', address],
      ...['--port', String(PORT), '--protected-mode', 'no', '--save', '', '--dir', directory],
      ...['--repl-diskless-sync-delay', '0'],
      ...(follows ? ['--replicaof', `${ADDRESSES[follows]} ${PORT}`] : []),
    ],
    { stdio: 'ignore' },
  );
  engines.set(name, child);
  await withEngine(name, async (redis) => {
    while (follows && !(await redis.info('replication')).includes('master_link_status:up'));
  });
}

async function withEngine<T>(name: Name, use: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis({
    host: ADDRESSES[name],
    port: PORT,
    retryStrategy: () => 5,
    maxRetriesPerRequest: null,
  });
  redis.on('error', () => {});
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}

async function failOver(): Promise<void> {
  const [old, next] = [primary, other(primary)];
  const child = engines.get(old)!;
  const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
  child.kill('SIGKILL');
  await exited;
  // Only after writes have failed at the dead primary.
  const before = lookUps;
  await until('the drill goes on', () => lookUps >= before + 20);
  await withEngine(next, (redis) => redis.replicaof('NO', 'ONE'));
  primary = next;
  await startEngine(old, next);
}

/** `answer` runs before the API accepts; an error that it throws is the refusal. */
async function withApi<T>(
  answer: (form: URLSearchParams) => void,
  use: (url: string) => Promise<T>,
): Promise<T> {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      try {
        answer(new URLSearchParams(body));
        response.end('<TestFailoverResponse/>');
      } catch (error) {
        response
          .writeHead(400)
          .end(`<Error><Code>Refused</Code><Message>${(error as Error).message}</Message></Error>`);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function target(): DrillTarget {
  const member = (name: Name): MemberStatus => ({
    id: name,
    role: name === primary ? 'primary' : 'replica',
    address: ADDRESSES[name],
    endpoint: `${name}.drill.test:${PORT}`,
    state: 'running',
    pid: engines.get(name)!.pid!,
  });
  return {
    groupId: 'demo',
    scope: { accountId: '000000000000', region: 'us-east-1' },
    nodeGroupId: '0001',
    clusterEnabled: false,
    writeEndpoint: { host: 'primary.drill.test', port: PORT },
    readEndpoint: { host: 'reader.drill.test', port: PORT },
    primary: member(primary),
    replicas: [member(other(primary))],
  };
}

const options = () => ({ watchMs: 60_000, dns: { address: dns.address, port: dns.port } });

test('a failover through the API is reported', async () => {
  const forms: URLSearchParams[] = [];
  let failover: Promise<void> | undefined;
  const report = await withApi(
    (form) => {
      forms.push(form);
      failover = failOver();
    },
    (url) => rehearse(target(), { ...options(), url, kind: 'failover' }),
  );
  await failover;
  assert.deepEqual(Object.fromEntries(forms[0]!), {
    Action: 'TestFailover',
    Version: '2015-02-02',
    ReplicationGroupId: 'demo',
    NodeGroupId: '0001',
  });
  const { firstFailedWrite, namePointsAway, firstWriteAgain, replicaBack } = report.timeline;
  assert.ok(firstFailedWrite !== null && firstFailedWrite < firstWriteAgain!, JSON.stringify(report));
  assert.ok(namePointsAway !== null && replicaBack !== null, JSON.stringify(report));
  assert.equal(report.recovered, true);
  assert.ok(report.writes.failed > 0 && report.writes.succeeded > 0);
  assert.ok(report.reads.succeeded > 0);
  await withEngine(primary, async (redis) => assert.equal(await redis.dbsize(), 0));
});

test('a kill hits the right process, and lost writes are counted', async () => {
  const killed = engines.get(primary)!;
  const drilled = target();
  const failover = once(killed, 'exit').then(async () => {
    // Writes that were acknowledged and never replicated are lost with the old primary.
    await withEngine(other(primary), async (redis) => {
      await redis.replicaof('NO', 'ONE');
      await redis.flushall();
    });
    await failOver();
  });
  const report = await rehearse(drilled, { ...options(), url: 'http://127.0.0.1:1', kind: 'kill' });
  await failover;
  assert.equal(killed.signalCode, 'SIGKILL');
  assert.ok(report.lostWrites > 0, JSON.stringify(report));
  assert.equal(report.recovered, true);
});

test('a refusal has the API’s own message', async () => {
  const refuse = () => {
    throw new Error('The TestFailover action is not available.');
  };
  await assert.rejects(
    withApi(refuse, (url) => rehearse(target(), { ...options(), url, kind: 'failover' })),
    {
      code: 'CommandFailed',
      message: 'TestFailover was refused (Refused): The TestFailover action is not available.',
    },
  );
});
