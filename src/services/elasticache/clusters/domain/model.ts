// The record of a replication group: the desired state, and the progress towards it. Plain JSON in one document, so
// that a change and its events are one transaction.
//
// A standalone cache cluster is a group of one shard with one member. The code that starts, watches, repairs and
// deletes nodes knows only groups; only the views tell the two apart.

import type { SlotRange } from './slots.ts';

/** The engines that ElastiCache offers here. */
export type Engine = 'redis' | 'valkey';

/** As the API shows it. `create-failed`: the host could not start the nodes. */
export type GroupStatus = 'creating' | 'available' | 'modifying' | 'deleting' | 'create-failed';

/** A replication group or a standalone cache cluster. */
export interface Group {
  kind: 'replication-group' | 'cache-cluster';
  /** Lower case. */
  id: string;
  description: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  status: GroupStatus;
  engine: Engine;
  /** As AWS shows it: `7.1.0`. The binary that really runs may have another version; see servingBinary. */
  engineVersion: string;
  /** The group was rolled back from Valkey to Redis, which may be unable to load Valkey's dumps; see servingBinary. */
  rolledBack?: boolean;
  nodeType: string;
  port: number;
  clusterEnabled: boolean;
  /** The port of the cluster bus. Absent in groups that earlier versions of Millpond created. */
  busPort?: number;
  automaticFailover: boolean;
  multiAz: boolean;
  parameterGroupName: string;
  subnetGroupName: string;
  securityGroupIds: string[];
  notificationTopicArn?: string;
  notificationTopicStatus?: 'active' | 'inactive';
  settings: RecordedSettings;
  shards: Shard[];
  /** The highest shard number ever assigned. Shard ids are never reused. */
  highestShard: number;
  /** Modified without ApplyImmediately: applied in the maintenance window. */
  pending?: { engine?: Engine; engineVersion?: string; nodeType?: string; parameterGroupName?: string };
  /** Present when the replicas have names of their own. Cluster mode off only. */
  replicaNames?: ReplicaNames;
  /** The operation on the whole group that is under way. */
  change?: GroupChange;
}

/** The DNS names of replicas, which the group's tag `millpond:replica-names` asks for. */
export interface ReplicaNames {
  /** `read.example.test` stands for read1.example.test, read2.example.test… Lower case, without final dot. */
  pattern: string;
  /** The member that owns each name, by number from 1. A replica keeps its name until it is promoted or removed. */
  homes: string[];
  /** The member that each name points to while its owner is not in sync; `null` while the owner is. */
  guests: (string | null)[];
}

/** Settings that are stored and shown, and have no effect on this machine. */
export interface RecordedSettings {
  autoMinorVersionUpgrade: boolean;
  preferredMaintenanceWindow: string;
  snapshotWindow: string;
  snapshotRetentionLimit: number;
  snapshottingClusterId?: string;
  atRestEncryption: boolean;
  kmsKeyId?: string;
  networkType: string;
  ipDiscovery: string;
  logDeliveryConfigurations: unknown[];
  dataTiering?: boolean;
}

/**
 * A persisted operation. After a restart its current step begins again, so every step must be able to run twice.
 * - `create`, `modify`, `replicas`: done when every member matches the record.
 * - `reshard`: `add` shards, `migrate` slots, `remove` shards.
 */
export type GroupChange =
  | { kind: 'create'; since: number }
  | { kind: 'modify'; since: number; turnedOnFailover?: boolean; scaledNodeType?: string; upgraded?: boolean }
  | { kind: 'replicas'; since: number }
  | {
      kind: 'reshard';
      since: number;
      step: 'add' | 'migrate' | 'remove';
      moves: { from: string; to: string; slots: SlotRange[] }[];
      movedSlots: number;
      totalSlots: number;
    };

/** A node group: one primary and its replicas. */
export interface Shard {
  /** `0001`. */
  id: string;
  /** The slots that the record assigns to the shard; empty with cluster mode off. */
  slots: SlotRange[];
  /** The member that accepts writes. Roles are never inferred from a member's number. */
  primaryId: string;
  /** Increases with every change of primary, and never decreases. */
  epoch: number;
  members: Member[];
  /** The shard is removed once its slots have moved. */
  leaving?: boolean;
  handover?: Handover;
  /** Cluster mode: the primary took over from `from`, and clients may not be able to write to it yet. */
  promoted?: { from: string; since: number };
}

/** A change of a shard's primary that is under way. */
export type Handover =
  /** TestFailover was called: the primary is killed. */
  | { kind: 'test'; since: number; from: string }
  /** The primary failed and `to` is being promoted in its place. */
  | { kind: 'failure'; since: number; from: string; to: string }
  /** Both are alive: the old primary is demoted first, then `to` is promoted. */
  | { kind: 'planned'; since: number; from: string; to: string };

/**
 * - `creating`: has never been in service.
 * - `available`: in service.
 * - `recovering`: failed, and is being rebuilt under its own name.
 * - `rebooting`: RebootCacheCluster was called; the data is deleted.
 * - `updating`: restarted with another node type, engine version or start-up parameter.
 * - `deleting`: being removed.
 */
export type MemberPhase = 'creating' | 'available' | 'recovering' | 'rebooting' | 'updating' | 'deleting';

/** A node of a group; for the API, a cache cluster with one cache node. */
export interface Member {
  /** The cache cluster's id: `demo-001`, `demo-0001-001`. */
  id: string;
  zone: string;
  subnetId: string;
  subnetCidr: string;
  address: string;
  createdAt: number;
  phase: MemberPhase;
  /** In cluster mode, the engine's own node id: 40 hexadecimal digits. */
  engineNodeId?: string;
  /** The configuration that the process has now; absent before the first start. */
  runs?: MemberRun;
  /** Present when the phase requires a start or restart of the process. `data`: what happens to the data on disk. */
  start?: { data: 'keep' | 'discard' };
  /** The dump that the node saved when `millpond down` stopped it. Removed when the node starts again. */
  saved?: SavedDump;
  drain?: Drain;
}

/** A dump as it was when the node saved it; the next start compares it with the file. */
export interface SavedDump {
  bytes: number;
  checksum?: string;
  replicationId?: string;
  offset?: number;
}

/**
 * The member's clients should leave it, because it was demoted as planned or is about to restart. No name that several
 * members serve points to it, and after a grace period Millpond closes the remaining connections. `since`:
 * milliseconds since the epoch.
 */
export interface Drain {
  since: number;
}

/** The configuration of a running process. */
export interface MemberRun {
  engineVersion: string;
  nodeType: string;
  /** Directives in force. */
  directives: Record<string, string>;
  /** Cluster mode: the node announces its host name instead of its address. */
  announcesName?: boolean;
}

/** The member with this id and its shard; `undefined` when the group has none. */
export function memberOf(group: Group, memberId: string): { shard: Shard; member: Member } | undefined {
  for (const shard of group.shards) {
    const member = shard.members.find((candidate) => candidate.id === memberId);
    if (member) return { shard, member };
  }
  return undefined;
}

/** The members of all shards, in the order of the record. */
export const membersOf = (group: Group): Member[] => group.shards.flatMap((shard) => shard.members);

/** The addresses of all members. */
export const addressesOf = (group: Group): string[] => membersOf(group).map((member) => member.address);
