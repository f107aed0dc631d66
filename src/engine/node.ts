// One node: its place, its engine while one runs, and the verbs of the fleet for it, one at a time. Health is
// node-health.ts's, the list of all nodes create-fleet.ts's.

import { OperationalError } from '../kernel/errors.ts';
import type { Access } from './access.ts';
import type { AdminConnection } from './admin.ts';
import { acceptClients, readInfo, shutDown, takesClients } from './commands.ts';
import type { FoundEngine, Place, Run, RunFacts } from './driver.ts';
import { startFailure, summarise, tellsOfFullDisk } from './engine-log.ts';
import type { EngineBinary, Moved, NodeSpec, NodeStatus, StopOptions, StoredData } from './fleet.ts';
import type { HealthWatch } from './health-watch.ts';
import { NodeHealth } from './node-health.ts';
import { createSerial } from './serial.ts';
import { type StartContext, startEngine } from './start-node.ts';
import { ADMIN_USER, adminPassword, commandNames } from './withheld.ts';

export interface NodeContext extends StartContext {
  watch: HealthWatch;
  onChange(key: string): void;
}

const KILLED = 'it was killed by Millpond';

/** What runs now, with its health. */
interface Running {
  run: Run;
  health: NodeHealth;
  access: Access;
}

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

  /** Takes over an engine that runs already. */
  async adopt(found: FoundEngine, facts: RunFacts): Promise<void> {
    this.#watch(await found.take(facts));
    this.#openToClients(facts.address).catch((error: unknown) => {
      const why = (error as Error).message;
      this.#context.log.debug(
        { key: this.key, why },
        'an adopted node was not asked whether it takes clients',
      );
    });
  }

  /** A Millpond that died while it had a node end left it without clients, where the node then refused to end. */
  async #openToClients(address: string): Promise<void> {
    await this.ready();
    if (!(await takesClients(this.admin))) await acceptClients(this.admin, address);
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
    // Before its data are loaded, as clients that wait for that may take every other connection.
    void health.accepted.then(() => this.#running === running && this.admin.connect());
    this.#changed();
    return running;
  }

  #ended(ended: Running, reason: string): void {
    ended.health.close();
    if (this.#running !== ended) return;
    this.#running = undefined;
    this.admin.disconnect();
    if (this.#starting) return; // The start that is under way tells.
    this.#status = { state: 'exited', binary: ended.run.facts.binary, reason };
    this.#changed();
    void this.#explain(reason);
  }

  /** The log's last words are read after everyone knows of the end, so that a failover does not wait for them. */
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

  /** At once, even while a start or a stop is under way; and again behind it, in case that has started another. */
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

  /** Resolves once the engine has ended, or its dump has not grown for `graceMs`: much data takes its time. */
  async #saved(run: Run, graceMs: number): Promise<void> {
    let before = 0;
    while (this.#running?.run === run) {
      const written = await this.#place.savedBytes();
      if (written <= before) return;
      before = written;
      await Promise.race([run.ended, aborted(AbortSignal.timeout(graceMs))]);
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
    const lines = await this.#place.lastLines();
    if (!tellsOfFullDisk(lines)) {
      const message = `Node ${this.key} cannot save its data and runs on. Its log: ${summarise(lines)}`;
      return new OperationalError('EngineFailed', message);
    }
    const [free, held] = await Promise.all([this.#place.freeSpace(), dataBytes(this.admin)]);
    const needs = held === undefined ? '' : `; it holds ${megabytes(held)} of data`;
    const message =
      `Node ${this.key} cannot save its data and runs on with them: ${free.where} ` +
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

/** How Millpond speaks to an engine that was started with this. */
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

/** What the engine's data take in its memory; `undefined` when it does not say. */
async function dataBytes(admin: AdminConnection): Promise<number | undefined> {
  const fields = await readInfo(admin, ['memory'], 1_000).catch(() => undefined);
  const bytes = Number(fields?.get('used_memory_dataset'));
  return Number.isFinite(bytes) ? bytes : undefined;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
