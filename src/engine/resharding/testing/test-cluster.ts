// A real cluster for tests and the benchmark: engines on loopback addresses of their own with nodes.conf written
// beforehand, and an Admin for each. Only what resharding needs; the product's fleet is elsewhere.

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseClusterView } from '../cluster-view.ts';
import type { MigrationShard } from '../shards.ts';
import { CREDENTIALS, connectTestAdmin, RENAMED_MIGRATE, type TestAdmin } from './test-admin.ts';

const PORT = 6379;

export interface TestNode {
  id: string;
  address: string;
  admin: TestAdmin;
  process: ChildProcess;
}

export interface TestClusterOptions {
  /** Slots of each shard as `[first, last]` ranges; an empty list makes a shard without slots. */
  slots: [number, number][][];
  replicasPerShard: number;
  /** `redis-server` by default; a name or a path. */
  server?: string;
  directives?: Record<string, string>;
  /** MIGRATE keeps its name, for tools that know no other. */
  plainNames?: boolean;
}

export class TestCluster {
  /** Per shard, the first primary first. */
  readonly members: TestNode[][] = [];
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  get nodes(): TestNode[] {
    return this.members.flat();
  }

  static shardId = (index: number): string => String(index + 1).padStart(4, '0');

  /** The shards as a migration wants them, with roles as the engines have them now. */
  async shards(indexes = this.members.map((_, index) => index)): Promise<Map<string, MigrationShard>> {
    const shards = new Map<string, MigrationShard>();
    for (const index of indexes) {
      const members = this.members[index]!;
      const alive = members.filter((node) => node.process.exitCode === null && !node.process.signalCode);
      const roles = await Promise.all(
        alive.map(async (node) => parseClusterView(String(await node.admin.send('CLUSTER', 'NODES'))).self),
      );
      const primaries = alive.filter((_, i) => roles[i]!.role === 'primary');
      const primary = primaries[0];
      if (primaries.length !== 1 || !primary)
        throw new Error(`shard ${index} has ${primaries.length} primaries`);
      shards.set(TestCluster.shardId(index), {
        primary: { admin: primary.admin, address: primary.address, port: PORT, nodeId: primary.id },
        replicas: alive.filter((node) => node !== primary),
        nodeIds: members.map(({ id }) => id),
      });
    }
    return shards;
  }

  async kill(node: TestNode): Promise<void> {
    if (node.process.exitCode === null && !node.process.signalCode) {
      const gone = once(node.process, 'exit');
      node.process.kill('SIGKILL');
      await gone;
    }
    node.admin.close();
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => this.kill(node)));
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export async function startTestCluster(options: TestClusterOptions): Promise<TestCluster> {
  const cluster = new TestCluster(mkdtempSync(join(tmpdir(), 'millpond-reshard-')));
  const count = options.slots.length * (1 + options.replicasPerShard);
  const prefix = await freeBlock(count);
  try {
    const ids = Array.from({ length: count }, () => randomBytes(20).toString('hex'));
    const addresses = ids.map((_, index) => `${prefix}.${index + 1}`);
    for (let shard = 0, next = 0; shard < options.slots.length; shard++) {
      const members: TestNode[] = [];
      cluster.members.push(members);
      for (let replica = 0; replica <= options.replicasPerShard; replica++, next++) {
        const directory = join(cluster.directory, `${shard}-${replica}`);
        mkdirSync(directory);
        writeFileSync(join(directory, 'nodes.conf'), renderNodesConf(options, ids, addresses, next));
        writeFileSync(join(directory, 'engine.conf'), renderConf(addresses[next]!, options));
        const process = spawn(options.server ?? 'redis-server', ['engine.conf'], {
          cwd: directory,
          stdio: ['ignore', 'ignore', 'ignore'],
        });
        const address = addresses[next]!;
        members.push({
          id: ids[next]!,
          address,
          process,
          admin: connectTestAdmin(address, PORT, options.plainNames),
        });
      }
    }
    await Promise.all(cluster.nodes.map(untilReady));
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/** Of the two engines, those on the PATH. */
export function installedServers(): string[] {
  const directories = (process.env.PATH ?? '').split(delimiter);
  return ['redis-server', 'valkey-server'].filter((name) =>
    directories.some((directory) => existsSync(join(directory, name))),
  );
}

/** A 127.x.y block whose first addresses nobody listens on. */
async function freeBlock(count: number): Promise<string> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const [x, y] = randomBytes(2);
    const prefix = `127.${100 + (x! % 100)}.${y}`;
    const probes = Array.from({ length: count }, (_, index) => isFree(`${prefix}.${index + 1}`));
    if ((await Promise.all(probes)).every(Boolean)) return prefix;
  }
  throw new Error('no free block of loopback addresses');
}

async function isFree(address: string): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(PORT, address);
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return true;
  } catch {
    return false;
  }
}

function renderNodesConf(
  options: TestClusterOptions,
  ids: string[],
  addresses: string[],
  self: number,
): string {
  const perShard = 1 + options.replicasPerShard;
  const lines = ids.map((id, index) => {
    const shard = Math.floor(index / perShard);
    const primary = shard * perShard;
    const role = index === primary ? 'master -' : `slave ${ids[primary]}`;
    const flags = index === self ? `myself,${role}` : role;
    const slots = index === primary ? options.slots[shard]!.map(([a, b]) => ` ${a}-${b}`).join('') : '';
    return `${id} ${addresses[index]}:${PORT}@1${PORT} ${flags} 0 0 ${shard + 1} connected${slots}`;
  });
  return `${lines.join('\n')}\nvars currentEpoch ${options.slots.length} lastVoteEpoch 0\n`;
}

function renderConf(address: string, options: TestClusterOptions): string {
  const all: Record<string, string> = {
    bind: address,
    'bind-source-addr': address,
    'cluster-announce-ip': address,
    'replica-announce-ip': address,
    port: String(PORT),
    'protected-mode': 'no',
    'cluster-enabled': 'yes',
    'cluster-config-file': 'nodes.conf',
    'cluster-node-timeout': '15000',
    'cluster-allow-replica-migration': 'no',
    'cluster-require-full-coverage': 'no',
    'repl-diskless-sync-delay': '0',
    save: '""',
    user: `${CREDENTIALS.user} on >${CREDENTIALS.password} ~* &* +@all`,
    masteruser: CREDENTIALS.user,
    masterauth: CREDENTIALS.password,
    ...(!options.plainNames && { 'rename-command': `MIGRATE ${RENAMED_MIGRATE}` }),
    ...options.directives,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name} ${value}\n`)
    .join('');
}

async function untilReady(node: TestNode): Promise<void> {
  for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 25) {
    const replies = await node.admin
      .sendAll([
        ['CLUSTER', 'INFO'],
        ['INFO', 'replication'],
      ])
      .catch(() => []);
    const text = replies.join('\n');
    if (/cluster_state:ok/.test(text) && !/master_link_status:down/.test(text)) return;
    await delay(25);
  }
  throw new Error(`${node.address} did not get ready`);
}
