// What the controller saw of a group's nodes: the only input of the planner besides the record. Everything the plan
// needs to know of the world is in here, so that a plan can be written down as a table test.

import type { Group } from './model.ts';

/** As the fleet reports it; see engine/fleet.ts. */
export type NodeState = 'absent' | 'starting' | 'running' | 'busy' | 'hung' | 'exited';

export interface ObservedMember {
  state: NodeState;
  /** What the engine says of itself; absent when it does not answer. */
  view?: MemberView;
  /** Starting, it says itself that it loads its data; otherwise nothing is known of it yet. */
  loads?: boolean;
  /** For how long it has run without saying how it is; absent when it said so at once. */
  silentMs?: number;
  /** It has served since Millpond began to watch it; otherwise nobody knows when its last run ended, or how. */
  served?: true;
  /** What lies in its directory; only looked at while it does not serve. */
  stored?: StoredView;
}

/** See engine/fleet.ts and engine/dump-file.ts. */
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

export interface MemberView {
  role: 'primary' | 'replica';
  loading: boolean;
  primaryAddress?: string;
  link: 'up' | 'down';
  offset: number;
  replicationId: string;
  /** The history that its own one goes on from: of the dump that a primary was started with, or of the old primary. */
  previousReplicationId?: string;
  /** In all databases. */
  keys?: number;
  neverSynced: boolean;
  /** Cluster mode only. */
  cluster?: ClusterView;
}

export interface ClusterView {
  state: 'ok' | 'fail';
  /** Nodes this one knows of, itself included. */
  knownNodes: number;
  /** Slots that have an owner by this node's account. */
  assignedSlots: number;
  /** It has not heard the name of a node that announces one: clients would be told `?` for it. */
  lacksNames?: true;
  /** What it knows in detail; only looked up when the numbers above do not add up, or after a change of primary. */
  nodes?: KnownNode[];
}

export interface KnownNode {
  id: string;
  role: 'primary' | 'replica';
  primaryId?: string;
  slotCount: number;
  /** The handshake is not finished: the id is not the node's own yet. */
  handshake: boolean;
}

export interface Observation {
  /** Milliseconds since the epoch. */
  at: number;
  /** By member id; members of the record that the fleet knows nothing of are `absent`. */
  members: ReadonlyMap<string, ObservedMember>;
  /** What every member of the group should run. */
  wanted: WantedRun;
  /** Slots are being moved by a job of this process. */
  migrating: boolean;
  /**
   * Cluster mode: until then a primary that was found dead when Millpond started is left to the engine's own
   * election, which may be under way already. Two drivers of one failover delay each other.
   */
  electionUntil: number;
  /** How long clients may stay on a member that they are to leave; see Drain. Milliseconds. */
  demotedGraceMs: number;
}

export interface WantedRun {
  engineVersion: string;
  nodeType: string;
  /** Every directive that parameters give, by name. */
  directives: Record<string, string>;
  /** Names of those that a running engine takes over at once. */
  live: ReadonlySet<string>;
  /** In cluster mode: clients are told the nodes' names and not their addresses. */
  announceNames: boolean;
}

export const observed = (observation: Observation, memberId: string): ObservedMember =>
  observation.members.get(memberId) ?? { state: 'absent' };

/** No process that could answer a client or follow a primary any more. */
export const isDown = (member: ObservedMember): boolean =>
  member.state === 'absent' || member.state === 'exited' || member.state === 'hung';

/** A replica that clients may read from. */
export const isInSync = (member: ObservedMember): boolean =>
  member.state === 'running' &&
  member.view?.role === 'replica' &&
  member.view.link === 'up' &&
  !member.view.loading;

/** False while the engine's own view of its cluster is such that it answers CLUSTERDOWN. */
export const isClusterUp = ({ view }: ObservedMember): boolean => view?.cluster?.state !== 'fail';

export const isServingPrimary = (member: ObservedMember): boolean =>
  member.state === 'running' && member.view?.role === 'primary' && !member.view.loading;

/** What a member can be used for. */
export type MemberService = 'primary' | 'replica' | 'none';

/** What a member of the group can be used for, seen like this. */
export function serviceOf(group: Group, memberId: string, seen: ObservedMember): MemberService {
  // A node that has only just joined answers CLUSTERDOWN for its first two seconds.
  if (!isClusterUp(seen)) return 'none';
  const isPrimary = group.shards.some((shard) => shard.primaryId === memberId);
  if (isPrimary) return isServingPrimary(seen) ? 'primary' : 'none';
  return isInSync(seen) ? 'replica' : 'none';
}
