// The endpoints as a person at a prompt sees them: redis-cli by name, what readers and wrong nodes answer, the names
// themselves, and the commands that ElastiCache keeps from its clients.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as sdk from '@aws-sdk/client-elasticache';
import { atEndpoint } from '../support/endpoint.ts';
import { whyNoNames } from '../support/endpoint-writers.ts';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import { findProgram, run, withoutProgram } from '../support/outside-clients.ts';
import { describeCluster, eventually, untilAvailable } from '../support/replication-groups.ts';

const REDIS_CLI = findProgram('redis-cli');
const WITHOUT_CLI = withoutProgram('redis-cli') || (await whyNoNames());

let millpond: TestMillpond;
let client: sdk.ElastiCacheClient;

before(async () => {
  millpond = await startTestMillpond();
  client = millpond.elasticache;
});
after(() => millpond?.stop());

async function createGroup(id: string, rest: Partial<sdk.CreateReplicationGroupCommandInput>) {
  const input = { ReplicationGroupId: id, ReplicationGroupDescription: id, ...rest };
  await client.send(new sdk.CreateReplicationGroupCommand(input));
  return await untilAvailable(client, id);
}

/** What `redis-cli -h NAME …` prints, in a namespace where the name resolves as for any program. */
async function redisCli(name: string, ...words: string[]): Promise<string> {
  const { stdout, stderr } = await run(process.execPath, [
    ...['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', IN_NAMES],
    ...[JSON.stringify(millpond.dns), millpond.url, REDIS_CLI!, '-h', name, ...words],
  ]);
  assert.equal(stderr, '');
  return stdout.trim();
}

const IN_NAMES = `
  import { runWithNames } from ${JSON.stringify(new URL('../../src/machines/names/run.ts', import.meta.url))};
  const [dns, url, ...command] = process.argv.slice(1);
  const { address, port } = JSON.parse(dns);
  const readNames = async () => (await fetch(url + '/_millpond/names')).json();
  process.exit(await runWithNames(command, { dnsAddress: address, dnsPort: port, readNames, environment: process.env }));
`;

const addressesOf = async (name: string) => await millpond.resolver.resolve4(name);
const nodeName = async (member: string) =>
  (await describeCluster(client, member)).CacheNodes![0]!.Endpoint!.Address!;

describe('with cluster mode off', { skip: WITHOUT_CLI }, () => {
  let primary: string;
  let reader: string;

  before(async () => {
    const group = await createGroup('plain', { NumCacheClusters: 3, AutomaticFailoverEnabled: true });
    primary = group.NodeGroups![0]!.PrimaryEndpoint!.Address!;
    reader = group.NodeGroups![0]!.ReaderEndpoint!.Address!;
  });

  it('the primary name writes, and the reader name only reads', async () => {
    assert.equal(await redisCli(primary, 'set', 'hoge', 'foo'), 'OK');
    await eventually('the readers have it', async () => (await redisCli(reader, 'get', 'hoge')) === 'foo');
    assert.equal(
      await redisCli(reader, 'set', 'aaa', 'bbb'),
      "READONLY You can't write against a read only replica.",
    );
  });

  it('the primary name leads to the node’s name, and that to its address', async () => {
    const node = await nodeName('plain-001');
    assert.deepEqual(await millpond.resolver.resolveCname(primary), [node]);
    assert.deepEqual(await addressesOf(primary), await addressesOf(node));
    assert.equal((await addressesOf(reader)).length, 1);
  });

  it('readers that are removed are no longer named', async () => {
    const [first, second] = [await nodeName('plain-002'), await nodeName('plain-003')];
    await client.send(
      new sdk.DecreaseReplicaCountCommand({
        ReplicationGroupId: 'plain',
        ReplicasToRemove: ['plain-003'],
        ApplyImmediately: true,
      }),
    );
    await untilAvailable(client, 'plain');
    for (let turn = 0; turn < 3; turn++) {
      assert.deepEqual(await millpond.resolver.resolveCname(reader), [first]);
    }
    await assert.rejects(addressesOf(second), { code: 'ENOTFOUND' });
  });

  it('without a replica the reader name leads to the primary', async () => {
    const group = await createGroup('alone', { NumCacheClusters: 1 });
    const { PrimaryEndpoint, ReaderEndpoint } = group.NodeGroups![0]!;
    assert.deepEqual(
      await addressesOf(ReaderEndpoint!.Address!),
      await addressesOf(PrimaryEndpoint!.Address!),
    );
  });
});

