// The pool of environments: one for each concurrent invocation, kept warm afterwards, ended when idle for long. The
// public interface of this folder.

import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Mount } from '../machine.ts';
import { directoryOf, Environment } from './environment.ts';
import type { FunctionSpec, Invocation, Outcome } from './function.ts';
import { chooseIsolation } from './isolation.ts';
import type { Guard, Isolation } from './isolation-types.ts';
import { createLanguages, type Languages } from './languages.ts';
import { checkPython, type PythonCheck } from './python-check.ts';
import { RUNTIME_PACKAGES } from './python-home.ts';
import { listenOnLoopback, type RuntimeListener, shareServer } from './runtime-listener.ts';
import { Starts } from './starts.ts';

/** What the pool works with. */
export interface FunctionsOptions {
  /** Millpond's own directory for functions. Everything in it but `python` may be deleted between runs. */
  directory: string;
  clock: Clock;
  log: Log;
  /** Files to mount over the host's inside of functions: name resolution, certificates. */
  mounts?: readonly Mount[];
  /** Directories that no function may see. */
  hidden?: readonly string[];
  /** Where functions have network interfaces of their own; absent where they share this host's network. */
  network?: FunctionNetwork | undefined;
  /** Packages that pip installs for Python functions; empty for the host's own packages. */
  pythonPackages?: readonly string[];
  /** Where set-up may have created virtual environments for Python functions. */
  preparedPython?: string;
  /** Called once with the isolation of functions on this machine. */
  onGuards?: (guards: readonly Guard[]) => void;
  /** The limit of the initialisation, on top of the function's timeout; AWS's 10 s by default. */
  initLimitMs?: number;
  /** How long an idle environment stays warm; 5 minutes by default. */
  idleAfterMs?: number;
  /** The most processes at the same time, over all functions; 100 by default. Further invocations wait for one. */
  mostEnvironments?: number;
  /** The most invocations at the same time, those that wait included; 1,000 by default. */
  mostInvocations?: number;
}

/** The network of functions that have interfaces (`FunctionSpec.openInterface`). */
export interface FunctionNetwork {
  /** The listening socket of the Runtime API. */
  runtime: Server;
  /** The command line that runs this command in the network, without an interface. */
  inside(command: readonly [string, ...string[]]): [string, ...string[]];
}

/** Runs functions. */
export interface Functions {
  /**
   * Runs an invocation; resolves also when the function fails. `undefined` when too many run and wait. Rejects
   * with the error of `spec.openInterface`.
   */
  invoke(spec: FunctionSpec, invocation: Invocation): Promise<Outcome | undefined>;
  /** Whether functions see the mounted files; on some machines they see the host's own. */
  seeMounts(): Promise<boolean>;
  /** Prepares a runtime. Resolves to a sentence when this machine runs it on another version. */
  prepare(runtime: string): Promise<string | undefined>;
  /**
   * Ends the environments of a key that is not invoked any more, busy ones after their invocation. Resolves when all
   * are gone.
   */
  retire(key: string): Promise<void>;
  /** Ends all environments at once. */
  stop(): Promise<void>;
}

const DEFAULT_IDLE_MS = 5 * 60_000;
const MOST_ENVIRONMENTS = 100;
/** AWS: the quota of concurrent executions of an account. */
const MOST_INVOCATIONS = 1_000;
const MEMORY_LOOK_EVERY_MS = 100;
/** The `node_modules` with Millpond's own dependencies. */
const PACKAGES = createRequire(import.meta.url)
  .resolve('@aws-sdk/client-elasticache/package.json')
  .split(/(?<=node_modules)[\\/]@aws-sdk[\\/]/)[0]!;
const BOOTSTRAPS = fileURLToPath(new URL('bootstrap/', import.meta.url)).replace(/\/$/, '');

interface Warm {
  environment: Environment;
  key: string;
  timer: NodeJS.Timeout;
}

/** Probes the machine's isolation first. */
export async function createFunctions(options: FunctionsOptions): Promise<Functions> {
  const { directory } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await rm(join(directory, 'environments'), { recursive: true, force: true });
  const isolation = await isolationIn(directory, options);
  options.onGuards?.(isolation.guards);
  const lacking = isolation.guards.filter(({ isKept }) => !isKept).map(({ detail }) => detail);
  if (lacking.length > 0) {
    options.log.warn({ lacking }, 'this machine does not allow complete isolation of functions');
  }
  const languages = createLanguages({
    directory,
    preparedPython: options.preparedPython,
    packages: options.pythonPackages ?? RUNTIME_PACKAGES,
    log: options.log,
  });
  return new Pool(options, isolation, languages);
}

const isolationIn = (directory: string, options: Pick<FunctionsOptions, 'mounts' | 'hidden' | 'network'>) =>
  chooseIsolation({
    directory,
    runtimeDirectory: BOOTSTRAPS,
    packageDirectory: PACKAGES,
    mounts: options.mounts ?? [],
    hidden: options.hidden ?? [],
    inside: options.network?.inside,
  });

/**
 * The isolation of functions on this machine, and the Pythons that they could use, tried out in `scratch`, a
 * directory of the caller's. `directory` and `preparedPython` are those of FunctionsOptions.
 */
export async function probeFunctions(
  scratch: string,
  { directory, preparedPython }: Pick<FunctionsOptions, 'directory' | 'preparedPython'>,
): Promise<{ guards: readonly Guard[]; pythons: readonly PythonCheck[] }> {
  const isolation = await isolationIn(scratch, {});
  const pythons = await checkPython(isolation, scratch, {
    ...{ directory, prepared: preparedPython, packages: RUNTIME_PACKAGES },
    path: process.env.PATH ?? '',
  });
  return { guards: isolation.guards, pythons };
}

