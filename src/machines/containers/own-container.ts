// A container that was started, by this Millpond or an earlier one: follows it to its end, sends signals, and deletes
// its files. The pipe `alive` is open as long as its shim runs, so its end is seen without looking.

import {
  closeSync,
  constants,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { Socket } from 'node:net';
import { constants as system } from 'node:os';
import { join } from 'node:path';
import { systemCode } from '../../kernel/errors.ts';
import { startTickOf } from '../../kernel/process-identity.ts';
import { residentBytes } from '../functions/memory.ts';
import { removeGroups } from './cgroups.ts';
import type { Container, ContainerEnd } from './containers.ts';
import { followOutput } from './output.ts';
import { type Places, removeTree } from './places.ts';
import { FILES } from './scripts.ts';

/** What is recorded about a container before it starts. */
export interface ContainerRecord {
  id: string;
  labels: Readonly<Record<string, string>>;
  imageDigest: string;
  volumes: readonly string[];
  /** Milliseconds since the epoch. */
  startedAt: number;
  /** How a command is run in it. */
  inside: InsideRecord;
  /** Watched by Millpond, because no control group does. */
  watchedBytes?: number | undefined;
}

/** How a command gets into a running container. */
export interface InsideRecord {
  environment: Readonly<Record<string, string>>;
  workingDirectory: string;
  user: { uid: number; gid: number; groups: readonly number[]; home: string };
  hasOneUser: boolean;
  cgroups: readonly string[];
}

/** A process of a container, as this host knows it. */
export interface ProcessIdentity {
  pid: number;
  startTick: string;
}

const MEMORY_LOOK_EVERY_MS = 250;
const GONE_WITHIN_MS = 5_000;

/** Runs a command in a container. See `Container.run`. */
export type RunInside = (
  process: ProcessIdentity,
  inside: InsideRecord,
  command: readonly string[],
  timeoutMs: number,
) => Promise<number>;

/** A container of Millpond's own. */
export class OwnContainer implements Container {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly imageDigest: string;
  readonly startedAt: number;
  readonly ended: Promise<ContainerEnd>;
  readonly record: ContainerRecord;
  readonly #directory: string;
  readonly #places: Places;
  readonly #first: ProcessIdentity | undefined;
  readonly #runInside: RunInside;
  #hasEnded = false;

  /** `untilShimEnds` resolves when nothing looks after the container any more. */
  constructor(record: ContainerRecord, places: Places, untilShimEnds: Promise<void>, runInside: RunInside) {
    this.record = record;
    this.id = record.id;
    this.labels = record.labels;
    this.imageDigest = record.imageDigest;
    this.startedAt = record.startedAt;
    this.#places = places;
    this.#directory = join(places.runs, record.id);
    this.#first = readIdentity(join(this.#directory, FILES.started));
    this.#runInside = runInside;
    const watch = record.watchedBytes !== undefined ? this.#watchMemory(record.watchedBytes) : undefined;
    this.ended = untilShimEnds.then(async () => {
      clearInterval(watch);
      // The shim may have been killed, and left the container behind.
      await this.#endProcesses();
      await removeGroups(record.inside.cgroups);
      this.#hasEnded = true;
      return readEnd(this.#directory);
    });
  }

  get pid(): number | undefined {
    return this.#hasEnded || !this.#isThere() ? undefined : this.#first?.pid;
  }

  signal(name: string): void {
    if (this.#hasEnded || !this.#isThere()) return;
    try {
      process.kill(this.#first!.pid, numberOfSignal(name));
    } catch {
      // It has ended meanwhile.
    }
  }

  run(command: readonly string[], timeoutMs: number): Promise<number> {
    if (this.#hasEnded || !this.#isThere()) return Promise.reject(new Error('the container has ended'));
    return this.#runInside(this.#first!, this.record.inside, command, timeoutMs);
  }

  output(): ReturnType<Container['output']> {
    return followOutput(this.#directory, this.ended);
  }

  async remove(): Promise<void> {
    // The record goes last: whatever is left is found by it.
    await removeTree(join(this.#places.roots, this.id));
    await removeTree(this.#directory);
  }

  #isThere(): boolean {
    return this.#first !== undefined && startTickOf(this.#first.pid) === this.#first.startTick;
  }

  async #endProcesses(): Promise<void> {
    const deadline = performance.now() + GONE_WITHIN_MS;
    while (this.#isThere() && performance.now() < deadline) {
      this.signal('SIGKILL');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  #watchMemory(bytes: number): NodeJS.Timeout {
    return setInterval(() => {
      if (!this.#isThere() || residentBytes(this.#first!.pid) <= bytes) return;
      writeFileSync(join(this.#directory, FILES.outOfMemory), '');
      this.signal('SIGKILL');
    }, MEMORY_LOOK_EVERY_MS).unref();
  }
}

/** Resolves when the shim of this directory has ended, at once when it has already. */
export function untilShimEnds(directory: string): Promise<void> {
  let pipe: number;
  try {
    pipe = openSync(join(directory, FILES.alive), constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return Promise.resolve();
  }
  // Who waits for a pipe that nobody has open for writing waits for ever. A shim that ends is seen for a moment longer
  // than it has the pipe open, so the pipe itself is asked.
  if (!isWritten(pipe)) {
    closeSync(pipe);
    return Promise.resolve();
  }
  const socket = new Socket({ fd: pipe, readable: true, writable: false });
  return new Promise((resolve) => {
    socket
      .on('error', () => {})
      .once('close', () => resolve())
      .resume()
      .unref();
  });
}

/** Whether a process has the pipe, which has no data, open for writing. */
function isWritten(pipe: number): boolean {
  try {
    readSync(pipe, Buffer.alloc(1), 0, 1, null);
    return false;
  } catch (error) {
    return systemCode(error) === 'EAGAIN';
  }
}

/** Reads `PID TICK`; `undefined` unless it is complete. */
export function readIdentity(file: string): ProcessIdentity | undefined {
  try {
    const found = /^(\d+) (\d+)\n/.exec(readFileSync(file, 'latin1'));
    return found ? { pid: Number(found[1]), startTick: found[2]! } : undefined;
  } catch {
    return undefined;
  }
}

function readEnd(directory: string): ContainerEnd {
  const file = join(directory, FILES.exit);
  try {
    const [code = '', cause] = readFileSync(file, 'latin1').trim().split(' ');
    const exitCode = /^\d+$/.test(code) ? Number(code) : undefined;
    return {
      ...(exitCode !== undefined && { exitCode }),
      isOutOfMemory: cause === 'oom' && exitCode !== 0,
      at: Math.round(statSync(file).mtimeMs),
    };
  } catch {
    return { isOutOfMemory: existsSync(join(directory, FILES.outOfMemory)), at: Date.now() };
  }
}

/** Linux: real-time signals begin here, as the C libraries count them. */
const FIRST_REAL_TIME = 34;

/** Names with and without `SIG`, and numbers, as images have them. SIGTERM for what is no signal. */
export function numberOfSignal(name: string): number {
  if (/^\d{1,2}$/.test(name)) return Number(name);
  const full = name.toUpperCase().startsWith('SIG') ? name.toUpperCase() : `SIG${name.toUpperCase()}`;
  const realTime = /^SIGRTMIN(?:\+(\d{1,2}))?$/.exec(full);
  if (realTime) return FIRST_REAL_TIME + Number(realTime[1] ?? 0);
  return (system.signals as Record<string, number | undefined>)[full] ?? system.signals.SIGTERM;
}
