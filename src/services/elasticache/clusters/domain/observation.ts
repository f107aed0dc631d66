// What the controller observed of a group's nodes. Besides the record, this is the planner's only input, so that a
// test can state a plan as a table.

import type { Group } from './model.ts';

/** As the fleet reports it, or `absent` when the fleet does not know the node; see engine/fleet.ts. */
export type NodeState = 'absent' | 'starting' | 'running' | 'busy' | 'hung' | 'exited';

/** One member at one moment. */
export interface ObservedMember {
  state: NodeState;
  /** What the engine reports of itself; absent when it does not answer. */
  view?: MemberView;
  /** The engine is starting, and reports that it is loading its data. */
  loads?: boolean;
  /** How long it has to wait before it is started again, because its engine could not be started; absent if at once. */
  startWaitMs?: number;
  /** How long the process has run without answering; absent when it answers. */
  silentMs?: number;
  /** The node has served under this Millpond's watch. Otherwise it is unknown when and how its last run ended. */
  served?: true;
  /** The contents of its directory; read only while the node does not serve. */
  stored?: StoredView;
  /** Cuts of the network isolate it since then; see isolation.ts. Milliseconds since the epoch. */
  isolatedSince?: number;
  /** Cuts of the network keep the replica from its primary; see isolation.ts. */
  detached?: true;
}

/** The data on a node's disk; see engine/fleet.ts and engine/dump-file.ts. */
export interface StoredView {
  dump?: {
    bytes: number;
    checksum?: string;
    savedAt?: number;
    replicationId?: string;
    offset?: number;
    damage?: string;
  };
  clean: boolean;
}

/** The replication state that an engine reports. */
export interface MemberView {
  role: 'primary' | 'replica';
  loading: boolean;
  primaryAddress?: string;
  link: 'up' | 'down';
  offset: number;
  replicationId: string;
  /** The history that the present one continues: that of the dump a primary started with, or of the old primary. */
  previousReplicationId?: string;
  /** The number of keys in all databases. */
  keys?: number;
  neverSynced: boolean;
  /** Cluster mode only. */
  cluster?: ClusterView;
}

/** The cluster as one node sees it. */
export interface ClusterView {
  state: 'ok' | 'fail';
  /** The number of nodes that it knows, itself included. */
  knownNodes: number;
  /** The number of slots that have an owner. */
  assignedSlots: number;
  /** It does not know the host name of a node that announces one, and would tell clients `?` instead. */
  lacksNames?: true;
  /** The nodes in detail; read only when the numbers above are not as expected, or after a change of primary. */
  nodes?: KnownNode[];
}

/** A line of CLUSTER NODES. Ids are the engine's node ids. */
export interface KnownNode {
  id: string;
  role: 'primary' | 'replica';
  primaryId?: string;
  slotCount: number;
  /** The handshake is under way: the id is temporary. */
  handshake: boolean;
}

/** A group at one moment. */
export interface Observation {
  /** Milliseconds since the epoch. */
  at: number;
  /** By member id. */
  members: ReadonlyMap<string, ObservedMember>;
  /** What every member of the group should run. */
  wanted: WantedRun;
  /** A background job of this process is moving slots. */
  migrating: boolean;
  /**
   * Milliseconds since the epoch. Cluster mode: until then, a primary that was dead when Millpond started is left to
   * the engines' own election, which may be under way. Two concurrent failovers delay each other.
   */
  electionUntil: number;
  /** The grace period of a drain, in milliseconds; see Drain. */
  demotedGraceMs: number;
  /** How long a primary is isolated before it counts as failed, in milliseconds. */
  failureDetectionMs: number;
}

/** The configuration that the members of a group should have. */
export interface WantedRun {
  engineVersion: string;
  nodeType: string;
  /** All directives that follow from the parameters, by name. */
  directives: Record<string, string>;
  /** The names of the directives that CONFIG SET changes at once. */
  live: ReadonlySet<string>;
  /** Cluster mode: nodes announce their host names instead of their addresses. */
  announceNames: boolean;
}

/** The observation of one member; `absent` when there is none. */
export const observed = (observation: Observation, memberId: string): ObservedMember =>
  observation.members.get(memberId) ?? { state: 'absent' };

/** True when no process of the member can answer clients or follow a primary. */
export const isDown = (member: ObservedMember): boolean =>
  member.state === 'absent' || member.state === 'exited' || member.state === 'hung';

/** True when cuts of the network isolate the member. */
export const isIsolated = ({ isolatedSince }: ObservedMember): boolean => isolatedSince !== undefined;

/** True for a replica that clients can read from. Its engine notices a cut of its link only after a minute. */
export const isInSync = (member: ObservedMember): boolean =>
  member.state === 'running' &&
  !isIsolated(member) &&
  !member.detached &&
  member.view?.role === 'replica' &&
  member.view.link === 'up' &&
  !member.view.loading;

/** False while the engine answers CLUSTERDOWN. */
export const isClusterUp = ({ view }: ObservedMember): boolean => view?.cluster?.state !== 'fail';

/** True for a primary that has loaded its data. */
export const isServingPrimary = (member: ObservedMember): boolean =>
  member.state === 'running' && member.view?.role === 'primary' && !member.view.loading;

/** The role in which a member serves clients. */
export type MemberService = 'primary' | 'replica' | 'none';

/** The role in which a member of the group serves clients, by what was observed of it. */
export function serviceOf(group: Group, memberId: string, seen: ObservedMember): MemberService {
  // A node that has just joined answers CLUSTERDOWN for its first two seconds.
  if (!isClusterUp(seen) || isIsolated(seen)) return 'none';
  const isPrimary = group.shards.some((shard) => shard.primaryId === memberId);
  if (isPrimary) return isServingPrimary(seen) ? 'primary' : 'none';
  return isInSync(seen) ? 'replica' : 'none';
}
