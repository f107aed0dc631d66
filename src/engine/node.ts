// One node: its place, its running engine, and the fleet's verbs for it, one at a time. Its health is in
// node-health.ts, the list of all nodes in create-fleet.ts.

import { OperationalError } from '../kernel/errors.ts';
import type { Access, NodeAccess } from './access.ts';
import type { AdminConnection } from './admin.ts';
import { acceptClients, acceptsClients, readInfo, shutDown } from './commands.ts';
import type { FoundEngine, Place, Run, RunFacts } from './driver.ts';
import { reportsFullDisk, startFailure, summarise } from './engine-log.ts';
import type { EngineBinary, Moved, NodeSpec, NodeStatus, StopOptions, StoredData } from './fleet.ts';
import type { HealthWatch } from './health-watch.ts';
import { NodeHealth } from './node-health.ts';
import { createSerial } from './serial.ts';
import { type StartContext, startEngine } from './start-node.ts';
import { ADMIN_USER, adminPassword, commandNames } from './withheld.ts';

/** What all nodes of a fleet share. `onChange` is called after each change of a node's status. */
export interface NodeContext extends StartContext {
  watch: HealthWatch;
  onChange(key: string): void;
}

const KILLED = 'it was killed by Millpond';

/** The running engine with its health. */
interface Running {
  run: Run;
  health: NodeHealth;
  access: Access;
}

