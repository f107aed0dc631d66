// One execution environment: a process of a function from its start to its end, which handles one invocation at a
// time. pool.ts decides how many there are.

import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { EnvironmentNetwork } from './environment-network.ts';
import {
  exited,
  type FunctionError,
  noBootstrap,
  noGoProgram,
  notStartable,
  responseTooLarge,
  timedOut,
} from './failures.ts';
import type { EnvironmentIdentity, FunctionSpec, Invocation, Outcome } from './function.ts';
import { FunctionProcess } from './function-process.ts';
import type { Isolation } from './isolation-types.ts';
import type { Language } from './language.ts';
import { outcomeOf, type Result } from './outcome.ts';
import { RPC_PORT, speaksRpc } from './rpc/speaks-rpc.ts';
import type { RuntimeListener } from './runtime-listener.ts';
import { commandOf, programOf, runtimeVariables } from './runtimes.ts';

/** What an environment is made of. */
export interface EnvironmentOptions {
  id: string;
  spec: FunctionSpec;
  /** Rejects with the reason why this machine cannot run it. */
  language: Promise<Language>;
  isolation: Isolation;
  /** The environment's own directory, created and removed here. */
  directory: string;
  /** Where its processes reach the Runtime API. */
  runtime: RuntimeListener;
  /** The limit of the initialisation in ms; 10 s by default. */
  initLimitMs?: number | undefined;
  now(): number;
  /** Called when the process and its directory are gone. */
  onEnd(): void;
}

/** AWS: the limit of the initialisation; here the function's timeout is added to it. */
const INIT_LIMIT_MS = 10_000;

interface Running {
  invocation: Invocation;
  /** `performance.now()` when the process got the invocation; `undefined` while the process starts. */
  since: number | undefined;
  timer: NodeJS.Timeout;
  settle(result: Result | undefined): void;
  reject(error: Error): void;
}

/** Starts its process at once. A failed start becomes the outcome of the first invocation. */
export class Environment {
  readonly #identity: EnvironmentIdentity;
  readonly #options: EnvironmentOptions;
  readonly #startedAt = performance.now();
  readonly #started = Promise.withResolvers<void>();
  readonly #gone = Promise.withResolvers<void>();
  readonly #network: EnvironmentNetwork;
  #process: FunctionProcess | undefined;
  #isReady = false;
  #hasServed = false;
  #running: Running | undefined;
  #init: Outcome['init'];
  #initError: Buffer | undefined;
  #notStarted: ((requestId: string) => FunctionError) | undefined;
  /** Why it has no network interface. */
  #refusal: Error | undefined;
  #exit: { how: string | undefined } | undefined;
  #ended: Promise<void> | undefined;
  #isInitTold = false;

