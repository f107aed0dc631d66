// Random input of every operation that Millpond has, over HTTP: never a 5xx, never a dead service, and nothing that
// was half done. Many of the inputs name what exists, so that they get beyond the first check.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { membersOf } from '../../src/services/elasticache/clusters/domain/model.ts';
import { REFUSED } from '../../src/services/elasticache/refusals.ts';
import { loadSchema, type Structure } from '../../src/wire/schema.ts';
import { type Engineless, startEngineless } from '../support/engineless.ts';
import { Outcomes } from '../support/outcomes.ts';
import { randomInput, seededRandom } from '../support/random-input.ts';
import { ask, FORM, signedFor } from '../support/wire.ts';

const SEEDS = [20_261_121, 1, 2, 3];
const REQUESTS = 700;
const MOST_MORE = 300;
/** So often what was deleted is made anew. */
const SOUND_EVERY = 15;
const MOST_NODES = 30;

const IDS = [
  'a',
  'a',
  'a',
  'b',
  'b',
  'b',
  'alone',
  'c',
  'A',
  'a-001',
  'b-002',
  'b-0001-001',
  'c-ro',
  'alone',
  'ALONE',
  'a--b',
  'é',
];
const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1z', ''];
const COUNTS = [0, 1, 2, 3, 1.5, -1, 5, 6, 91];

/** Values that are likely to hit something, by member name. */
const KNOWN: Record<string, readonly unknown[]> = {
  ReplicationGroupId: ['a', 'a', 'b', 'b', ...IDS],
  CacheClusterId: ['alone', 'alone', 'alone', 'a-001', 'b-0001-001', ...IDS],
  ParameterNameValues: [
    [{ ParameterName: 'timeout', ParameterValue: '20' }],
    [{ ParameterName: 'timeout' }],
    [],
  ],
  ReplicaConfiguration: [undefined],
  ResetAllParameters: [true],
  TagKeys: [['k'], ['k', 'l']],
  Tags: [[{ Key: 'k', Value: 'v' }], [{ Key: 'aws:k' }], []],
  PrimaryClusterId: IDS,
  SnapshottingClusterId: IDS,
  SourceIdentifier: IDS,
  ReplicasToRemove: [['a-002'], ['a-001', 'a-001'], ['b-0001-002'], []],
  NodeGroupId: ['0001', '0002', '1', '9999'],
  NodeGroupsToRemove: [['0001'], ['0002'], ['0001', '0001'], []],
  NodeGroupsToRetain: [['0001'], ['0002'], []],
  Engine: ['redis', 'valkey', 'memcached', 'Redis'],
  EngineVersion: ['7.1', '7.0', '6.2', '8.0', '7.1.0', '5.0.6', ''],
  CacheNodeType: ['cache.t4g.micro', 'cache.r7g.large', 'cache.t4g.mikro'],
  CacheParameterGroupName: ['mine', 'default.redis7', 'default.redis7.cluster.on', 'default.valkey8', 'Mine'],
  CacheParameterGroupFamily: ['redis7', 'valkey8', 'redis6.x', 'memcached1.6'],
  CacheSubnetGroupName: ['default', 'ours', 'Ours'],
  ParameterName: ['maxmemory-policy', 'timeout', 'cluster-enabled', 'appendonly', 'databases'],
  ParameterValue: ['allkeys-lru', '0', '20', 'yes', '-1'],
  CacheNodeIdsToReboot: [['0001'], ['0001'], ['0002'], []],
  NumCacheClusters: COUNTS,
  NumNodeGroups: COUNTS,
  NodeGroupCount: [1, 3, 3, 0, 1.5, 91],
  ReplicasPerNodeGroup: COUNTS,
  ReplicaCount: COUNTS,
  NewReplicaCount: COUNTS,
  NumCacheNodes: [1, 1, 1, 2, 0, 1.5],
  Port: [6379, 6380, 6379.5, 1, 65_536],
  SnapshotRetentionLimit: [0, 1, 35, 36, 0.5],
  ApplyImmediately: [...Array(9).fill(true), false],
  PreferredAvailabilityZone: ZONES,
  PreferredAvailabilityZones: [ZONES, ['us-east-1a'], []],
  PreferredCacheClusterAZs: [ZONES, ['us-east-1a', 'us-east-1b'], []],
  ReplicaAvailabilityZones: [ZONES, ['us-east-1a'], Array(61).fill('us-east-1a')],
  PrimaryAvailabilityZone: ZONES,
  Slots: ['0-16383', '0-8191', '8192-16383', '0', '-'],
  SecurityGroupIds: [[], ['sg-00000000']],
  ResourceName: [
    'arn:aws:elasticache:us-east-1:000000000000:replicationgroup:a',
    'arn:aws:elasticache:us-east-1:000000000000:cluster:a-001',
    'arn:aws:elasticache:us-east-1:000000000000:parametergroup:mine',
    'arn:aws:elasticache:us-east-1:000000000000:subnetgroup:ours',
  ],
  SourceType: ['cache-cluster', 'replication-group', 'nothing'],
  MaxRecords: [20, 100, 19, 20.5],
  NetworkType: ['ipv4', 'ipv6'],
  IpDiscovery: ['ipv4'],
  ClusterMode: ['enabled', 'disabled', 'compatible'],
};

