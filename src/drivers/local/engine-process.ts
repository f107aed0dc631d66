// One engine process from its start (or its adoption) to its end: its identity, its connection, its liveness, and the
// end of its whole process group.

import type { ChildProcess } from 'node:child_process';
import type { Access, OpenChannel } from '../../engine/access.ts';
import type { LivenessProbe, ProbeEvents, Run } from '../../engine/driver.ts';
import { Heartbeat } from '../../engine/heartbeat.ts';
import type { Log } from '../../kernel/log.ts';
import { createChannel, socketOf } from './channel.ts';
import type { NodeRecord } from './node-directory.ts';
import { endGroup } from './process-group.ts';
import type { ProcessTable } from './process-table.ts';

/** A process to follow. `startTick` and `pid` together identify it. */
export interface EngineProcessOptions {
  pid: number;
  startTick: string;
  record: NodeRecord;
  directory: string;
  table: ProcessTable;
  log: Log;
  /** Present when the process is our own child, whose exit the system reports. */
  child?: ChildProcess;
}

/** Delays in ms after the heartbeat connection dropped, at which the process table is checked for the process. */
const LOOKS_AFTER_DROP_MS = [0, 1, 2, 4, 8, 16];
const ENDED = 'it ended';

/** As `Run.name`. */
export const runName = (pid: number): string => `pid ${pid}`;

/** A `Run` that is a process of this machine. */
export class EngineProcess implements Run {
  readonly pid: number;
  readonly name: string;
  readonly startTick: string;
  readonly facts: NodeRecord;
  readonly ended: Promise<string>;
  readonly socket: string | undefined;
  /** Makes a new connection to the engine. */
  readonly open: OpenChannel;
  readonly #options: EngineProcessOptions;
  readonly #settle = Promise.withResolvers<string>();
  readonly #childExit = Promise.withResolvers<void>();
  #heartbeat: Heartbeat | undefined;
  #closing = false;
  #clearing: Promise<void> | undefined;
  #dropTimer: NodeJS.Timeout | undefined;

  constructor(options: EngineProcessOptions) {
    this.#options = options;
    this.pid = options.pid;
    this.name = runName(options.pid);
    this.startTick = options.startTick;
    this.facts = options.record;
    this.ended = this.#settle.promise;
    this.socket = socketOf(options);
    this.open = createChannel(options);
    if (options.child) this.#followChild(options.child);
  }

  get ending(): boolean {
    return this.#clearing !== undefined;
  }

  watch(access: Access, events: ProbeEvents): LivenessProbe {
    this.#heartbeat = new Heartbeat(this.open, access, { ...events, onDrop: () => this.#verifyAfterDrop(0) });
    if (this.ending) this.#heartbeat.stop();
    return this.#heartbeat;
  }

  progress = (): string | undefined => this.#options.table.progress(this.pid);

  /** The system does not report the exit of a process that is not our child. */
  look(): void {
    if (this.ending || this.#closing || this.#options.child || this.#exists()) return;
    this.#noteGone(ENDED);
  }

  /** An engine that rejects its configuration may have exited before the listener was added. */
  #followChild(child: ChildProcess): void {
    const note = (code: number | null, signal: NodeJS.Signals | null) => {
      this.#childExit.resolve();
      this.#noteGone(describeExit(code, signal));
    };
    if (child.exitCode === null && child.signalCode === null) child.once('exit', note);
    else note(child.exitCode, child.signalCode);
  }

  /** SIGKILL to the whole group; resolves with `ended`. Rejects with TimedOut when the system does not end it. */
  async kill(reason: string): Promise<void> {
    await this.#gone(reason);
  }

  /** Stops watching; the process goes on. */
  close(): void {
    this.#closing = true;
    clearTimeout(this.#dropTimer);
    this.#heartbeat?.stop();
    this.#options.child?.removeAllListeners('exit');
  }

  /** The connection closes shortly before the process ends; CLIENT KILL from a client closes it, too. */
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

  #exists(): boolean {
    const look = this.#options.table.look(this.pid);
    return look !== undefined && look.state !== 'dead' && look.startTick === this.startTick;
  }

  /** For callers that cannot wait. Failures are logged, and the next check tries again. */
  #noteGone(reason: string): void {
    this.#gone(reason).catch(() => {});
  }

  /** Ends the whole group, whatever started its end; the first reason is kept. */
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
      log.error({ key: this.facts.key, pid: this.pid, err: error }, 'an engine process could not be ended');
      this.#clearing = undefined; // The next check or kill tries again.
      throw error;
    }
    clearTimeout(this.#dropTimer);
    this.#heartbeat?.stop();
    this.#settle.resolve(reason);
  }
}

function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  return signal ? `it was killed by ${signal}` : `it ended with status ${code}`;
}
