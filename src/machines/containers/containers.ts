// The contract of an engine that runs containers from images. There is one of Millpond's own; one that speaks the API of
// Docker could be another. It knows no ECS: images, containers, what they print and how they end.

import type { NetworkInterface } from '../../network/network.ts';
import type { Cover } from '../machine.ts';

/** Runs containers. Those that run go on when Millpond ends; `find` returns them to the next one. */
export interface Containers {
  /** A sentence that says why no container can run here; `undefined` when they can. */
  whyNot(): Promise<string | undefined>;
  /**
   * Makes the image ready to be started from, unless it is. Two calls for one digest share the work. Rejects with an
   * OperationalError that says why the image cannot be had or is not one.
   */
  prepare(image: ImageSource): Promise<Image>;
  /** Starts a container. Rejects with an OperationalError; then nothing of it is left. */
  start(spec: ContainerSpec): Promise<Container>;
  /** The containers that an earlier Millpond started: those that run, and those that ended meanwhile. */
  find(): Promise<Container[]>;
  /** Deletes these volumes with their files. No container that uses them may be left. */
  removeVolumes(names: readonly string[]): Promise<void>;
  /** Deletes what no container and none of these images (digests) needs. */
  prune(keep: ReadonlySet<string>): Promise<void>;
}

/** Where an image comes from. */
export interface ImageSource {
  /** As people write it: `123456789012.dkr.ecr.us-east-1.amazonaws.com/load:latest`, `amazonlinux:2`. */
  reference: string;
  /** Present for an image of Millpond's own registry; absent for one of the container engine of this machine. */
  registry?: {
    /** The digest of the manifest of this machine's platform, and its text. */
    digest: string;
    manifest: Buffer;
    /** The file of a blob. Rejects when there is none. */
    blob(digest: string): Promise<string>;
  };
}

/** An image that containers can be started from. */
export interface Image {
  /** `sha256:…`, of its manifest. */
  digest: string;
  defaults: ImageDefaults;
}

/** What an image says about its containers. */
export interface ImageDefaults {
  entryPoint: readonly string[];
  command: readonly string[];
  environment: Readonly<Record<string, string>>;
  user: string;
  workingDirectory: string;
  /** `SIGTERM` where the image names none. */
  stopSignal: string;
}

/** A container to start. */
export interface ContainerSpec {
  /** Unique among all containers: a safe file name. */
  id: string;
  image: Image;
  /** Program and arguments, in place of the image's entry point and command. */
  command: readonly string[];
  environment: Readonly<Record<string, string>>;
  /** `user`, `user:group`, as names of the image or numbers; empty for root. */
  user: string;
  workingDirectory: string;
  hostName: string;
  /** Absent: the network of this host. */
  interface?: Pick<NetworkInterface, 'inside'> | undefined;
  /** Files that it sees in place of the image's: names, certificates. */
  covers: readonly Cover[];
  volumes: readonly Volume[];
  hasReadOnlyRoot: boolean;
  /** More ends it with SIGKILL. */
  memoryBytes?: number | undefined;
  cpuShares?: number | undefined;
  limits: readonly { name: string; soft: number; hard: number }[];
  /** What the caller wants to find again with it; at most 64 KB as JSON. */
  labels: Readonly<Record<string, string>>;
}

/** A directory that several containers share. */
export interface Volume {
  /** Of this task alone: a safe file name. Made by the first container that has it, deleted by `removeVolumes`. */
  name: string;
  containerPath: string;
  isReadOnly: boolean;
}

/** A container that was started. */
export interface Container {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly imageDigest: string;
  /** The process outside of it; `undefined` once it has ended. */
  readonly pid: number | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Resolves when it has ended, however that was; never rejects. */
  readonly ended: Promise<ContainerEnd>;
  /** Sends a signal to its first process; nothing happens when it has ended. */
  signal(name: 'SIGKILL' | (string & {})): void;
  /** Runs a command in it, for a health check. Resolves with its exit code; rejects when it takes longer. */
  run(command: readonly string[], timeoutMs: number): Promise<number>;
  /**
   * Its output, line by line, from what no earlier reader has acknowledged. `taken` is called when the lines need not be
   * kept any more. Ends after the last line of a container that has ended.
   */
  output(): AsyncIterable<{ lines: readonly OutputLine[]; taken(): void }>;
  /** Deletes its files. Only for one that has ended. */
  remove(): Promise<void>;
}

/** A line that a container printed, without its end. */
export interface OutputLine {
  /** Milliseconds since the epoch, as exactly as it is known. */
  at: number;
  text: string;
}

/** How a container ended. */
export interface ContainerEnd {
  /** AWS: 128 and the number of the signal that ended it. Absent when nobody saw it end. */
  exitCode?: number;
  isOutOfMemory: boolean;
  /** Milliseconds since the epoch. */
  at: number;
  /** Why its program could not even be started: a sentence. */
  failure?: string;
}