/** What there always is to work on: requests that succeed while it is not there. */
const SOUND: [operation: string, input: object][] = [
  [
    'CreateCacheParameterGroup',
    { CacheParameterGroupName: 'mine', CacheParameterGroupFamily: 'redis7', Description: 'd' },
  ],
  [
    'CreateReplicationGroup',
    { ReplicationGroupId: 'a', ReplicationGroupDescription: 'd', NumCacheClusters: 3 },
  ],
  [
    'CreateReplicationGroup',
    { ReplicationGroupId: 'b', ReplicationGroupDescription: 'd', NumNodeGroups: 2, ReplicasPerNodeGroup: 1 },
  ],
  ['CreateCacheCluster', { CacheClusterId: 'alone' }],
];

/** How many members of an input, at most, are more than what the operation needs: a request with many is refused. */
const MOST_OPTIONS = 4;
const IN_VAIN = new Set(Object.keys(REFUSED));

/** Why these may be refused whatever they are asked. */
const MAY_BE_REFUSED = {};

/** Of ElastiCache; the inputs of its neighbours fit too seldom here, and are counted in tests of their own. */
const outcomes = new Outcomes();

for (const seed of SEEDS) {
  it(`no input of any operation is a server error: seed ${seed}`, async (test) => {
    const engineless = await startEngineless(test);
    const random = seededRandom(seed);
    const known = { ...KNOWN, SubnetIds: await subnetIds(engineless) };
    const operations = engineless.services.flatMap((service) =>
      Object.keys(service.operations).map((operation) => ({ service: service.name, operation })),
    );
    const ofElastiCache = operations.filter(({ service }) => service === 'elasticache');
    // What was only refused so far may just have had no luck.
    const unlucky = () => new Set(outcomes.onlyRefused(MAY_BE_REFUSED));
    for (let count = 0; count < REQUESTS + MOST_MORE; count++) {
      if (count % SOUND_EVERY === 0) await makeSound(engineless);
      const left = count < REQUESTS ? undefined : unlucky();
      if (left?.size === 0) break;
      const among = left
        ? ofElastiCache.filter(({ operation }) => left.has(operation))
        : count % 2 === 0
          ? ofElastiCache
          : operations;
      const { service, operation } = among[Math.floor(random() * among.length)]!;
      const { input: shape } = loadSchema(service).operation(operation)!;
      const input = randomInput(shape, random, { known, nastiness: 0.1 });
      await send(engineless, service, operation, moderate(input, shape, random));
      checkRecords(engineless);
    }
    assert.deepEqual(engineless.errors, []);
  });
}

it('answers each of them now and then', () => outcomes.assertAnswered(MAY_BE_REFUSED));

/** Few options, and rarely one that Millpond refuses whatever else is asked for. */
function moderate(
  input: Record<string, unknown>,
  shape: Structure,
  random: () => number,
): Record<string, unknown> {
  const needed = new Set(shape.members.filter(({ required }) => required).map(({ name }) => name));
  const options = Object.keys(input).filter(
    (name) => !needed.has(name) && (!IN_VAIN.has(name) || random() < 0.05),
  );
  while (options.length > MOST_OPTIONS) options.splice(Math.floor(random() * options.length), 1);
  return Object.fromEntries(
    Object.entries(input).filter(([name]) => needed.has(name) || options.includes(name)),
  );
}