/** One node of the fleet; its methods are the verbs of `Fleet` for one key. */
export class Node {
  readonly key: string;
  readonly admin: AdminConnection;
  readonly #context: NodeContext;
  readonly #place: Place;
  readonly #serial = createSerial();
  #running: Running | undefined;
  #status: { state: 'absent' | 'starting' | 'exited'; binary?: EngineBinary; reason?: string } = {
    state: 'absent',
  };
  #waiters = new Set<() => void>();
  #starting = false;
  #served = false;
  #closed = false;

  constructor(context: NodeContext, key: string, place: Place) {
    this.#context = context;
    this.key = key;
    this.#place = place;
    this.admin = place.admin(() => (this.#closed ? undefined : this.#running?.access));
  }

  status(): NodeStatus {
    const served = this.#served && { served: true as const };
    if (!this.#running) return { ...this.#status, ...served };
    const { run, health } = this.#running;
    const { address, binary } = run.facts;
    return { state: health.state, run: run.name, address, binary, ...served };
  }

  access(): NodeAccess | undefined {
    const { run, access } = this.#running ?? {};
    return run?.socket === undefined ? undefined : { ...access!, socket: run.socket };
  }

  start(spec: NodeSpec): Promise<Moved | undefined> {
    return this.#serial(async () => {
      if (this.#running || this.#closed) return undefined;
      this.#starting = true;
      this.#status = { state: 'starting', binary: spec.binary };
      try {
        const moved = await startEngine(this.#context, this.#place, spec, (run) => this.#watch(run).health);
        if (!this.#running) throw startFailure(this.key, 'it ended', await this.#place.lastLines());
        return moved;
      } catch (error) {
        this.#status = { state: 'exited', binary: spec.binary, reason: (error as Error).message };
        throw error;
      } finally {
        this.#starting = false;
        if (!this.#running) this.#changed();
      }
    });
  }

  /** Takes over an engine that already runs. */
  async adopt(found: FoundEngine, facts: RunFacts): Promise<void> {
    this.#watch(await found.take(facts));
    this.#openToClients(facts.address).catch((error: unknown) => {
      const why = (error as Error).message;
      this.#context.log.debug(
        { key: this.key, why },
        'could not check whether an adopted node accepts clients',
      );
    });
  }

  /**
   * If Millpond died while it stopped the node, and the node then refused to shut down, the node accepts no clients.
   * Undo that.
   */
  async #openToClients(address: string): Promise<void> {
    await this.ready();
    if (!(await acceptsClients(this.admin))) await acceptClients(this.admin, address);
  }

  #watch(run: Run): Running {
    const { secret, watch, failureDetectionMs } = this.#context;
    const access = accessTo(run.facts, secret);
    const health = new NodeHealth({
      ...{ run, access, failureDetectionMs, watch },
      onState: () => {
        if (health.state === 'running') {
          this.#served = true;
          this.admin.connect();
        }
        this.#changed();
      },
    });
    const running = { run, health, access };
    this.#running = running;
    void run.ended.then((reason) => this.#ended(running, reason));
    // Connect before its data is loaded: clients that wait for that may use up all connections.
    void health.accepted.then(() => this.#running === running && this.admin.connect());
    this.#changed();
    return running;
  }

  #ended(ended: Running, reason: string): void {
    ended.health.close();
    if (this.#running !== ended) return;
    this.#running = undefined;
    this.admin.disconnect();
    if (this.#starting) return; // The start that is under way reports it.
    this.#status = { state: 'exited', binary: ended.run.facts.binary, reason };
    this.#changed();
    void this.#explain(reason);
  }

  /** The end of the log is read only after all listeners know of the end, so that a failover does not wait for it. */
  async #explain(reason: string): Promise<void> {
    const told = summarise((await this.#place.lastLines().catch(() => [])).slice(-1));
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

  /** Kills at once, even during a start or a stop, and again after that in case it started another engine. */
  async kill(): Promise<void> {
    await this.#running?.run.kill(KILLED);
    await this.#serial(() => this.#kill());
  }

  async #kill(): Promise<void> {
    const run = this.#running?.run;
    if (!run) return;
    await run.kill(KILLED);
    await run.ended;
  }

  stop(options: StopOptions): Promise<void> {
    return this.#serial(async () => {
      const run = this.#running?.run;
      if (!run) return;
      const deadline = AbortSignal.timeout(options.graceMs);
      const { promise: refused, reject } = Promise.withResolvers<never>();
      refused.catch(() => {});
      void this.#askToEnd(options, deadline).then((refuses) => {
        if (refuses) this.#refusal(run.facts.address).then(reject, reject);
      });
      await Promise.race([run.ended, aborted(deadline), refused]);
      if (options.save) await Promise.race([this.#saved(run, options.graceMs), refused]);
      await this.#kill();
    });
  }

  /**
   * Resolves once the engine has ended, or once its dump has not grown for `graceMs`: saving much data takes long.
   */
  async #saved(run: Run, graceMs: number): Promise<void> {
    let before = 0;
    while (this.#running?.run === run) {
      const written = await this.#place.savedBytes();
      if (written <= before) return;
      before = written;
      await Promise.race([run.ended, aborted(AbortSignal.timeout(graceMs))]);
    }
  }

  /** Never rejects. Resolves with true when the engine answers that it cannot shut down. */
  async #askToEnd(options: StopOptions, deadline: AbortSignal): Promise<boolean> {
    const { save, graceMs: timeoutMs, refuseClients = false } = options;
    try {
      // An engine that shuts down while it loads its data does not save it, and its log could not tell that nothing
      // was lost.
      if (save && this.status().state === 'starting') await this.ready(deadline);
      await shutDown(this.admin, { save, refuseClients, timeoutMs });
      return true;
    } catch (error) {
      // Normally the connection just closes. A node that does not answer is killed when the grace period ends.
      const why = (error as Error).message;
      this.#context.log.debug({ key: this.key, why }, 'asked the engine to shut down');
      return false;
    }
  }

  /**
   * The error for a refused shutdown. Nothing is lost: the engine keeps running and its earlier dump is unchanged.
   */
  async #refusal(address: string): Promise<OperationalError> {
    await acceptClients(this.admin, address).catch(() => undefined);
    const lines = await this.#place.lastLines();
    if (!reportsFullDisk(lines)) {
      const message = `Node ${this.key} cannot save its data and keeps running. Its log: ${summarise(lines)}`;
      return new OperationalError('EngineFailed', message);
    }
    const [free, held] = await Promise.all([this.#place.freeSpace(), dataBytes(this.admin)]);
    const needs = held === undefined ? '' : `; it holds ${megabytes(held)} of data`;
    const message =
      `Node ${this.key} cannot save its data and keeps running: ${free.where} ` +
      `has ${megabytes(free.bytes)} of space left${needs}.`;
    return new OperationalError('DiskFull', message);
  }

  remove(): Promise<void> {
    return this.#serial(async () => {
      await this.#kill();
      await this.#place.remove();
      this.#status = { state: 'absent' };
    });
  }

  async stored(): Promise<StoredData> {
    const stored = await this.#place.stored();
    return { ...stored, clean: stored.clean && this.#running === undefined };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#running?.health.close();
    this.#running?.run.close();
    this.admin.disconnect();
    for (const done of [...this.#waiters]) done();
  }
}

/** The credentials and command names of an engine with these facts. */
export const accessTo = (facts: RunFacts, secret: string): Access => ({
  username: ADMIN_USER,
  password: adminPassword(secret),
  names: commandNames(facts.renameCommands ?? '', secret),
});

const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });

/** The memory that the engine's data takes, in bytes; `undefined` when it does not answer. */
async function dataBytes(admin: AdminConnection): Promise<number | undefined> {
  const fields = await readInfo(admin, ['memory'], 1_000).catch(() => undefined);
  const bytes = Number(fields?.get('used_memory_dataset'));
  return Number.isFinite(bytes) ? bytes : undefined;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
