// Builds groups and observations for tests of the plans.

import type { Group, Member, Shard } from './model.ts';
import type { MemberView, Observation, ObservedMember, WantedRun } from './observation.ts';
import { evenSplit } from './slots.ts';

/** The time, and the grace period of drains, in every observation. */
export const NOW = 1_000;
export const GRACE_MS = 500;
/** How long a primary is isolated until it counts as failed, in every observation. */
export const DETECTION_MS = 200;

export const WANTED: WantedRun = {
  engineVersion: '7.1.0',
  nodeType: 'cache.t4g.micro',
  directives: { maxmemory: '1000', timeout: '0' },
  live: new Set(['timeout']),
  announceNames: false,
};

/** `a-001`… or `a-0001-001`…; everything `available`, the first of each shard its primary. */
export function groupOf(
  shape: { shards?: number; members?: number; clusterEnabled?: boolean } = {},
  changes: Partial<Group> = {},
): Group {
  const { shards = 1, members = 3, clusterEnabled = false } = shape;
  const slots = evenSplit(shards);
  return {
    kind: 'replication-group',
    id: 'a',
    description: '',
    createdAt: 0,
    status: 'available',
    engine: 'redis',
    engineVersion: WANTED.engineVersion,
    nodeType: WANTED.nodeType,
    port: 6379,
    clusterEnabled,
    automaticFailover: members > 1,
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
    shards: slots.map((ranges, index) =>
      shardOf(`000${index + 1}`, members, clusterEnabled, clusterEnabled ? ranges : []),
    ),
    highestShard: shards,
    ...changes,
  };
}

function shardOf(id: string, count: number, clusterEnabled: boolean, slots: Shard['slots']): Shard {
  const members = Array.from({ length: count }, (_, index): Member => {
    const suffix = `00${index + 1}`;
    return {
      id: clusterEnabled ? `a-${id}-${suffix}` : `a-${suffix}`,
      zone: 'us-east-1a',
      subnetId: 'subnet-a',
      subnetCidr: '172.31.0.0/20',
      address: `127.9.${Number(id)}.${index + 1}`,
      createdAt: 0,
      phase: 'available',
      runs: {
        engineVersion: WANTED.engineVersion,
        nodeType: WANTED.nodeType,
        directives: { ...WANTED.directives },
      },
      ...(clusterEnabled && { engineNodeId: `${id}${suffix}`.padEnd(40, '0') }),
    };
  });
  return { id, slots, primaryId: members[0]!.id, epoch: 1, members };
}

/** Applies `changes` to the group's only shard, and to its members by id. */
export function changed(
  group: Group,
  changes: { shard?: Partial<Shard>; members?: Record<string, Partial<Member>> },
): Group {
  const [shard] = group.shards as [Shard];
  Object.assign(shard, changes.shard);
  for (const member of shard.members) Object.assign(member, changes.members?.[member.id]);
  return group;
}

/** An observation in which everything matches the record, except the members in `differences`. */
export function seen(
  group: Group,
  differences: Record<string, ObservedMember> = {},
  changes: Partial<Omit<Observation, 'members'>> = {},
): Observation {
  const members = new Map<string, ObservedMember>();
  for (const shard of group.shards) {
    const primary = shard.members.find((member) => member.id === shard.primaryId)!;
    for (const member of shard.members) {
      const view = member === primary ? primaryView() : replicaView(primary.address);
      const nodes = group.shards.reduce((sum, { members: all }) => sum + all.length, 0);
      if (group.clusterEnabled) view.cluster = { state: 'ok', knownNodes: nodes, assignedSlots: 16_384 };
      members.set(member.id, differences[member.id] ?? { state: 'running', view });
    }
  }
  return {
    at: NOW,
    members,
    wanted: WANTED,
    migrating: false,
    electionUntil: 0,
    demotedGraceMs: GRACE_MS,
    failureDetectionMs: DETECTION_MS,
    ...changes,
  };
}

export const primaryView = (changes: Partial<MemberView> = {}): MemberView => ({
  role: 'primary',
  loading: false,
  link: 'up',
  offset: 100,
  replicationId: 'f'.repeat(40),
  neverSynced: false,
  ...changes,
});

export const replicaView = (of: string, changes: Partial<MemberView> = {}): MemberView => ({
  ...primaryView(),
  role: 'replica',
  primaryAddress: of,
  ...changes,
});

/** Shorthand for `differences`. */
export const primary = (changes: Partial<MemberView> = {}): ObservedMember => ({
  state: 'running',
  view: primaryView(changes),
});
export const replica = (of: string, changes: Partial<MemberView> = {}): ObservedMember => ({
  state: 'running',
  view: replicaView(of, changes),
});
export const exited: ObservedMember = { state: 'exited' };
export const hung: ObservedMember = { state: 'hung' };
export const busy: ObservedMember = { state: 'busy' };
export const absent: ObservedMember = { state: 'absent' };
export const starting: ObservedMember = { state: 'starting' };
