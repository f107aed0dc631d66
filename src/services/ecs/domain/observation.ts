// What the controller sees of a task besides its record. Pure.

import type { Health } from './model.ts';

/** A piece of work of the controller: not begun, being done, done, or failed with a reason as AWS words it. */
export type Work = 'none' | 'working' | 'done' | { failed: string };

/** How a container ended, as the engine of containers tells it. */
export interface SeenEnd {
  /** Absent when nobody saw it end. */
  exitCode?: number;
  isOutOfMemory: boolean;
  /** Milliseconds since the epoch. */
  at: number;
  /** Why its program could not even be started. */
  failure?: string;
  /** Why it could not listen on a port, where tasks share the network of this machine. */
  notListening?: NotListening;
}

/** Another program has the port, or containers may not have it. */
export interface NotListening {
  because: 'in use' | 'not allowed';
  /** What the program printed. */
  line: string;
}

/** The program of a container. */
export type Run =
  | { is: 'absent' }
  /** It is being started. */
  | { is: 'starting' }
  /** It could not be started: the reason as AWS words it. */
  | { is: 'failed'; reason: string }
  | { is: 'running'; startedAt: number; imageDigest: string; stopSignal: string }
  | { is: 'ended'; end: SeenEnd; startedAt: number; imageDigest: string };

/** What is seen of a container. */
export interface SeenContainer {
  /** The image, ready to be started from. */
  image: Work;
  /** Its digest, once known. */
  imageDigest?: string;
  /** The stream of its output. */
  log: Work;
  run: Run;
  /** All its output is delivered. Only then is it removed. */
  isDrained: boolean;
  health: Health;
}

/** What is seen of a task. */
export interface Observation {
  network: Work;
  /** The address that it has now. */
  address?: string;
  /** The values of the secrets. */
  secrets: Work;
  /** What it leaves is being removed: interface, containers, volumes. */
  release: Work;
  containers: ReadonlyMap<string, SeenContainer>;
}
