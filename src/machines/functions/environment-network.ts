// The network of one environment: its interface, where it has one, its Runtime API, and the port of a program that is
// called by RPC.

import type { NetworkInterface } from '../../network/network.ts';
import type { Mount } from '../machine.ts';
import { resolverMount, writeResolver } from '../names/resolver-file.ts';
import type { FunctionSpec, Invocation } from './function.ts';
import type { Launch } from './isolation-types.ts';
import { anyPort, connectInside, connectOnHost, freePort } from './rpc/rpc-port.ts';
import { type RpcEvents, type RpcRuntime, startRpcRuntime } from './rpc/rpc-runtime.ts';
import { type RuntimeApi, type RuntimeEvents, startRuntimeApi } from './runtime-api.ts';
import type { RuntimeListener } from './runtime-listener.ts';

/** Opened and closed once, in any order. */
export class EnvironmentNetwork {
  readonly #openInterface: FunctionSpec['openInterface'];
  readonly #runtime: RuntimeListener;
  readonly #directory: string;
  #interface: NetworkInterface | undefined;
  #api: RuntimeApi | undefined;
  #rpc: RpcRuntime | undefined;
  readonly #closing = new AbortController();
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
    const onReady = (): void => {
      // It uses the Runtime API, so it need not be called.
      if (!this.#rpc?.isReached) this.#closeRpc();
      events.onReady();
    };
    const peer = { address: this.#interface?.address };
    const api = await startRuntimeApi({ ...events, onReady }, this.#runtime, peer);
    this.#api = api;
    if (this.#interface && !this.#isClosed) await writeResolver(this.#directory, this.#interface.resolver);
    if (this.#isClosed) await this.close();
    return api;
  }

  /**
   * Resolves to a port for a program that is called by RPC, and calls it once it listens there as this user. Call it
   * after `open`. The program may use the Runtime API all the same.
   */
  async openRpc(user: number, events: RpcEvents): Promise<number> {
    const { signal } = this.#closing;
    const own = this.#interface;
    const port = own ? anyPort() : await freePort();
    const connecting = own
      ? connectInside(port, (command) => own.inside(command), signal)
      : connectOnHost(port, user, signal);
    if (!this.#isClosed) this.#rpc = startRpcRuntime(events, connecting);
    return port;
  }

  /** Gives the process an invocation; call it only while the process waits. */
  send(invocation: Invocation, deadlineMs: number): void {
    if (this.#rpc?.isReached) this.#rpc.send(invocation, deadlineMs);
    else this.#api?.send(invocation, deadlineMs);
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
    this.#closeRpc();
    this.#api?.close();
    await this.#interface?.close();
  }

  #closeRpc(): void {
    this.#closing.abort();
    this.#rpc?.close();
  }
}
