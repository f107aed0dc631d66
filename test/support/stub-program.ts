// The command line over a stub of Millpond, for tests of how the command line starts, finds and stops one. Its only
// “node” is a process that does nothing and, like a real one, outlives its parent.
//
// STUB_REFUSES makes it refuse to start with that sentence; STUB_EXITS makes it exit at once with that line.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { runCommandLine } from '../../src/cli/command-line.ts';
import type { Config } from '../../src/config.ts';
import { OperationalError } from '../../src/kernel/errors.ts';
import { startTickOf } from '../../src/kernel/process-identity.ts';
import type { Millpond } from '../../src/main.ts';
import type { GroupStatus, MillpondStatus } from '../../src/status.ts';

const DNS = { address: '127.0.0.1', port: 53_053 };

async function startStub(config: Config): Promise<Millpond> {
  if (process.env.STUB_REFUSES) throw new OperationalError('EngineMissing', process.env.STUB_REFUSES);
  if (process.env.STUB_EXITS) {
    console.error(process.env.STUB_EXITS);
    process.exit(3);
  }
  const nodes = join(config.dataDir, 'nodes');
  const pidFile = join(nodes, 'pid');
  mkdirSync(nodes, { recursive: true });
  if (!existsSync(pidFile)) startNode(pidFile);
  const server = createServer(async (request, response) => {
    const { port } = server.address() as AddressInfo;
    const answer = await respond(request, { ...config, port });
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', () =>
      reject(new OperationalError('AddressInUse', `Port ${config.port} is taken; take another --port.`)),
    );
    server.listen(config.port, config.address, resolve);
  });
  return {
    config,
    port: (server.address() as AddressInfo).port,
    dns: DNS,
    notices: [],
    groupsNotServing: () => [],
    async stop({ nodes }) {
      server.closeAllConnections();
      server.close();
      if (nodes === 'keep-running') return;
      await endNode(Number(readFileSync(pidFile, 'utf8')));
      rmSync(pidFile);
    },
  };
}

function startNode(pidFile: string): void {
  const node = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], {
    detached: true,
    stdio: 'ignore',
  });
  node.unref();
  writeFileSync(pidFile, String(node.pid));
}

/** Returns when the process has ended: SIGKILL takes effect later. */
async function endNode(pid: number): Promise<void> {
  const startTick = startTickOf(pid);
  process.kill(pid, 'SIGKILL');
  while (startTickOf(pid) === startTick) await setImmediate();
}

const created = new Set<string>();

async function respond(request: IncomingMessage, config: Config): Promise<{ status: number; body: string }> {
  if (request.url === '/_millpond/status') return { status: 200, body: JSON.stringify(statusOf(config)) };
  if (request.url === '/_millpond/why?resource=demo') {
    const report = {
      resource: 'demo',
      desired: { members: 2, directives: { maxmemory: '402653184', timeout: '0' } },
      observed: { members: 1 },
      cuts: [],
      plan: ['start demo-002'],
      events: [],
    };
    return { status: 200, body: JSON.stringify(report) };
  }
  if (request.method !== 'POST') return { status: 404, body: '' };
  const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
  if (form.get('Action') !== 'CreateReplicationGroup')
    return { status: 400, body: '<Code>InvalidAction</Code>' };
  created.add(form.get('ReplicationGroupId')!);
  return { status: 200, body: '<CreateReplicationGroupResponse/>' };
}

function statusOf(config: Config): MillpondStatus {
  return {
    pid: process.pid,
    version: '0.0.0',
    url: `http://${config.address}:${config.port}`,
    port: config.port,
    network: 'loopback',
    networkSummary: 'addresses of 127.9.0.0/16',
    dns: DNS,
    domain: config.domain,
    region: config.region,
    failureDetectionMs: 2000,
    engines: [{ engine: 'redis', version: '7.0.15', path: '/usr/bin/redis-server' }],
    cuts: [],
    notices: [],
    hasInstances: false,
    hasStacks: false,
    groups: [...created].map((id) => group(id, config)),
  };
}

function group(id: string, config: Config): GroupStatus {
  const host = (name: string) => `${name}.abc123.ng.0001.use1.${config.domain}:6379`;
  return {
    id,
    region: config.region,
    accountId: '000000000000',
    status: 'available',
    engine: 'redis',
    engineVersion: '7.1',
    runs: { engine: 'redis', version: '7.0.15' },
    clusterEnabled: false,
    endpoints: { primary: host(id), reader: host(`${id}-ro`) },
    members: [
      {
        id: `${id}-001`,
        role: 'primary',
        address: '127.9.0.4',
        endpoint: host(`${id}-001`),
        state: 'running',
      },
    ],
  };
}

process.exit(await runCommandLine(process.argv.slice(2), startStub));
