// The types of isolation. isolation.ts chooses an implementation; private-root.ts has the best one.

import type { Mount } from '../machine.ts';
import type { Language } from './language.ts';

/** Who mounts the private root: root, or the root of a user namespace. */
export type Mounter = 'root' | 'user namespace';

/** One aspect of isolation, and whether this machine provides it. */
export interface Guard {
  what: 'files' | 'processes' | 'privileges' | 'user';
  isKept: boolean;
  /** A sentence without its full stop. */
  detail: string;
}

/** The paths of an environment as the function sees them. */
export interface Place {
  task: string;
  /** The layers: /opt, or the directory of each layer, the last one first. */
  layers: string[];
  /** The directory of Millpond's bootstraps. */
  runtime: string;
  /** A file path next to which Node finds the SDK packages that Millpond provides. */
  sdkFrom: string;
  /** The directory of the interpreter's programs. */
  bin: string | undefined;
  temporary: string;
}

/** What an environment contains. */
export interface Contents {
  codeDirectory: string;
  layerDirectories: readonly string[];
  language: Pick<Language, 'directory' | 'visible'>;
  /** Files over those of IsolationOptions.mounts, for this environment only. They are written before it is started. */
  mounts?: readonly Mount[];
}

/** A way to run functions on this machine. */
export interface Isolation {
  /** Whether each function has a private root. */
  isPrivate: boolean;
  /** What functions are isolated from, and from what this machine cannot isolate them. */
  guards: readonly Guard[];
  /** Prepares an environment; `directory` is its own and empty. */
  prepare(directory: string, contents: Contents): Promise<Prepared>;
}

/** An environment that is ready to start. */
export interface Prepared {
  place: Place;
  /** The user id that runs only this environment; absent when Millpond's own user runs it. */
  user?: number | undefined;
  /** How to run the command in it, with only these variables. With `waits`, it starts after a line on `START`. */
  launch(command: readonly string[], variables: Readonly<Record<string, string>>, waits?: boolean): Launch;
}

/** A program to start. */
export interface Launch {
  line: [string, ...string[]];
  /** Whether the started program only waits for its child, the first process of a namespace. */
  hasOwnProcesses: boolean;
  environment: Record<string, string>;
}

/** What isolation works with. */
export interface IsolationOptions {
  /** A directory for the files of isolation itself. */
  directory: string;
  runtimeDirectory: string;
  /** A `node_modules` whose SDK packages Node functions may use. */
  packageDirectory: string;
  /** Files mounted over the host's: name resolution, certificates. */
  mounts: readonly Mount[];
  /** Directories that no function may see, wherever they are. */
  hidden: readonly string[];
  /** The command line that runs this command where functions run; the command itself by default. */
  inside?: ((command: readonly [string, ...string[]]) => [string, ...string[]]) | undefined;
}