class Pool implements Functions {
  readonly #options: FunctionsOptions;
  readonly #isolation: Isolation;
  readonly #languages: Languages;
  readonly #runtime: RuntimeListener;
  /** Warm environments in the order of their last use, the latest at the end. */
  readonly #warm: Warm[] = [];
  /** All environments with their keys. */
  readonly #all = new Map<Environment, string>();
  readonly #busy = new Set<Environment>();
  readonly #retired = new WeakSet<Environment>();
  readonly #starts = new Starts<Environment>(() => !this.#isFull || this.#warm.length > 0);
  #memoryWatch: NodeJS.Timeout | undefined;
  #invocations = 0;
  #isStopping = false;

  constructor(options: FunctionsOptions, isolation: Isolation, languages: Languages) {
    this.#options = options;
    this.#isolation = isolation;
    this.#languages = languages;
    this.#runtime = options.network ? shareServer(options.network.runtime) : listenOnLoopback;
  }

  async seeMounts(): Promise<boolean> {
    return this.#isolation.isPrivate;
  }

  async prepare(runtime: string): Promise<string | undefined> {
    const language = await this.#languages.of(runtime);
    return this.#languages.noteOn(runtime, language);
  }

  async invoke(spec: FunctionSpec, invocation: Invocation): Promise<Outcome | undefined> {
    if (this.#invocations >= (this.#options.mostInvocations ?? MOST_INVOCATIONS)) return undefined;
    this.#invocations++;
    try {
      for (;;) {
        const environment =
          this.#takeWarm(spec.key) ?? (await this.#starts.take(spec.key, () => this.#begin(spec)));
        if (!environment) return undefined;
        const outcome = await this.#run(environment, spec.key, invocation);
        if (outcome) return outcome;
      }
    } finally {
      this.#invocations--;
    }
  }

  async #run(environment: Environment, key: string, invocation: Invocation): Promise<Outcome | undefined> {
    this.#busy.add(environment);
    this.#watchMemory();
    try {
      return await environment.invoke(invocation);
    } finally {
      this.#busy.delete(environment);
      this.#keep(environment, key);
    }
  }

  #takeWarm(key: string): Environment | undefined {
    const index = this.#warm.findLastIndex((each) => each.key === key && !each.environment.hasEnded);
    if (index < 0) return undefined;
    const [warm] = this.#warm.splice(index, 1);
    clearTimeout(warm!.timer);
    return warm!.environment;
  }

  get #isFull(): boolean {
    return this.#all.size >= (this.#options.mostEnvironments ?? MOST_ENVIRONMENTS);
  }

  #begin(spec: FunctionSpec): Environment | undefined {
    if (this.#isStopping) return undefined;
    // The environment that has been idle longest makes room.
    if (this.#isFull) for (const oldest of this.#warm.splice(0, 1)) this.#dismiss(oldest);
    const id = randomUUID().replaceAll('-', '');
    const releaseCode = spec.holdCode?.();
    const environment: Environment = new Environment({
      id,
      spec,
      language: this.#languages.of(spec.runtime),
      isolation: this.#isolation,
      runtime: this.#runtime,
      directory: directoryOf(this.#options.directory, id),
      initLimitMs: this.#options.initLimitMs,
      now: () => this.#options.clock.now(),
      onEnd: () => {
        this.#forget(environment);
        releaseCode?.();
      },
    });
    this.#all.set(environment, spec.key);
    return environment;
  }

  #keep(environment: Environment, key: string): void {
    if (environment.hasEnded) return;
    if (this.#retired.has(environment) || this.#isStopping) return void environment.end();
    if (this.#starts.give(environment, key)) return;
    const idleAfterMs = this.#options.idleAfterMs ?? DEFAULT_IDLE_MS;
    const warm: Warm = {
      environment,
      key,
      timer: setTimeout(() => {
        this.#warm.splice(this.#warm.indexOf(warm), 1);
        void environment.end();
      }, idleAfterMs),
    };
    warm.timer.unref();
    this.#warm.push(warm);
    this.#starts.next();
  }

  #dismiss(warm: Warm): void {
    clearTimeout(warm.timer);
    void warm.environment.end();
  }

  #forget(environment: Environment): void {
    this.#all.delete(environment);
    const index = this.#warm.findIndex((each) => each.environment === environment);
    if (index >= 0) clearTimeout(this.#warm.splice(index, 1)[0]!.timer);
    this.#starts.next();
  }

  /** The kernel limits only address space, which interpreters reserve freely, so memory is measured instead. */
  #watchMemory(): void {
    this.#memoryWatch ??= setInterval(() => {
      for (const environment of this.#busy) environment.enforceMemory();
      if (this.#busy.size > 0) return;
      clearInterval(this.#memoryWatch);
      this.#memoryWatch = undefined;
    }, MEMORY_LOOK_EVERY_MS).unref();
  }

  async retire(key: string): Promise<void> {
    this.#starts.hurry(key);
    for (const warm of this.#warm.filter((each) => each.key === key)) {
      this.#warm.splice(this.#warm.indexOf(warm), 1);
      this.#dismiss(warm);
    }
    const left = [...this.#all].flatMap(([environment, own]) => (own === key ? [environment] : []));
    for (const environment of left) this.#retired.add(environment);
    await Promise.all(left.map((environment) => environment.gone));
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    clearInterval(this.#memoryWatch);
    this.#memoryWatch = undefined;
    this.#starts.hurry();
    for (const { timer } of this.#warm.splice(0)) clearTimeout(timer);
    await this.#languages.stop();
    await Promise.all([...this.#all.keys()].map((environment) => environment.end()));
  }
}
