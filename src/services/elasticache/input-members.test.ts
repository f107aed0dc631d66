// Checks every member of every operation's input, by the SDK's model: the operation's handler reads it, or the
// request is refused with a message that names it.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Fault } from '../../wire/fault.ts';
import { loadSchema, type Shape } from '../../wire/schema.ts';
import type { RequestContext } from '../../wire/service.ts';
import type { ElastiCache } from './context.ts';
import { arnOf } from './domain/identifiers.ts';
import * as emptyLists from './empty-lists.ts';
import { context, inMemory, someGroup } from './in-memory.fixture.ts';
import { createEndpoints } from './names/endpoints.ts';
import { operations } from './operations.ts';
import { REFUSED } from './refusals.ts';

type Input = Record<string, unknown>;

const OFF = { ReplicationGroupId: 'off' };
const ON = { ReplicationGroupId: 'on', ApplyImmediately: true };
const MINE = { CacheParameterGroupName: 'mine' };
const TAGGED = { ResourceName: arnOf(context, 'replicationgroup', 'off') };
const NEW_GROUP = { ReplicationGroupId: 'new', ReplicationGroupDescription: 'new' };

/** Inputs that succeed. Each member is added to each of them; one input for which the handler reads it is enough. */
const SOUND: Record<string, Input[]> = {
  AddTagsToResource: [{ ...TAGGED, Tags: [] }],
  CreateCacheCluster: [{ CacheClusterId: 'new' }, { CacheClusterId: 'new', ...OFF }],
  CreateCacheParameterGroup: [
    { CacheParameterGroupName: 'new', CacheParameterGroupFamily: 'redis7', Description: 'new' },
  ],
  CreateCacheSubnetGroup: [
    { CacheSubnetGroupName: 'new', CacheSubnetGroupDescription: 'new', SubnetIds: ['subnet-a'] },
  ],
  CreateReplicationGroup: [
    NEW_GROUP,
    { ...NEW_GROUP, PrimaryClusterId: 'lone' },
    { ...NEW_GROUP, CacheParameterGroupName: 'default.redis7.cluster.on' },
  ],
  DecreaseReplicaCount: [ON],
  DeleteCacheCluster: [{ CacheClusterId: 'lone' }],
  DeleteCacheParameterGroup: [MINE],
  DeleteCacheSubnetGroup: [{ CacheSubnetGroupName: 'nets' }],
  DeleteReplicationGroup: [OFF],
  DescribeCacheParameters: [MINE],
  DescribeEngineDefaultParameters: [{ CacheParameterGroupFamily: 'redis7' }],
  IncreaseReplicaCount: [ON],
  ListTagsForResource: [TAGGED],
  ModifyCacheCluster: [{ CacheClusterId: 'lone' }],
  ModifyCacheParameterGroup: [{ ...MINE, ParameterNameValues: [] }],
  ModifyCacheSubnetGroup: [{ CacheSubnetGroupName: 'nets' }],
  ModifyReplicationGroup: [OFF],
  ModifyReplicationGroupShardConfiguration: [
    { ...ON, NodeGroupCount: 3 },
    { ...ON, NodeGroupCount: 1 },
  ],
  RebootCacheCluster: [{ CacheClusterId: 'lone', CacheNodeIdsToReboot: ['0001'] }],
  RemoveTagsFromResource: [{ ...TAGGED, TagKeys: [] }],
  ResetCacheParameterGroup: [MINE],
  TestFailover: [{ ...OFF, NodeGroupId: '0001' }],
};

/** Values that pass the first checks, for members where arbitrary text would be refused at once. */
const VALUES: Input = {
  CacheClusterId: 'off-001',
  CacheNodeType: 'cache.t4g.small',
  CacheParameterGroupFamily: 'redis7',
  CacheParameterGroupName: 'default.redis7',
  Engine: 'redis',
  EngineVersion: '7.1',
  ClusterMode: 'compatible',
  NewReplicaCount: 2,
  NodeGroupId: '0001',
  ReplicationGroupId: 'off',
  ReshardingConfiguration: [{ NodeGroupId: '0003', PreferredAvailabilityZones: ['us-east-1a'] }],
  SecurityGroupIds: ['sg-1'],
  NumCacheNodes: 1,
  Slots: '0-16383',
  Values: ['default'],
  Name: 'user-id',
};

/** Members that no handler reads, because they have no effect on AWS either. */
const UNREAD: Record<string, string> = {
  'ModifyReplicationGroup.NodeGroupId': 'deprecated',
  'ResetCacheParameterGroup.ParameterNameValues.ParameterValue':
    'names alone are needed, the values are the defaults',
};

