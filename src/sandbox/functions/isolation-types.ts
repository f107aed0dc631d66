// What isolation takes and gives. isolation.ts chooses one, private-root.ts builds the best.

import type { Mount } from '../names/view.ts';
import type { Language } from './language.ts';

/** Who mounts: root, or a user who is root of a user namespace. */
export type Mounter = 'root' | 'user namespace';

export interface Guard {
  what: 'files' | 'processes' | 'privileges' | 'user';
  isKept: boolean;
  /** A sentence without its full stop. */
  detail: string;
}

/** Paths as the function sees them. */
export interface Place {
  task: string;
  /** The layers: /opt, or each layer's own directory, the last one first. */
  layers: string[];
  /** Our bootstraps. */
  runtime: string;
  /** A file beside which Node finds the packages that it is lent. */
  lender: string;
  /** The interpreter's programs. */
  bin: string | undefined;
  temporary: string;
}

export interface Contents {
  codeDirectory: string;
  layerDirectories: readonly string[];
  language: Pick<Language, 'directory' | 'visible'>;
}

export interface Isolation {
  /** True: a root of its own. */
  isPrivate: boolean;
  /** What functions are kept from, and what this machine does not allow to keep them from. */
  guards: readonly Guard[];
  /** `directory` is the environment's own and empty. */
  prepare(directory: string, contents: Contents): Promise<Prepared>;
}

export interface Prepared {
  place: Place;
  /** The user that runs the function and nothing else; absent where Millpond's own user runs it. */
  user?: number | undefined;
  /** What runs the command there, with these variables and no others. */
  launch(command: readonly string[], variables: Readonly<Record<string, string>>): Launch;
}

export interface Launch {
  line: [string, ...string[]];
  /** Whether the program that is started only waits for its child, the first process of a namespace. */
  hasOwnProcesses: boolean;
  environment: Record<string, string>;
}

export interface IsolationOptions {
  /** For what isolation itself needs. */
  directory: string;
  runtimeDirectory: string;
  /** A `node_modules` of which Node functions may use what Lambda's own runtime brings. */
  packageDirectory: string;
  /** Laid over the host's files: name resolution, certificates. */
  mounts: readonly Mount[];
  /** Not to be seen by any function, wherever they lie. */
  hidden: readonly string[];
}
