// The process of one environment with all that it starts: what it prints, how much memory it holds, how it ends. What it
// is asked to do is environment.ts's.

import { type ChildProcess, spawn } from 'node:child_process';
import { describeExit } from './failures.ts';
import type { LogLine } from './function.ts';
import { OUTER_PATH } from './isolation.ts';
import type { Launch } from './isolation-types.ts';
import { childrenOf, residentBytes } from './memory.ts';
import { gatherOutput, type Output } from './output.ts';

export interface ProcessOptions {
  /** More than that, and it is ended. */
  memoryBytes: number;
  now(): number;
  /** It could not be started. */
  onError(message: string): void;
  /** As describeExit tells it. */
  onExit(how: string | undefined): void;
}

const MEMORY_LOOK_EVERY_MS = 1_000;

/** util-linux 2.38 says so when its child is killed by SIGKILL, which a process cannot handle. */
const isOfUnshare = (line: string): boolean =>
  line === 'unshare: sigprocmask unblock failed: Invalid argument';

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
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that all of it can be ended at once.
      detached: true,
    });
    this.#child = child;
    this.#options = options;
    this.#hasOwnProcesses = hasOwnProcesses;
    this.#output = gatherOutput([child.stdout, child.stderr], options.now, isOfUnshare);
    this.#gone = new Promise<void>((resolve) => {
      child.once('error', (error) => {
        options.onError(error.message);
        if (child.pid === undefined) resolve();
      });
      child.once('exit', (code, signal) => {
        // Some versions of unshare cannot tell that its child was killed.
        options.onExit(this.#isKilled ? describeExit(null, 'SIGKILL') : describeExit(code, signal));
        resolve();
      });
    });
  }

  takeOutput(): LogLine[] {
    return this.#output.take();
  }

  /** The most that was seen. */
  get mostBytes(): number {
    return this.#mostBytes;
  }

  get isOutOfMemory(): boolean {
    return this.#isOutOfMemory;
  }

  /** Ends it when it holds more than it may; cheap enough to be called often. */
  enforceMemory(): void {
    if (this.#look() <= this.#options.memoryBytes) return;
    this.#isOutOfMemory = true;
    this.#kill();
  }

  /** Now and then. */
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
    // The kernel reports the first process of a namespace as ended once all others are gone; whoever waits for it, and
    // for whom we wait, has to live until then.
    const first = this.#hasOwnProcesses ? childrenOf(pid)[0] : undefined;
    try {
      process.kill(first ?? -pid, 'SIGKILL');
    } catch {
      // All of the group have ended.
    }
  }

  /** With all that it started. Resolves when it is gone; never rejects. */
  async end(): Promise<void> {
    this.#kill();
    await this.#gone;
  }

  /** What is printed from now on is not read. */
  close(): void {
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }
}