function setUp(): ElastiCache {
  const { elasticache } = inMemory();
  const { groups, records } = elasticache;
  groups.create(context, someGroup('off', {}, 3));
  const shards = ['0001', '0002'].map((id, index) => ({
    ...someGroup(`on-${id}`).shards[0]!,
    id,
    slots: [[index * 8192, index * 8192 + 8191]] as [number, number][],
  }));
  groups.create(
    context,
    someGroup('on', {
      clusterEnabled: true,
      shards,
      highestShard: 2,
      parameterGroupName: 'default.redis7.cluster.on',
    }),
  );
  const [lone] = someGroup('lone', {}, 1).shards;
  lone!.primaryId = lone!.members[0]!.id = 'lone';
  groups.create(
    context,
    someGroup('lone', { kind: 'cache-cluster', automaticFailover: false, shards: [lone!] }),
  );
  records.parameterGroups.add(context, { name: 'mine', family: 'redis7', description: 'mine', values: {} });
  const subnets = [{ id: 'subnet-a', zone: 'us-east-1a', cidr: '172.31.0.0/20' }];
  records.subnetGroups.add(context, { name: 'nets', description: 'nets', vpcId: 'vpc-default', subnets });
  const endpoints = createEndpoints({
    ...{ domain: 'cache.amazonaws.com', ttlSeconds: 5, random: Math.random },
    serviceOf: () => 'none',
  });
  return {
    ...elasticache,
    endpoints,
    groups: { ...groups, untilSettled: async () => {} },
    options: { testFailoverQuota: 1 } as ElastiCache['options'],
    takeAddress: (cidr: string, used: ReadonlySet<string>) => `127.9.1.${used.size}${cidr.length}`,
  };
}

/** Records the paths that are read: `NodeGroupConfiguration.Slots`. */
function recording(value: unknown, reads: Set<string>, path = ''): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return new Proxy(value, {
    get(target, key, receiver) {
      const found: unknown = Reflect.get(target, key, receiver);
      if (typeof key === 'symbol' || Array.isArray(target)) {
        return /^\d+$/.test(String(key)) ? recording(found, reads, path) : found;
      }
      const inner = path ? `${path}.${key}` : key;
      reads.add(inner);
      return recording(found, reads, inner);
    },
  });
}

/** A value for a shape. A structure leaves out the members that are refused, except the one that is `tried`. */
function valueFor(path: string, shape: Shape, tried: string): unknown {
  const name = path.split('.').at(-1)!;
  if (Object.hasOwn(VALUES, name)) return VALUES[name];
  if (shape.kind === 'list') return [valueFor(path, shape.item, tried)];
  if (shape.kind === 'structure') {
    const members = shape.members
      .map((member) => ({ ...member, inner: `${path}.${member.name}` }))
      .filter(({ inner }) => inner === tried || !Object.hasOwn(REFUSED, inner));
    return Object.fromEntries(
      members.map((member) => [member.name, valueFor(member.inner, member.shape, tried)]),
    );
  }
  if (shape.kind === 'map') return {};
  switch (shape.type) {
    case 'boolean':
      return true;
    case 'timestamp':
      return new Date(context.requestId.length);
    case 'string':
      return 'x';
    default:
      return 1;
  }
}

/** The paths of a shape's members, as `recording` records them. */
function pathsOf(shape: Shape, path = ''): string[] {
  if (shape.kind === 'list') return pathsOf(shape.item, path);
  if (shape.kind !== 'structure') return [];
  return shape.members.flatMap(({ name, shape: inner }) => {
    const own = path ? `${path}.${name}` : name;
    return [own, ...(Object.hasOwn(REFUSED, own) ? [] : pathsOf(inner, own))];
  });
}

type Unbound = (elasticache: ElastiCache, input: unknown, context: RequestContext) => unknown;

async function call(operation: string, input: Input): Promise<{ reads: Set<string>; error: unknown }> {
  const reads = new Set<string>();
  const run = (operations as Record<string, Unbound>)[operation]!;
  try {
    await run(setUp(), recording(input, reads), context);
    return { reads, error: undefined };
  } catch (error) {
    return { reads, error };
  }
}

/** The paths of an operation's input that are neither read nor refused, and a count of each kind. */
async function lookAt(operation: string) {
  const { input } = loadSchema('elasticache').operation(operation)!;
  const counts = { read: 0, refused: 0, filters: 0, unread: 0 };
  const ignored: string[] = [];
  const read = new Set<string>();
  const refusals = new Map<string, unknown>();
  const paths = pathsOf(input);
  for (const sound of SOUND[operation] ?? [{}]) {
    for (const path of paths) {
      const { name, shape } = input.members.find((member) => member.name === path.split('.')[0])!;
      const { reads, error } = await call(operation, { ...sound, [name]: valueFor(name, shape, path) });
      for (const one of reads) read.add(one);
      refusals.set(path, error);
    }
  }
  for (const path of paths) {
    const error = refusals.get(path);
    if (Object.hasOwn(REFUSED, path) && error instanceof Fault && isByName(error, path)) counts.refused++;
    else if (read.has(path) && !Object.hasOwn(REFUSED, path)) counts.read++;
    else if (Object.hasOwn(emptyLists, operation)) counts.filters++;
    else if (Object.hasOwn(UNREAD, `${operation}.${path}`)) counts.unread++;
    else ignored.push(`${operation}.${path}`);
  }
  return { counts, ignored };
}

const isByName = ({ message }: Fault, path: string): boolean =>
  message.startsWith(`${path}: `) ||
  /^(User group based|Encryption feature|Use of cache security)/.test(message);

it('no member of an input is accepted and ignored', async (test) => {
  const total = { read: 0, refused: 0, filters: 0, unread: 0 };
  const ignored: string[] = [];
  for (const operation of Object.keys(operations)) {
    const found = await lookAt(operation);
    ignored.push(...found.ignored);
    for (const kind of Object.keys(total) as (keyof typeof total)[]) total[kind] += found.counts[kind];
  }
  test.diagnostic(
    `${total.read} read, ${total.refused} refused, ${total.filters} filters of empty lists, ${total.unread} without effect on AWS`,
  );
  assert.deepEqual(ignored, []);
  assert.equal(total.unread, Object.keys(UNREAD).length);
});
