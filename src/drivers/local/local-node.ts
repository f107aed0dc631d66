// One node on this machine: its directory, its process while there is one, and the verbs of the fleet for it,
// one at a time. Health is engine-process.ts's, the list of all nodes local-fleet.ts's.

import { type AdminConnection, createAdminConnection } from '../../engine/admin-connection.ts';
import { acceptClients, readInfo, shutDown } from '../../engine/commands.ts';
import type {
  EngineBinary,
  Moved,
  NodeSpec,
  NodeStatus,
  StopOptions,
  StoredData,
} from '../../engine/fleet.ts';
import type { HealthWatch } from '../../engine/health-watch.ts';
import { createSerial } from '../../engine/serial.ts';
import { ADMIN_USER, adminPassword, type CommandNames, commandNames } from '../../engine/withheld.ts';
import { OperationalError } from '../../kernel/errors.ts';
import { EngineProcess } from './engine-process.ts';
import { startFailure, summarise } from './local-process.ts';
import { NodeDirectory, type NodeRecord } from './node-directory.ts';
import { type FoundProcess, type StartContext, startEngine } from './node-start.ts';

export interface LocalNodeContext extends StartContext {
  /** Holds the directories of all nodes. */
  root: string;
  watch: HealthWatch;
  onChange(key: string): void;
}

const KILLED = 'it was killed by Millpond';

