// The network of one environment: its interface, where it has one, and its Runtime API.

import type { NetworkInterface } from '../../network/network.ts';
import type { Mount } from '../machine.ts';
import { resolverMount, writeResolver } from '../names/resolver-file.ts';
import type { FunctionSpec } from './function.ts';
import type { Launch } from './isolation-types.ts';
import { type RuntimeApi, type RuntimeEvents, startRuntimeApi } from './runtime-api.ts';
import type { RuntimeListener } from './runtime-listener.ts';

/** Opened and closed once, in any order. */
export class EnvironmentNetwork {
  readonly #openInterface: FunctionSpec['openInterface'];
  readonly #runtime: RuntimeListener;
  readonly #directory: string;
  #interface: NetworkInterface | undefined;
  #api: RuntimeApi | undefined;
  #isClosed = false;

  constructor(options: { spec: FunctionSpec; runtime: RuntimeListener; directory: string }) {
    this.#openInterface = options.spec.openInterface;
    this.#runtime = options.runtime;
    this.#directory = options.directory;
  }

  /** The files that it brings; they are there once it is open. */
  async mounts(): Promise<Mount[]> {
    const resolver = this.#openInterface && (await resolverMount(this.#directory));
    return resolver ? [resolver] : [];
  }

  /**
   * Resolves to the Runtime API. Rejects with the error of `spec.openInterface`; `onLost` gets the error of an interface
   * whose packets will never pass.
   */
  async open(events: RuntimeEvents, onLost: (error: Error) => void): Promise<RuntimeApi> {
    this.#interface = await this.#openInterface?.();
    this.#interface?.ready.catch(onLost);
    const api = await startRuntimeApi(events, this.#runtime, { address: this.#interface?.address });
    this.#api = api;
    if (this.#interface && !this.#isClosed) await writeResolver(this.#directory, this.#interface.resolver);
    if (this.#isClosed) await this.close();
    return api;
  }

  /** Whether a program must wait for `ready` before it starts. */
  get waits(): boolean {
    return this.#interface !== undefined;
  }

  /** Resolves once packets pass; absent where they do from the start. */
  get ready(): Promise<void> | undefined {
    return this.#interface?.ready;
  }

  /** The same program with this network. */
  inside(launch: Launch): Launch {
    return this.#interface ? { ...launch, line: this.#interface.inside(launch.line) } : launch;
  }

  /** Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#api?.close();
    await this.#interface?.close();
  }
}