async function subnetIds({ elasticacheService }: Engineless): Promise<unknown[]> {
  const scope = { accountId: '000000000000', region: 'us-east-1' };
  const { Subnets = [] } = await elasticacheService.elasticache.ec2.call('DescribeSubnets', {}, scope);
  const ids = Subnets.map(({ SubnetId }) => SubnetId!);
  return [ids, ids.slice(0, 1), ids.slice(1, 3), [...ids, ...ids], [''], []];
}

async function send({ server }: Engineless, service: string, operation: string, input: object) {
  const { version } = loadSchema(service);
  const { status, text } = await ask(server, {
    headers: { ...signedFor(service), 'content-type': FORM },
    body: `Action=${operation}&Version=${version}&${flatten(input)}`,
  });
  assert.ok(status < 500, `${operation} ${JSON.stringify(input)}: ${status} ${text}`);
  if (service !== 'elasticache') return;
  if (status === 200) outcomes.answered(operation);
  else outcomes.refused(operation, /<Code>(.*?)<\/Code>/.exec(text)?.[1] ?? String(status));
}

/** As a hand would write a query: lists by bare numbers. */
function flatten(value: unknown, prefix = ''): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return flatten(value.toISOString(), prefix);
  if (typeof value !== 'object')
    return `${encodeURIComponent(prefix.toWellFormed())}=${encodeURIComponent(String(value).toWellFormed())}`;
  const entries = Array.isArray(value)
    ? value.map((item, index) => [String(index + 1), item] as const)
    : Object.entries(value);
  return entries
    .map(([key, item]) => flatten(item, prefix ? `${prefix}.${key}` : key))
    .filter((part) => part !== '')
    .join('&');
}

async function makeSound(engineless: Engineless): Promise<void> {
  await thinOut(engineless);
  await engineless.elasticacheService.controller.idle();
  for (const [operation, input] of SOUND) await send(engineless, 'elasticache', operation, input);
}

/** Keeps the number of groups bounded: the biggest go when there are too many nodes. */
async function thinOut(engineless: Engineless): Promise<void> {
  const { groups } = engineless.elasticacheService.elasticache.records;
  const bySize = groups
    .listAll()
    .map(({ value }) => value)
    .sort((a, b) => membersOf(b).length - membersOf(a).length);
  let nodes = bySize.reduce((sum, group) => sum + membersOf(group).length, 0);
  for (const group of bySize) {
    if (nodes <= MOST_NODES) return;
    nodes -= membersOf(group).length;
    await (group.kind === 'cache-cluster'
      ? send(engineless, 'elasticache', 'DeleteCacheCluster', { CacheClusterId: group.id })
      : send(engineless, 'elasticache', 'DeleteReplicationGroup', { ReplicationGroupId: group.id }));
  }
}

/** What no sequence of requests may break. */
function checkRecords({ elasticacheService }: Engineless): void {
  const entries = elasticacheService.elasticache.records.groups.listAll();
  const members = entries.flatMap(({ value }) => membersOf(value));
  const ids = members.map((member) => member.id);
  const addresses = members.map((member) => member.address);
  assert.equal(new Set(ids).size, ids.length, `a member id is given twice: ${ids}`);
  assert.equal(new Set(addresses).size, addresses.length, `an address is given twice: ${addresses}`);
  for (const { value: group } of entries) {
    for (const shard of group.shards) {
      const isLeaving = group.status === 'deleting';
      assert.ok(
        isLeaving || shard.members.some((member) => member.id === shard.primaryId),
        `${group.id} ${shard.id}`,
      );
      assert.ok(shard.members.length <= 6, `${group.id} ${shard.id} has ${shard.members.length} members`);
    }
    const slots = group.shards.flatMap((shard) => shard.slots).reduce((sum, [a, b]) => sum + b - a + 1, 0);
    if (group.clusterEnabled && group.status !== 'deleting') assert.equal(slots, 16_384, group.id);
  }
}
