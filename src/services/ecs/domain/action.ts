// What a plan asks for. Every choice is already made; each action can be repeated.

import type { Transition } from './transition.ts';

export type Action =
  /** Changes the record. */
  | { do: 'record'; transition: Transition }
  /** Begins a piece of work in the background; nothing happens while it is being done. */
  | { do: 'begin'; work: 'network' }
  | { do: 'begin'; work: 'secrets' }
  | { do: 'begin'; work: 'release' }
  | { do: 'begin'; work: 'image' | 'log' | 'start'; container: string }
  | { do: 'signal'; container: string; signal: string };
