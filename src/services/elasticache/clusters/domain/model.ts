// What Millpond keeps of a replication group: the desired state, and how far it has come. Plain JSON, stored as one
// document, so that a change and its events are one transaction.
//
// A standalone cache cluster is a group of one shard with one member: everything that starts, watches, repairs and
// deletes nodes works on groups alone. Only the views tell them apart.

import type { ReplicaNames } from '../../names/domain/replica-names.ts';
import type { SlotRange } from './slots.ts';

export type Engine = 'redis' | 'valkey';

/** `create-failed` is where a group ends up whose nodes the host cannot start. */
export type GroupStatus = 'creating' | 'available' | 'modifying' | 'deleting' | 'create-failed';

export interface Group {
  kind: 'replication-group' | 'cache-cluster';
  /** Lower case. */
  id: string;
  description: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  status: GroupStatus;
  engine: Engine;
  /** As AWS lists it and as the user sees it: `7.1.0`. What really runs is the fleet's business. */
  engineVersion: string;
  /** It has run Valkey and went back to Redis, which may not load what Valkey wrote: see servingBinary. */
  rolledBack?: boolean;
  nodeType: string;
  port: number;
  clusterEnabled: boolean;
  /** Of the cluster bus; groups made by earlier versions have none of their own. */
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
  /** The highest shard number ever given; ids are never used again. */
  highestShard: number;
  /** Asked for without ApplyImmediately: waits for the maintenance window. */
  pending?: { engine?: Engine; engineVersion?: string; nodeType?: string; parameterGroupName?: string };
  /** Present when its replicas are to have names of their own; cluster mode off only. */
  replicaNames?: ReplicaNames;
  /** The change of the whole group that is under way. */
  change?: GroupChange;
}

/** Settings that are kept and shown, and change nothing on this machine. */
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
 * A persisted operation. After a restart its step is entered again, so every step may run twice.
 * - `create`, `modify`, `replicas`: done when every member is as the record wants it.
 * - `reshard`: `add` shards, `migrate` slots, `remove` shards.
 * - `promote`: a planned change of primary that the user asked for.
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

export interface Shard {
  /** `0001`. */
  id: string;
  /** Whose slots these are by the record; empty in cluster mode off. */
  slots: SlotRange[];
  /** The member that accepts writes. Roles are never inferred from a member's number. */
  primaryId: string;
  /** Grows with every change of primary, and never goes back. */
  epoch: number;
  members: Member[];
  /** Going away once its slots have moved. */
  leaving?: boolean;
  handover?: Handover;
  /** Cluster mode: the primary took over from `from`, and clients are not yet known to be able to write to it. */
  promoted?: { from: string; since: number };
}

/** A change of a shard's primary that is under way. */
export type Handover =
  /** TestFailover was called: the primary is to be killed for real. */
  | { kind: 'test'; since: number; from: string }
  /** The primary failed and `to` is being promoted in its place. */
  | { kind: 'failure'; since: number; from: string; to: string }
  /** Both live: the old one is demoted first, then `to` is promoted. */
  | { kind: 'planned'; since: number; from: string; to: string };

/**
 * - `creating`: never yet been in service.
 * - `available`: as it should be.
 * - `recovering`: failed, and being rebuilt under its own name.
 * - `rebooting`: the user asked for it; data is cleared.
 * - `updating`: restarted with another node type, engine version or start-up parameter.
 * - `deleting`: being removed.
 */
export type MemberPhase = 'creating' | 'available' | 'recovering' | 'rebooting' | 'updating' | 'deleting';

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
  /** What the process was started with or told since; absent before the first start. */
  runs?: MemberRun;
  /** Set when the process has to be started (again) for the phase; what then becomes of the data on disk. */
  start?: { data: 'keep' | 'discard' };
  /** The dump that it saved at an orderly end of Millpond; gone from the record once it is started again. */
  saved?: SavedDump;
  drain?: Drain;
}

export interface SavedDump {
  bytes: number;
  checksum?: string;
  replicationId?: string;
  offset?: number;
}

/**
 * The member's clients are to leave it, since it was demoted by plan or is about to be restarted: no name that several
 * members serve leads to it, and after a grace the connections that are left are closed. `since` in milliseconds since
 * the epoch.
 */
export interface Drain {
  since: number;
}

export interface MemberRun {
  engineVersion: string;
  nodeType: string;
  /** Directives in force. */
  directives: Record<string, string>;
  /** In cluster mode: clients are told its name and not its address. */
  announcesName?: boolean;
}

export function memberOf(group: Group, memberId: string): { shard: Shard; member: Member } | undefined {
  for (const shard of group.shards) {
    const member = shard.members.find((candidate) => candidate.id === memberId);
    if (member) return { shard, member };
  }
  return undefined;
}

export const membersOf = (group: Group): Member[] => group.shards.flatMap((shard) => shard.members);

export const addressesOf = (group: Group): string[] => membersOf(group).map((member) => member.address);
