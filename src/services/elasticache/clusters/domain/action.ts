// What a plan consists of. Every choice is made in it already; the controller only carries it out. Each action may
// be carried out twice.

import type { Transition } from './transition.ts';

export type Action =
  /** SIGKILL, and wait until nothing of the node can act any more. */
  | { do: 'kill'; memberId: string }
  /** Shut down in order, with the data written to disk; no client may be connected or connect while it is written. */
  | { do: 'stop'; memberId: string; refuseClients: boolean }
  /** Close the connections of all clients. */
  | { do: 'drop-clients'; memberId: string }
  /** `lost` is told as an event and in the log, `because` in the log alone; both follow the member's name. */
  | { do: 'start'; memberId: string; data: StartData; lost?: string; because?: string }
  /** Kill, and delete the node's files. */
  | { do: 'remove'; memberId: string }
  | { do: 'follow'; memberId: string; primaryId: string }
  /** Make a replica the primary, whose old primary is dead. */
  | { do: 'promote'; shardId: string; memberId: string }
  /** Change places while both live, and record it; loses nothing. */
  | { do: 'switch'; shardId: string; from: string; to: string }
  /** CONFIG SET. */
  | { do: 'configure'; memberId: string; directives: Record<string, string> }
  /** Cluster mode: tell clients the node's name, or its address. */
  | { do: 'announce'; memberId: string; name: boolean }
  /** Cluster mode: let every node know the others, and forget those that are gone. */
  | { do: 'introduce'; memberId: string; to: string[] }
  | { do: 'forget'; memberId: string; engineNodeIds: string[] }
  /** Runs beside the plan until it is done; a failure interrupts it. */
  | { do: 'migrate' }
  | { do: 'record'; transition: Transition };

/**
 * - `keep`: what lies in the node's directory.
 * - `discard`: begin empty.
 * - `new`: begin empty, for the first time.
 * - `set-aside`: begin empty, and keep what lies there under another name.
 * - `{replicaId}`: a copy of what that replica holds, in its memory if it runs, else on its disk.
 */
export type StartData = 'keep' | 'discard' | 'set-aside' | 'new' | { replicaId: string };

export const record = (transition: Transition): Action => ({ do: 'record', transition });

/** What a part of a group needs now. */
export interface Planned {
  /** In this order. */
  actions: Action[];
  /** Why nothing is done although the record is not true yet: one clause, for people. */
  waitsFor?: string;
}

export const acts = (...actions: Action[]): Planned => ({ actions });
export const waits = (waitsFor: string): Planned => ({ actions: [], waitsFor });