  constructor(options: EnvironmentOptions) {
    this.#identity = { id: options.id, startedAt: options.now() };
    this.#options = options;
    this.#network = new EnvironmentNetwork(options);
    void this.#start().catch((error) =>
      this.#failToStart((requestId) => notStartable(requestId, String(error))),
    );
  }

  /** Resolves when it is ready for its first invocation, or has ended. */
  get started(): Promise<void> {
    return this.#started.promise;
  }

  /** Resolves when the process and its directory are gone. */
  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  get hasEnded(): boolean {
    return this.#ended !== undefined || this.#exit !== undefined || this.#notStarted !== undefined;
  }

  async #start(): Promise<void> {
    const { spec, isolation, directory } = this.#options;
    const [language, mounts] = await Promise.all([
      this.#options.language,
      this.#network.mounts(),
      mkdir(directory, { recursive: true, mode: 0o700 }),
    ]);
    const refuse = (error: Error) => this.#refuse(error);
    const [{ place, user, launch }, api] = await Promise.all([
      isolation.prepare(directory, {
        ...{ codeDirectory: spec.codeDirectory, layerDirectories: spec.layerDirectories, language, mounts },
      }),
      this.#network.open(this.#events(), refuse).catch(refuse),
    ]);
    if (!api || this.#ended) return;
    const owner = user ?? process.getuid?.() ?? 0;
    api.admit(owner);
    const program = language.family === 'program' ? await programOf(spec, place) : undefined;
    if (language.family === 'program' && !program) {
      return this.#failToStart(spec.runtime === 'go1.x' ? noGoProgram(spec.handler) : noBootstrap);
    }
    const isCalled = program !== undefined && (await speaksRpc(spec, program.file));
    const port = isCalled ? await this.#network.openRpc(owner, this.#rpcEvents()) : undefined;
    if (this.#ended) return;
    const command = program ? [program.path] : commandOf(spec, language, place);
    const variables = {
      ...runtimeVariables(spec, { ...spec.variables(this.#identity) }, language, place, api.address),
      ...(port !== undefined && { [RPC_PORT]: String(port) }),
    };
    const { waits, ready } = this.#network;
    this.#process = new FunctionProcess(this.#network.inside(launch(command, variables, waits)), {
      ...{ memoryBytes: spec.memoryBytes, now: this.#options.now, ready },
      onError: (message) => this.#failToStart((requestId) => notStartable(requestId, message)),
      onExit: (how) => void this.#onExit(how),
    });
  }

  #events() {
    return {
      onReady: () => this.#onReady(),
      onResponse: (payload: Buffer, contentType: string) =>
        void this.#finish({ status: 'succeeded', payload, contentType }),
      onTooLarge: () => void this.#finish({ status: 'failed', payload: asJson(responseTooLarge()) }),
      onError: (payload: Buffer) => void this.#finish({ status: 'failed', payload }),
      onInitError: (payload: Buffer) => {
        this.#initError = payload;
        if (this.#init) return;
        // AWS: an initialisation error ends the environment, even if its process would go on.
        void this.#finish(this.#endResult(undefined));
        void this.end();
      },
    };
  }

  #rpcEvents() {
    return {
      ...this.#events(),
      onUnusable: () => void this.end(),
      onBroken: (reason: string) =>
        this.#failToStart((requestId) =>
          notStartable(requestId, `The program does not speak RPC: ${reason}`),
        ),
    };
  }

  #onReady(): void {
    if (this.#isReady) return;
    this.#isReady = true;
    this.#started.resolve();
    this.#init ??= {
      durationMs: performance.now() - this.#startedAt,
      log: this.#process?.takeOutput() ?? [],
    };
    const running = this.#running;
    if (running && running.since === undefined) this.#handOver(running);
  }

  /**
   * Resolves to `undefined` when the process, having served before, ended before it took this invocation. Rejects only
   * with the error of `spec.openInterface`. Call it again only after it has resolved.
   */
  invoke(invocation: Invocation): Promise<Outcome | undefined> {
    const { initLimitMs, spec } = this.#options;
    const { timeoutMs } = spec;
    return new Promise((resolve, reject) => {
      const running: Running = {
        invocation,
        since: undefined,
        timer: setTimeout(() => this.#timeOut(), (initLimitMs ?? INIT_LIMIT_MS) + timeoutMs),
        settle: (result) => resolve(result && this.#outcome(running, result)),
        reject,
      };
      this.#running = running;
      if (this.#refusal) this.#refuse(this.#refusal);
      else if (this.#notStarted) void this.#finish(this.#failure(this.#notStarted));
      else if (this.#exit ?? this.#ended) void this.#finish(this.#endResult(this.#exit?.how));
      else if (this.#isReady) this.#handOver(running);
    });
  }

  #handOver(running: Running): void {
    const { timeoutMs } = this.#options.spec;
    clearTimeout(running.timer);
    running.timer = setTimeout(() => this.#timeOut(), timeoutMs);
    running.since = performance.now();
    this.#isReady = false;
    this.#hasServed = true;
    this.#network.send(running.invocation, this.#options.now() + timeoutMs);
  }

  #timeOut(): void {
    const { timeoutMs } = this.#options.spec;
    const payload = asJson(timedOut(this.#running?.invocation.requestId ?? '', timeoutMs));
    void this.#finish({ status: 'timed out', payload });
    void this.end();
  }

  async #onExit(how: string | undefined): Promise<void> {
    this.#exit = { how };
    await this.#finish(this.#endResult(how));
    await this.end();
  }

  /** It has no network interface: the invocation fails, and not the function. */
  #refuse(error: Error): void {
    this.#refusal = error;
    clearTimeout(this.#running?.timer);
    this.#running?.reject(error);
    this.#running = undefined;
    void this.end();
  }

  #failToStart(describe: (requestId: string) => FunctionError): void {
    this.#notStarted = describe;
    void this.#finish(this.#failure(describe));
    void this.end();
  }

  #failure(describe: (requestId: string) => FunctionError): Result {
    const error = describe(this.#running?.invocation.requestId ?? '');
    return { status: 'ended', payload: asJson(error), error };
  }

  #endResult(how: string | undefined): Result {
    if (this.#initError) return { status: 'failed', payload: this.#initError };
    return this.#failure((requestId) => exited(requestId, how));
  }

  async #finish(result: Result): Promise<void> {
    const running = this.#running;
    if (!running) return;
    this.#running = undefined;
    clearTimeout(running.timer);
    this.#process?.lookAtMemory();
    // Output written before the answer is in the pipes by now; the next turns of the event loop read it.
    await turn();
    await turn();
    const isUntouched = result.status === 'ended' && running.since === undefined && this.#hasServed;
    running.settle(isUntouched ? undefined : result);
  }

  #outcome({ since }: Running, result: Result): Outcome {
    const isFirst = !this.#isInitTold;
    this.#isInitTold = true;
    return outcomeOf(result, {
      ...{ environment: this.#identity, startedAt: this.#startedAt, since, isFirst },
      timeoutMs: this.#options.spec.timeoutMs,
      ...{ init: this.#init, initError: this.#initError },
      isOutOfMemory: this.#process?.isOutOfMemory ?? false,
      memoryBytes: this.#process?.mostBytes ?? 0,
      takeOutput: () => this.#process?.takeOutput() ?? [],
    });
  }

  /** Ends the process when it exceeds its memory limit; cheap enough to call often. */
  enforceMemory(): void {
    if (!this.hasEnded) this.#process?.enforceMemory();
  }

  /** Ends the process and all its children. Resolves when they are gone; never rejects. */
  end(): Promise<void> {
    this.#started.resolve();
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<void> {
    await this.#process?.end();
    // If the environment ended before it had a process, nothing else has finished the invocation.
    await this.#finish(this.#endResult('signal: killed'));
    await this.#network.close();
    this.#process?.close();
    await rm(this.#options.directory, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
    this.#options.onEnd();
    this.#gone.resolve();
  }
}

/** The directory of the environment with this id. */
export const directoryOf = (directory: string, id: string): string => join(directory, 'environments', id);

const asJson = (error: FunctionError): Buffer => Buffer.from(JSON.stringify(error));
