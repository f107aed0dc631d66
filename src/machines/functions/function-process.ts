// The process of one environment with all its children: its output, its memory and its end. environment.ts gives it
// work.

import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { describeExit } from './failures.ts';
import type { LogLine } from './function.ts';
import { OUTER_PATH } from './isolation.ts';
import type { Launch } from './isolation-types.ts';
import { childrenOf, residentBytes } from './memory.ts';
import { gatherOutput, type Output } from './output.ts';
import { START } from './variables.ts';

/** Limits and events of a process. */
export interface ProcessOptions {
  /** The process is ended when it uses more. */
  memoryBytes: number;
  now(): number;
  /** Resolves when the command may start; for a Launch that waits. */
  ready?: Promise<void> | undefined;
  /** The process could not be started. */
  onError(message: string): void;
  /** `how` comes from describeExit. */
  onExit(how: string | undefined): void;
}

const MEMORY_LOOK_EVERY_MS = 1_000;

/** util-linux 2.38 prints this when its child is killed by SIGKILL. */
const isOfUnshare = (line: string): boolean =>
  line === 'unshare: sigprocmask unblock failed: Invalid argument';

/** A started process. Starting it reports failures by `onError`. */
export class FunctionProcess {
  readonly #child: ChildProcess;
  readonly #hasOwnProcesses: boolean;
  readonly #output: Output;
  readonly #options: ProcessOptions;
  readonly #gone: Promise<unknown>;
  #isKilled = false;
  #isOutOfMemory = false;
  #mostBytes = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor({ line, environment, hasOwnProcesses }: Launch, options: ProcessOptions) {
    const [file, ...args] = line;
    const child = spawn(file, args, {
      env: { PATH: OUTER_PATH, ...environment },
      stdio: ['ignore', 'pipe', 'pipe', options.ready ? 'pipe' : 'ignore'],
      // Its own process group, so that all of it can be killed at once.
      detached: true,
    });
    this.#child = child;
    this.#options = options;
    this.#hasOwnProcesses = hasOwnProcesses;
    const start = child.stdio[START] as Writable | null;
    start?.on('error', () => {});
    void options.ready?.then(
      () => start?.end('\n'),
      () => start?.destroy(),
    );
    this.#output = gatherOutput([child.stdout!, child.stderr!], options.now, isOfUnshare);
    this.#gone = new Promise<void>((resolve) => {
      child.once('error', (error) => {
        options.onError(error.message);
        if (child.pid === undefined) resolve();
      });
      child.once('exit', (code, signal) => {
        // Some versions of unshare do not report that the child was killed.
        options.onExit(this.#isKilled ? describeExit(null, 'SIGKILL') : describeExit(code, signal));
        resolve();
      });
    });
  }

  takeOutput(): LogLine[] {
    return this.#output.take();
  }

  /** The peak of the measured memory. */
  get mostBytes(): number {
    return this.#mostBytes;
  }

  get isOutOfMemory(): boolean {
    return this.#isOutOfMemory;
  }

  /** Ends the process when it exceeds its memory limit; cheap enough to call often. */
  enforceMemory(): void {
    if (this.#look() <= this.#options.memoryBytes) return;
    this.#isOutOfMemory = true;
    this.#kill();
  }

  /** Measures the memory at most once a second. */
  lookAtMemory(): void {
    if (performance.now() - this.#lookedAt >= MEMORY_LOOK_EVERY_MS) this.#look();
  }

  #look(): number {
    const held = this.#child.pid === undefined ? 0 : residentBytes(this.#child.pid);
    this.#mostBytes = Math.max(this.#mostBytes, held);
    this.#lookedAt = performance.now();
    return held;
  }

  #kill(): void {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined) return;
    if (exitCode === null && signalCode === null) this.#isKilled = true;
    // The kernel reports the first process of a namespace as ended only once all others are gone. So the process that
    // waits for it, and that we wait for, must live until then.
    const first = this.#hasOwnProcesses ? childrenOf(pid)[0] : undefined;
    try {
      process.kill(first ?? -pid, 'SIGKILL');
    } catch {
      // The whole group has ended.
    }
  }

  /** Ends the process with all its children. Resolves when they are gone; never rejects. */
  async end(): Promise<void> {
    this.#kill();
    await this.#gone;
  }

  /** Stops reading output. */
  close(): void {
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }
}
