// go-redis, Jedis and Lettuce as people use them. JVMs keep an address for a while, so that after a failover they ask
// for the old one; go-redis takes every loopback address of a cluster's map for the host that it asked, so that on
// loopback it needs names in there (--announce-hostnames). In subnets it needs nothing.

import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as sdk from '@aws-sdk/client-elasticache';
import { runWithNames } from '../../src/machines/names/run.ts';
import { atEndpoint } from '../support/endpoint.ts';
import { findCompiledWriters, startWriter, type Writer, whyNoNames } from '../support/endpoint-writers.ts';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import { TEST_NETWORK } from '../support/networks.ts';
import { GO_REDIS_COMMAND, WITHOUT_GO_REDIS, WITHOUT_JAVA_CLIENTS } from '../support/outside-clients.ts';
import { describeGroup, eventually, listEvents, untilAvailable } from '../support/replication-groups.ts';

const WITHOUT_NAMES = await whyNoNames();
const WITHOUT_CLIENTS = WITHOUT_NAMES || WITHOUT_GO_REDIS || WITHOUT_JAVA_CLIENTS;
/** Writes that a client makes to prove that it works. */
const SOME = 10;
const ANNOUNCES_NAMES = TEST_NETWORK === 'loopback';

describe('go-redis, Jedis and Lettuce', () => {
  let millpond: TestMillpond;
  before(async () => {
    millpond = await startTestMillpond({ announceHostnames: ANNOUNCES_NAMES });
  });
  after(() => millpond?.stop());

  it('go on after a failover, through the primary name', { skip: WITHOUT_CLIENTS }, async () => {
    const group = await createGroup('plain', { NumCacheClusters: 3 });
    const name = group.NodeGroups![0]!.PrimaryEndpoint!.Address!;
    await whileWriting('primary', name, async () => testFailover('plain'));
  });

  it('go on after a failover, through the configuration endpoint', { skip: WITHOUT_CLIENTS }, async () => {
    const group = await createGroup('sharded', { NumNodeGroups: 2, ReplicasPerNodeGroup: 1 });
    await whileWriting('configuration', group.ConfigurationEndpoint!.Address!, () => testFailover('sharded'));
  });

  it('go-redis knows the nodes that there are, whichever it asks', {
    skip: WITHOUT_NAMES || WITHOUT_GO_REDIS,
  }, async () => {
    const group = await createGroup('map', { NumNodeGroups: 3, ReplicasPerNodeGroup: 1 });
    const names = await nodeNames('map');
    const keys = await fill(names, 300);
    assert.equal(keys, 300);
    const primaries = await inTheMap(await primariesOf(names));
    assert.equal(primaries.length, 3);
    for (const seen of await seenByGoRedis(group.ConfigurationEndpoint!.Address!, 12)) {
      assert.deepEqual(seen, { masters: primaries.sort(), keys });
    }
  });

  async function createGroup(
    id: string,
    rest: Partial<sdk.CreateReplicationGroupCommandInput>,
  ): Promise<sdk.ReplicationGroup> {
    const input = { ReplicationGroupId: id, ReplicationGroupDescription: id, ...rest };
    await millpond.elasticache.send(
      new sdk.CreateReplicationGroupCommand({ AutomaticFailoverEnabled: true, ...input }),
    );
    await untilAvailable(millpond.elasticache, id);
    return await describeGroup(millpond.elasticache, id);
  }

  async function testFailover(id: string): Promise<void> {
    const recoveries = async () =>
      (await listEvents(millpond.elasticache)).filter((event) =>
        event.Message!.startsWith('Finished recovery'),
      ).length;
    const before = await recoveries();
    await millpond.elasticache.send(
      new sdk.TestFailoverCommand({ ReplicationGroupId: id, NodeGroupId: '0001' }),
    );
    await eventually('the old primary is back', async () => (await recoveries()) > before);
  }

  /** All write before and after `work`. */
  async function whileWriting(
    mode: 'primary' | 'configuration',
    host: string,
    work: () => Promise<void>,
  ): Promise<void> {
    const started = await Promise.allSettled(
      findCompiledWriters().map((which) => startWriter(millpond, which, mode, host)),
    );
    const writers: Writer[] = started.flatMap((result) =>
      result.status === 'fulfilled' ? [result.value] : [],
    );
    try {
      for (const result of started) if (result.status === 'rejected') throw result.reason;
      await Promise.all(writers.map((writer) => writer.goesOn(SOME)));
      await work();
      await Promise.all(writers.map((writer) => writer.goesOn(SOME)));
    } finally {
      await Promise.all(writers.map((writer) => writer.stop()));
    }
  }

  async function nodeNames(id: string): Promise<string[]> {
    const { CacheClusters } = await millpond.elasticache.send(
      new sdk.DescribeCacheClustersCommand({ ShowCacheNodeInfo: true }),
    );
    return CacheClusters!
      .filter((cluster) => cluster.ReplicationGroupId === id)
      .map((cluster) => cluster.CacheNodes![0]!.Endpoint!.Address!);
  }

  /** The nodes as the cluster's map has them. */
  const inTheMap = (names: string[]): Promise<string[]> =>
    Promise.all(
      names.map(async (name) => {
        const host = ANNOUNCES_NAMES ? name : (await millpond.resolver.resolve4(name))[0];
        return `${host}:6379`;
      }),
    );

  /** By what each node says of itself. */
  async function primariesOf(names: string[]): Promise<string[]> {
    const roles = await Promise.all(
      names.map((name) => atEndpoint(millpond, name, async (redis) => (await redis.role())[0])),
    );
    return names.filter((_, index) => roles[index] === 'master');
  }

  /** Spreads keys over the primaries; resolves to how many all primaries have. */
  async function fill(names: string[], count: number): Promise<number> {
    const primaries = await primariesOf(names);
    const targets = await inTheMap(primaries);
    const sizes = await Promise.all(
      primaries.map((name) =>
        atEndpoint(millpond, name, async (redis) => {
          for (let key = 0; key < count; key++) {
            // A key of another shard is refused, and that shard's primary takes it.
            await redis.set(`key:${key}`, '').catch((error: Error) => {
              if (!error.message.startsWith('MOVED')) throw error;
              const target = error.message.split(' ')[2]!;
              assert.ok(targets.includes(target), target);
            });
          }
          return await redis.dbsize();
        }),
      ),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  async function seenByGoRedis(host: string, clients: number): Promise<object[]> {
    const directory = mkdtempSync(join(tmpdir(), 'millpond-go-redis-'));
    const [input, output, complaints] = ['in', 'out', 'err'].map((file) => join(directory, file));
    writeFileSync(input!, '\n'.repeat(clients));
    const stdio = [openSync(input!, 'r'), openSync(output!, 'w'), openSync(complaints!, 'w')];
    try {
      const code = await runWithNames([...GO_REDIS_COMMAND, 'nodes', host], {
        ...{ dnsAddress: millpond.dns.address, dnsPort: millpond.dns.port, environment: process.env, stdio },
        readNames: async () =>
          (await (await fetch(`${millpond.url}/_millpond/names`)).json()) as Record<string, string>,
      });
      assert.equal(code, 0, readFileSync(complaints!, 'utf8'));
      const lines = readFileSync(output!, 'utf8').trim().split('\n');
      assert.equal(lines.length, clients);
      return lines.map((line) => JSON.parse(line) as object);
    } finally {
      for (const file of stdio) closeSync(file);
      rmSync(directory, { recursive: true, force: true });
    }
  }
});
