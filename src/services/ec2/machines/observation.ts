// What the controller sees of an instance besides its record, and what it can do. Pure.

import type { Transition } from './transition.ts';

/** A piece of work of the controller: not begun, being done, done, or failed with a reason for people. */
export type Work = 'none' | 'working' | 'done' | { failed: string };

/** How a boot went. */
export interface Booted {
  noSsh?: string | undefined;
  hostKeys: readonly string[];
}

/** The programs of an instance. */
export type Run =
  | { is: 'absent' }
  /** It is being started. */
  | { is: 'starting' }
  | { is: 'failed'; reason: string }
  | { is: 'running'; booted?: Booted | undefined }
  /** `isLost`: this host ended them, not a shutdown in the instance. */
  | { is: 'ended'; isLost: boolean };

/** What is seen of an instance. */
export interface Observation {
  network: Work;
  /** Where it is reached, once its network is open. */
  place?: { address: string; sshPort: number };
  /** The interface goes by other security groups or addresses than the record has. */
  isInterfaceStale: boolean;
  /** The boot that `run` is about; 0 before the first. */
  boot: number;
  run: Run;
  /** What a stopped or terminated instance leaves is being removed. */
  release: Work;
}

/** What a plan asks for. Every choice is already made; each action can be repeated. */
export type Action =
  | { do: 'record'; transition: Transition }
  /** Gives the interface the groups and the address that the record has. */
  | { do: 'changeInterface' }
  /** Begins a piece of work in the background; nothing happens while it is being done. */
  | { do: 'begin'; work: 'network' | 'start' | 'stop' }
  /** `files`: those of the instance, too, for one that has ended for ever. */
  | { do: 'begin'; work: 'release'; files: boolean };