describe('with cluster mode on', { skip: WITHOUT_CLI }, () => {
  let configuration: string;

  before(async () => {
    const group = await createGroup('shards', { NumNodeGroups: 2, ReplicasPerNodeGroup: 0 });
    configuration = group.ConfigurationEndpoint!.Address!;
  });

  it('the configuration name has the addresses of both nodes', async () => {
    const nodes = [await nodeName('shards-0001-001'), await nodeName('shards-0002-001')];
    const addresses = (await Promise.all(nodes.map(addressesOf))).flat();
    assert.deepEqual((await addressesOf(configuration)).sort(), addresses.sort());
  });

  it('a node shows the bus ports that nodes have on ElastiCache', async () => {
    const lines = (await redisCli(configuration, 'cluster', 'nodes')).trim().split('\n');
    assert.equal(lines.length, 2);
    for (const line of lines) assert.match(line, /^\w{40} [\d.]+:6379@1122[ ,]/);
  });

  it('a cluster’s port may be the highest that there is', async () => {
    const shape = { NumNodeGroups: 2, ReplicasPerNodeGroup: 0, Port: 65_535 };
    const { Address, Port } = (await createGroup('highest', shape)).ConfigurationEndpoint!;
    assert.equal(Port, 65_535);
    assert.match(await redisCli(Address!, '-p', '65535', 'cluster', 'nodes'), /:65535@1122[ ,]/);
  });

  it('a client that knows no clusters is sent to the node that has the slot', async () => {
    const [first, second] = [await nodeName('shards-0001-001'), await nodeName('shards-0002-001')];
    assert.equal(await redisCli(configuration, '-c', 'set', 'hoge', 'foo'), 'OK');
    const answers = [await redisCli(first, 'get', 'hoge'), await redisCli(second, 'get', 'hoge')];
    const [address] = await addressesOf(first);
    assert.deepEqual(answers, ['foo', `MOVED 1525 ${address}:6379`]);
  });
});

describe('commands that ElastiCache withholds', () => {
  const WITHHELD = [
    ['config', 'get', 'maxmemory'],
    ['debug', 'sleep', '0'],
    ['bgsave'],
    ['bgrewriteaof'],
    ['save'],
    ['shutdown', 'nosave'],
    ['replicaof', 'no', 'one'],
    ['slaveof', 'no', 'one'],
    ['migrate', '127.0.0.1', '6379', 'key', '0', '10'],
  ];
  const DENIED = [
    ['cluster', 'meet', '127.0.0.1', '6379'],
    ['cluster', 'failover'],
    ['cluster', 'addslots', '1'],
    ['cluster', 'setslot', '1', 'stable'],
    ['cluster', 'forget', 'a'],
    ['acl', 'setuser', 'mallory', 'on'],
    ['acl', 'deluser', 'default'],
    ['psync', '?', '-1'],
    ['sync'],
  ];
  const GIVEN = [
    ['acl', 'whoami'],
    ['acl', 'list'],
    ['acl', 'cat'],
    ['cluster', 'info'],
    ['cluster', 'nodes'],
    ['cluster', 'slots'],
    ['client', 'list'],
    ['slowlog', 'get'],
    ['info'],
  ];
  const call = (name: string, [command, ...words]: string[]) =>
    atEndpoint(millpond, name, (redis) => redis.call(command!, ...words));

  for (const engine of ['redis', 'valkey']) {
    it(`are unknown to clients of ${engine}, or not permitted; the others are there`, async () => {
      const id = `guarded-${engine}`;
      await createGroup(id, {
        Engine: engine,
        NumNodeGroups: 1,
        ReplicasPerNodeGroup: 0,
        ClusterMode: 'enabled',
      });
      const name = await nodeName(`${id}-0001-001`);
      for (const words of WITHHELD) {
        await assert.rejects(call(name, words), /^ReplyError: ERR unknown command/, words.join(' '));
      }
      for (const words of DENIED) await assert.rejects(call(name, words), /NOPERM/, words.join(' '));
      for (const words of GIVEN) await call(name, words);
      assert.equal(await call(name, ['set', 'still', 'here']), 'OK');
    });
  }
});