export class LocalNode {
  readonly key: string;
  readonly directory: NodeDirectory;
  readonly admin: AdminConnection;
  readonly #context: LocalNodeContext;
  readonly #serial = createSerial();
  #process: EngineProcess | undefined;
  #names: CommandNames = new Map();
  #status: { state: 'absent' | 'starting' | 'exited'; binary?: EngineBinary; reason?: string } = {
    state: 'absent',
  };
  #waiters = new Set<() => void>();
  #starting = false;
  #served = false;
  #closed = false;

  constructor(context: LocalNodeContext, key: string) {
    this.#context = context;
    this.key = key;
    this.directory = new NodeDirectory(context.root, key);
    this.admin = createAdminConnection(key, () => {
      const running = this.#process;
      if (!running || this.#closed) return undefined;
      const { address, port } = running.record;
      const password = adminPassword(context.secret);
      return { address, port, username: ADMIN_USER, password, names: this.#names };
    });
  }

  status(): NodeStatus {
    const running = this.#process;
    const served = this.#served && { served: true as const };
    if (!running) return { ...this.#status, ...served };
    const { address, binary } = running.record;
    return { state: running.state, pid: running.pid, address, binary, ...served };
  }

  start(spec: NodeSpec): Promise<Moved | undefined> {
    return this.#serial(async () => {
      if (this.#process || this.#closed) return undefined;
      this.#starting = true;
      this.#status = { state: 'starting', binary: spec.binary };
      try {
        const moved = await startEngine(this.#context, this.directory, spec, (record, process) =>
          this.#watch(record, process),
        );
        if (!this.#process) throw startFailure(this.key, 'it ended', await this.directory.lastLines());
        return moved;
      } catch (error) {
        this.#status = { state: 'exited', binary: spec.binary, reason: (error as Error).message };
        throw error;
      } finally {
        this.#starting = false;
        if (!this.#process) this.#changed();
      }
    });
  }

  /** Takes over a process that runs already. */
  async adopt(record: NodeRecord, process: { pid: number; startTick: string }): Promise<void> {
    const { pid, startTick } = process;
    this.#watch(record, process);
    if (record.process?.pid === pid && record.process.startTick === startTick) return;
    // Without the record it is found by its working directory again; on a full disk it has to be adopted all the same.
    await this.directory.writeRecord({ ...record, process: { pid, startTick } }).catch((error: unknown) => {
      this.#context.log.warn(
        { key: this.key, err: error },
        'the record of an adopted node cannot be written',
      );
    });
  }

  #watch(record: NodeRecord, process: FoundProcess): EngineProcess {
    const { secret, table, watch, failureDetectionMs, log } = this.#context;
    this.#names = commandNames(record.renameCommands ?? '', secret);
    const running = new EngineProcess({
      ...process,
      record,
      directory: this.directory.path,
      table,
      failureDetectionMs,
      log,
      onState: () => {
        if (running.state === 'running') {
          this.#served = true;
          this.admin.connect();
        }
        this.#changed();
      },
    });
    this.#process = running;
    watch.add(running);
    void running.ended.then((reason) => this.#ended(running, reason));
    this.#changed();
    return running;
  }

  #ended(ended: EngineProcess, reason: string): void {
    this.#context.watch.delete(ended);
    if (this.#process !== ended) return;
    this.#process = undefined;
    this.admin.disconnect();
    if (this.#starting) return; // The start that is under way tells.
    this.#status = { state: 'exited', binary: ended.record.binary, reason };
    this.#changed();
    void this.#explain(reason);
  }

  /** The log's last words are read after everyone knows of the end, so that a failover does not wait for them. */
  async #explain(reason: string): Promise<void> {
    const told = summarise((await this.directory.lastLines().catch(() => [])).slice(-1));
    if (told && this.#status.reason === reason) this.#status.reason = `${reason}; its log ends: ${told}`;
  }

  async ready(signal?: AbortSignal): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const { state, reason } = this.status();
      if (state === 'running') return;
      if (this.#closed || state === 'absent' || state === 'exited') {
        throw new OperationalError(
          'EngineFailed',
          reason ? `Node ${this.key} does not run: ${reason}` : `Node ${this.key} does not run.`,
        );
      }
      await this.#nextChange(signal);
    }
  }

  #nextChange(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#waiters.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      this.#waiters.add(done);
      signal?.addEventListener('abort', done);
    });
  }

  #changed(): void {
    for (const done of [...this.#waiters]) done();
    if (!this.#closed) this.#context.onChange(this.key);
  }

  /** At once, even while a start or a stop is under way; and again behind it, in case that has started another. */
  async kill(): Promise<void> {
    await this.#process?.kill(KILLED);
    await this.#serial(() => this.#kill());
  }

  async #kill(): Promise<void> {
    const running = this.#process;
    if (!running) return;
    await running.kill(KILLED);
    await running.ended;
  }

  stop(options: StopOptions): Promise<void> {
    return this.#serial(async () => {
      const running = this.#process;
      if (!running) return;
      const deadline = AbortSignal.timeout(options.graceMs);
      const { promise: refused, reject } = Promise.withResolvers<never>();
      refused.catch(() => {});
      void this.#askToEnd(options, deadline).then((refuses) => {
        if (refuses) this.#refusal(running.record.address).then(reject, reject);
      });
      await Promise.race([running.ended, aborted(deadline), refused]);
      if (options.save) await Promise.race([this.#saved(running, options.graceMs), refused]);
      await this.#kill();
    });
  }

  /** Resolves once the process has ended, or its dump has not grown for `graceMs`: much data takes its time. */
  async #saved(running: EngineProcess, graceMs: number): Promise<void> {
    let before = 0;
    while (running.alive) {
      const written = await this.directory.draftBytes();
      if (written <= before) return;
      before = written;
      await Promise.race([running.ended, aborted(AbortSignal.timeout(graceMs))]);
    }
  }

  /** Never rejects. Resolves with true when the engine says that it cannot end so. */
  async #askToEnd(options: StopOptions, deadline: AbortSignal): Promise<boolean> {
    const { save, graceMs: timeoutMs, refuseClients = false } = options;
    try {
      // An engine that still loads its data ends without saving it, and nobody could tell that nothing is lost.
      if (save && this.status().state === 'starting') await this.ready(deadline);
      await shutDown(this.admin, { save, refuseClients, timeoutMs });
      return true;
    } catch (error) {
      // Normally the connection simply closes; and a node that does not answer is killed when its time is up.
      const why = (error as Error).message;
      this.#context.log.debug({ key: this.key, why }, 'asked the engine to shut down');
      return false;
    }
  }

  /** Nothing is lost: the engine goes on, and an earlier dump stays as it was. */
  async #refusal(address: string): Promise<OperationalError> {
    await acceptClients(this.admin, address).catch(() => undefined);
    const lines = await this.directory.lastLines();
    if (!/no space left on device|disk quota exceeded/i.test(lines.slice(-10).join('\n'))) {
      const message = `Node ${this.key} cannot save its data and runs on. Its log: ${summarise(lines)}`;
      return new OperationalError('EngineFailed', message);
    }
    const [free, held] = await Promise.all([this.directory.freeBytes(), dataBytes(this.admin)]);
    const needs = held === undefined ? '' : `; it holds ${megabytes(held)} of data`;
    const message =
      `Node ${this.key} cannot save its data and runs on with them: the disk of ${this.directory.path} ` +
      `has ${megabytes(free)} of space left${needs}.`;
    return new OperationalError('DiskFull', message);
  }

  remove(): Promise<void> {
    return this.#serial(async () => {
      await this.#kill();
      await this.directory.remove();
      this.#status = { state: 'absent' };
    });
  }

  async stored(): Promise<StoredData> {
    const stored = await this.directory.stored();
    return { ...stored, clean: stored.clean && this.#process === undefined };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#process?.close();
    this.admin.disconnect();
    for (const done of [...this.#waiters]) done();
  }
}

const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });

/** What the engine's data take in its memory; `undefined` when it does not say. */
async function dataBytes(admin: AdminConnection): Promise<number | undefined> {
  const fields = await readInfo(admin, ['memory'], 1_000).catch(() => undefined);
  const bytes = Number(fields?.get('used_memory_dataset'));
  return Number.isFinite(bytes) ? bytes : undefined;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
