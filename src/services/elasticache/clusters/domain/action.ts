// The actions of a plan. The plan has already made every choice; the controller only carries the actions out. Every
// action can safely run twice.

import type { Transition } from './transition.ts';

/** One step of a plan. All ids are member or shard ids of the group, except `engineNodeIds`. */
export type Action =
  /** SIGKILL, and wait until no process of the node runs any more. */
  | { do: 'kill'; memberId: string }
  /** Shut down in order and save the data. `refuseClients`: drop all clients first, and accept none meanwhile. */
  | { do: 'stop'; memberId: string; refuseClients: boolean }
  /** Close the connections of all clients. */
  | { do: 'drop-clients'; memberId: string }
  /** `lost` becomes an event and a log line, `because` only a log line; both texts follow the member's name. */
  | { do: 'start'; memberId: string; data: StartData; lost?: string; because?: string }
  /** Kill, and delete the node's files. */
  | { do: 'remove'; memberId: string }
  | { do: 'follow'; memberId: string; primaryId: string }
  /** Make a replica the primary; the old primary is dead. */
  | { do: 'promote'; shardId: string; memberId: string }
  /** Swap the roles of a live primary and a live replica, and record it. Loses no data. */
  | { do: 'switch'; shardId: string; from: string; to: string }
  /** CONFIG SET. */
  | { do: 'configure'; memberId: string; directives: Record<string, string> }
  /** Cluster mode: announce the node's host name (`name`) or its address to clients. */
  | { do: 'announce'; memberId: string; name: boolean }
  /** Cluster mode: CLUSTER MEET the members `to`, and CLUSTER FORGET removed nodes. */
  | { do: 'introduce'; memberId: string; to: string[] }
  | { do: 'forget'; memberId: string; engineNodeIds: string[] }
  /** Move slots in a background job, which a failure interrupts. */
  | { do: 'migrate' }
  | { do: 'record'; transition: Transition };

/**
 * The data that a node starts with:
 * - `keep`: the files in its directory.
 * - `discard`: none; the files are deleted.
 * - `new`: none; the node starts for the first time.
 * - `set-aside`: none; the files are kept under another name.
 * - `{replicaId, from}`: a copy of that replica's data. `memory`: it runs, and its dump on disk may be old, so the action
 *   fails when it does not run any more. `disk`: it did not run, and its dump is the best copy.
 */
export type StartData =
  | 'keep'
  | 'discard'
  | 'set-aside'
  | 'new'
  | { replicaId: string; from: 'memory' | 'disk' };

/** The action that records a transition. */
export const record = (transition: Transition): Action => ({ do: 'record', transition });

/** The plan of one part of a group. */
export interface Planned {
  /** Run in this order. */
  actions: Action[];
  /** Why the part waits although the record is not fulfilled yet: one clause of text. */
  waitsFor?: string;
}

/** A part that acts and waits for nothing. */
export const acts = (...actions: Action[]): Planned => ({ actions });
/** A part that only waits. */
export const waits = (waitsFor: string): Planned => ({ actions: [], waitsFor });
