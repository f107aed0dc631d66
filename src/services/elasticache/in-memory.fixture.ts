// ElastiCache without nodes, for tests of operations that only keep records: a store in memory, a clock that tests
// set, and an EC2 with two VPCs.

import { createEventLog } from '../../control/event-log.ts';
import type { EngineBinary } from '../../engine/fleet.ts';
import { type Log, silentLog } from '../../kernel/log.ts';
import { openStore } from '../../store/store.ts';
import { Fault } from '../../wire/fault.ts';
import type { RequestContext } from '../../wire/service.ts';
import type { Group, Member } from './clusters/domain/model.ts';
import { createGroups } from './clusters/groups.ts';
import { createQuarantinedAddresses } from './clusters/quarantined-addresses.ts';
import type { ElastiCache } from './context.ts';
import type { ElastiCacheEvent } from './events/domain/event.ts';
import { createFeedControl } from './feeds/feed-control.ts';
import { openFeedRecords } from './feeds/record.ts';
import { openRecords } from './records.ts';
import { forgetTags } from './tags/tags.ts';

export const NOW = Date.UTC(2026, 10, 21, 12);

export const context: RequestContext = {
  accountId: '000000000000',
  region: 'us-east-1',
  service: 'elasticache',
  operation: 'Test',
  requestId: '00000000-0000-4000-8000-000000000000',
};

const SUBNETS = [
  { SubnetId: 'subnet-a', VpcId: 'vpc-default', AvailabilityZone: 'us-east-1a', CidrBlock: '172.31.0.0/20' },
  { SubnetId: 'subnet-b', VpcId: 'vpc-default', AvailabilityZone: 'us-east-1b', CidrBlock: '172.31.16.0/20' },
  { SubnetId: 'subnet-other', VpcId: 'vpc-other', AvailabilityZone: 'us-east-1a', CidrBlock: '10.0.0.0/24' },
];

interface Ec2Input {
  SubnetIds?: string[];
  Filters?: { Values?: string[] }[];
}

function fakeEc2(): ElastiCache['ec2'] {
  const call = async (operation: string, input: Ec2Input) => {
    if (operation === 'DescribeVpcs') return { Vpcs: [{ VpcId: 'vpc-default', IsDefault: true }] };
    const unknown = input.SubnetIds?.find((id) => !SUBNETS.some((subnet) => subnet.SubnetId === id));
    if (unknown) throw new Fault('InvalidSubnetID.NotFound', `The subnet ID '${unknown}' does not exist`);
    const vpcId = input.Filters?.[0]?.Values?.[0];
    const isWanted = (subnet: (typeof SUBNETS)[number]) =>
      input.SubnetIds ? input.SubnetIds.includes(subnet.SubnetId) : subnet.VpcId === vpcId;
    return { Subnets: SUBNETS.filter(isWanted) };
  };
  return { call } as unknown as ElastiCache['ec2'];
}

export interface InMemory {
  elasticache: ElastiCache;
  /** Ids of the groups that were woken, in order. */
  woken: string[];
  clock: { time: number };
  /** Calls the operation with the test's own context. */
  run<I, O>(
    operation: (elasticache: ElastiCache, input: I, context: RequestContext) => O | Promise<O>,
    input: I,
  ): Promise<O>;
}

/** `binaries`: the engines of the host. */
export function inMemory({
  binaries = [],
  log = silentLog,
}: {
  binaries?: readonly EngineBinary[];
  log?: Log;
} = {}): InMemory {
  const store = openStore(':memory:');
  const records = openRecords(store);
  const clock = { time: NOW };
  const woken: string[] = [];
  const wake: ElastiCache['wake'] = (_scope, groupId) => store.afterCommit(() => void woken.push(groupId));
  const events = createEventLog<ElastiCacheEvent>(store, 'elasticache', 14 * 24 * 3_600_000);
  const now = () => clock.time;
  const endpoints = { publish() {}, withdraw() {} } as unknown as ElastiCache['endpoints'];
  const notifications = { append() {} };
  const quarantinedAddresses = createQuarantinedAddresses({ store, clock: { now }, isOwn: () => true });
  const parts = {
    store,
    records,
    events,
    notifications,
    clock: { now },
    endpoints,
    quarantinedAddresses,
    wake,
    log,
    binaries,
  };
  const feeds = createFeedControl({
    ...{
      store,
      records,
      clock: { now },
      feedRecords: openFeedRecords(store),
      feeds: { status: () => undefined },
    },
    running: { changed() {}, settled: async () => {}, failureOf: () => undefined },
  });
  const elasticache = {
    ...parts,
    feeds,
    ec2: fakeEc2(),
    observations: { lastSeen: () => undefined, serviceOf: () => 'none' },
    reachIn: () => undefined,
    cuts: () => [],
    groups: createGroups({
      ...parts,
      forgetTags: (scope, group, members) => forgetTags({ records }, scope, group, members),
    }),
  } as unknown as ElastiCache;
  return {
    elasticache,
    woken,
    clock,
    run: async (operation, input) => operation(elasticache, input, context),
  };
}

/** An `available` group of one shard; its members `<id>-001`… are in the first subnet. */
export function someGroup(id: string, changes: Partial<Group> = {}, memberCount = 2): Group {
  const members = Array.from(
    { length: memberCount },
    (_item, index): Member => ({
      id: `${id}-00${index + 1}`,
      zone: 'us-east-1a',
      subnetId: 'subnet-a',
      subnetCidr: '172.31.0.0/20',
      address: `127.9.0.${index + 10}`,
      createdAt: NOW,
      phase: 'available',
    }),
  );
  return {
    kind: 'replication-group',
    id,
    description: id,
    createdAt: NOW,
    status: 'available',
    engine: 'redis',
    engineVersion: '7.1.0',
    nodeType: 'cache.t4g.micro',
    port: 6379,
    clusterEnabled: false,
    automaticFailover: true,
    multiAz: false,
    parameterGroupName: 'default.redis7',
    subnetGroupName: 'default',
    securityGroupIds: [],
    settings: {
      autoMinorVersionUpgrade: true,
      preferredMaintenanceWindow: 'sun:05:00-sun:06:00',
      snapshotWindow: '03:00-04:00',
      snapshotRetentionLimit: 0,
      atRestEncryption: false,
      networkType: 'ipv4',
      ipDiscovery: 'ipv4',
      logDeliveryConfigurations: [],
    },
    shards: [{ id: '0001', slots: [], primaryId: members[0]!.id, epoch: 1, members }],
    highestShard: 1,
    ...changes,
  };
}
