// One engine process from its start (or its adoption) to its end: who it is, whether it lives, and that its whole
// group is gone once it ended. Which process belongs to a node, and when to start another, is local-node.ts.

import type { ChildProcess } from 'node:child_process';
import { judge, type LiveState, type Vitals } from '../../engine/health.ts';
import { Pulse } from '../../engine/pulse.ts';
import type { Log } from '../../kernel/log.ts';
import type { NodeRecord } from './node-directory.ts';
import { endGroup } from './process-group.ts';
import type { ProcessTable } from './process-table.ts';

export interface EngineProcessOptions {
  pid: number;
  startTick: string;
  record: NodeRecord;
  directory: string;
  table: ProcessTable;
  failureDetectionMs: number;
  log: Log;
  /** The process is our own child, whose exit the system tells us. */
  child?: ChildProcess;
  onState: () => void;
}

/** After the connection dropped, the process table is asked this often whether the process is on its way out. */
const LOOKS_AFTER_DROP_MS = [0, 1, 2, 4, 8, 16];
const LONGEST_PING_PAUSE_MS = 200;
const FRESH_MS = 250;
const OVERDUE_MS = 400;
const ENDED = 'it ended';

export class EngineProcess {
  readonly pid: number;
  readonly startTick: string;
  readonly record: NodeRecord;
  /** Resolves with the reason once the process has ended and nothing of its group is left. */
  readonly ended: Promise<string>;
  /** Resolves when the engine first accepts a connection. */
  readonly accepted: Promise<void>;
  state: LiveState = 'starting';
  /** False from the instant at which the process is known to have ended. */
  alive = true;
  readonly #options: EngineProcessOptions;
  readonly #vitals: Vitals = { startedAt: performance.now() };
  readonly #pulse: Pulse;
  readonly #pingPauseMs: number;
  readonly #settle = Promise.withResolvers<string>();
  readonly #accept = Promise.withResolvers<void>();
  readonly #childExit = Promise.withResolvers<void>();
  #lastProgress: string | undefined;
  #closing = false;
  #clearing: Promise<void> | undefined;
  #dropTimer: NodeJS.Timeout | undefined;

  constructor(options: EngineProcessOptions) {
    this.#options = options;
    this.#pingPauseMs = Math.min(LONGEST_PING_PAUSE_MS, options.failureDetectionMs / 10);
    this.pid = options.pid;
    this.startTick = options.startTick;
    this.record = options.record;
    this.ended = this.#settle.promise;
    this.accepted = this.#accept.promise;
    this.#pulse = new Pulse(options.record.address, options.record.port, {
      onConnect: () => this.#accept.resolve(),
      onAnswer: (answer) => this.#answered(answer),
      onDrop: () => this.#verifyAfterDrop(0),
    });
    if (options.child) this.#followChild(options.child);
  }

  /** An engine that rejects its configuration may have exited before anybody could listen. */
  #followChild(child: ChildProcess): void {
    const note = (code: number | null, signal: NodeJS.Signals | null) => {
      this.#childExit.resolve();
      this.#noteGone(describeExit(code, signal));
    };
    if (child.exitCode === null && child.signalCode === null) child.once('exit', note);
    else note(child.exitCode, child.signalCode);
  }

  /** Called ten times a second. `stalled`: our own loop has just been away for a while. */
  look(now: number, stalled: boolean): void {
    if (this.#clearing || this.#closing) return;
    // The exit of a process that is not our child is told by nobody; one that has just answered lives.
    if (!this.#options.child && this.#quietMs(now) > FRESH_MS && !this.#exists()) {
      this.#noteGone(ENDED);
      return;
    }
    if (stalled && this.state !== 'hung') this.#vitals.stalledAt = now;
    if (now - this.#pulse.sentAt >= this.#pingPauseMs) this.#pulse.ping();
    this.#noteProgress(now);
    this.#enter(judge(this.#vitals, now, this.#options.failureDetectionMs));
  }

  /** SIGKILL to the whole group; resolves with `ended`. Rejects with TimedOut when the system does not end it. */
  async kill(reason: string): Promise<void> {
    await this.#gone(reason);
  }

  /** Stops watching; the process goes on. */
  close(): void {
    this.#closing = true;
    clearTimeout(this.#dropTimer);
    this.#pulse.stop();
    this.#options.child?.removeAllListeners('exit');
  }

  #answered(answer: 'ready' | 'loading'): void {
    const now = performance.now();
    this.#vitals.answeredAt = now;
    this.#vitals.answer = answer;
    this.#enter(judge(this.#vitals, now, this.#options.failureDetectionMs));
  }

  /** Costs a look at the process table, so only once an answer is overdue. */
  #noteProgress(now: number): void {
    if (this.#quietMs(now) < OVERDUE_MS) {
      this.#lastProgress = undefined;
      return;
    }
    const token = this.#options.table.progress(this.pid);
    const before = this.#lastProgress;
    if (before !== undefined && token !== undefined && token !== before) this.#vitals.progressedAt = now;
    this.#lastProgress = token;
  }

  #enter(state: LiveState): void {
    if (state === this.state || this.#clearing) return;
    this.state = state;
    this.#options.onState();
  }

  /** The connection closes a little before the process does; and a client's CLIENT KILL closes it just so. */
  #verifyAfterDrop(attempt: number): void {
    if (this.#clearing || this.#closing || this.#options.child) return;
    clearTimeout(this.#dropTimer);
    if (!this.#exists()) {
      this.#noteGone(ENDED);
      return;
    }
    const next = LOOKS_AFTER_DROP_MS[attempt + 1];
    if (next !== undefined) this.#dropTimer = setTimeout(() => this.#verifyAfterDrop(attempt + 1), next);
  }

  #quietMs = (now: number): number => now - (this.#vitals.answeredAt ?? this.#vitals.startedAt);

  #exists(): boolean {
    const look = this.#options.table.look(this.pid);
    return look !== undefined && look.state !== 'dead' && look.startTick === this.startTick;
  }

  /** For those who cannot wait: what goes wrong is in the log, and the next look tries again. */
  #noteGone(reason: string): void {
    this.#gone(reason).catch(() => {});
  }

  /** Makes sure of the end, whoever brought it about; the first reason stands. */
  #gone(reason: string): Promise<void> {
    if (this.#closing) return Promise.resolve();
    this.#clearing ??= this.#clear(reason);
    return this.#clearing;
  }

  async #clear(reason: string): Promise<void> {
    const { table, directory, log } = this.#options;
    try {
      await endGroup(table, this.pid, directory, this.#childExit.promise);
    } catch (error) {
      log.error({ key: this.record.key, pid: this.pid, err: error }, 'an engine process could not be ended');
      this.#clearing = undefined; // The next look, or the next kill, tries again.
      throw error;
    }
    this.alive = false;
    clearTimeout(this.#dropTimer);
    this.#pulse.stop();
    this.#settle.resolve(reason);
  }
}

function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  return signal ? `it was killed by ${signal}` : `it ended with status ${code}`;
}
