// The contract of what runs instances: machines that live on between boots. It knows no EC2: a root, users, a first
// program and what it prints.

import type { NetworkInterface } from '../../network/network.ts';
import type { ImageSource } from '../containers/containers.ts';
import type { Cover } from '../machine.ts';

/** Runs instances. Those that run go on when Millpond ends; `find` returns them to the next one. */
export interface Instances {
  /** A sentence that says why no instance can run here; `undefined` when they can. */
  whyNot(): Promise<string | undefined>;
  /** What an instance has here: users, `sudo`, a package manager, SSH. */
  abilities(): Promise<InstanceAbilities>;
  /** Boots an instance. Its files of earlier boots are there. Rejects with an OperationalError; then nothing of it runs. */
  start(spec: InstanceSpec): Promise<Instance>;
  /** The instances that an earlier Millpond started: those that run, and those that ended meanwhile. */
  find(): Promise<Instance[]>;
  /** An instance that runs, of those that `start` and `find` have returned. */
  running(id: string): Instance | undefined;
  /** The console output of an instance that runs or has run: its end, at most 64 KB. Empty when there is none. */
  console(id: string): Promise<Buffer>;
  /** Deletes the files of an instance that has ended for ever. */
  remove(id: string): Promise<void>;
  /** Deletes the files of all instances but these. */
  prune(keep: ReadonlySet<string>): Promise<void>;
}

/** What is there, as the table in the docs says. */
export interface InstanceAbilities {
  /** `root`: all users, and the host's own package manager. `range`: all users. `one`: root and ec2-user are one user. */
  users: 'root' | 'range' | 'one';
  /** The files of an instance lie over the host's; else they are a copy, or in memory: a sentence says which and why. */
  files: 'layered' | { note: string };
  hasPackages: boolean;
  /** Why there is no SSH; absent where there is. */
  noSsh?: string;
}

/** An instance to boot. */
export interface InstanceSpec {
  /** `i-0123456789abcdef0` */
  id: string;
  /** Its private DNS name. */
  hostName: string;
  /** Its root; absent: the files of this host. */
  image?: ImageSource | undefined;
  /** Absent: the network of this host. */
  interface?: Pick<NetworkInterface, 'inside'> | undefined;
  /** Files that it sees in place of its root's: names, certificates. */
  covers: readonly Cover[];
  /** What its programs find in their environment: endpoint, region; never credentials of the user. */
  environment: Readonly<Record<string, string>>;
  /** Decoded. Scripts (`#!`), `#cloud-config` (refused by name in the console's output) or MIME of both. */
  userData?: Buffer | undefined;
  /** Public keys of ec2-user, each a line of authorized_keys. */
  authorizedKeys: readonly string[];
  /** Where its sshd listens; absent: it has none. */
  ssh?: { address: string; port: number } | undefined;
  memoryBytes?: number | undefined;
  /** What the caller wants to find again with it; at most 64 KB as JSON. */
  labels: Readonly<Record<string, string>>;
}

/** An instance that was booted. */
export interface Instance {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Its first process as this host counts them; `undefined` once it has ended. */
  readonly pid: number | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Resolves when nothing of it runs any more, however that was; never rejects. */
  readonly ended: Promise<void>;
  /** Resolves when its boot is over: users made, sshd listening (or a sentence that says why not), user data run. */
  readonly booted: Promise<{ noSsh?: string }>;
  /** Ends its programs with SIGTERM, after the time limit with SIGKILL. Resolves with `ended`. */
  stop(graceMs: number): Promise<void>;
  /** The command line that runs a command in it, as a user with their home as the working directory, on the caller's terminal. */
  inside(user: string, command: readonly [string, ...string[]]): [string, ...string[]];
}
