// One engine of the fake fleet, with just enough roles, replication and commands to test a controller. Keys are
// strings, replication is instant while both nodes live, and no time passes.

import { type Argument, EngineError, type EngineView } from '../../engine/admin.ts';
import { randomHex } from '../../kernel/ids.ts';
import type { FakeCluster } from './fake-cluster.ts';

/** The engines by `address:port`. Engines that have ended or hang cannot be reached. */
export class FakeNetwork extends Map<string, FakeEngine> {
  /** Whether packets between two addresses are dropped. */
  isCut: (a: string, b: string) => boolean = () => false;
}

/** The data of an engine, as a dump holds it. */
export interface FakeData {
  keys: Map<string, string>;
  offset: number;
  replicationId: string;
}

const BYTES_PER_WRITE = 10;

/** A fake redis-server or valkey-server. */
export class FakeEngine {
  readonly address: string;
  readonly port: number;
  readonly directives: Map<string, string>;
  readonly #network: FakeNetwork;
  data: FakeData;
  primary: { address: string; port: number } | undefined;
  cluster: FakeCluster | undefined;
  /** Whether it has completed a sync since it started. */
  synced = false;
  hung = false;
  /** Applies nothing from its primary; tests set it to make a replica lag. */
  lagging = false;
  /** Writes are paused (CLIENT PAUSE). */
  paused = false;

  constructor(
    network: FakeNetwork,
    options: {
      address: string;
      port: number;
      directives: Record<string, string>;
      data?: FakeData | undefined;
    },
  ) {
    this.#network = network;
    this.address = options.address;
    this.port = options.port;
    this.directives = new Map(Object.entries(options.directives));
    this.data = copyOf(options.data ?? { keys: new Map(), offset: 0, replicationId: randomHex(40) });
  }

  get role(): 'primary' | 'replica' {
    return this.followed() ? 'replica' : 'primary';
  }

  /** The reply to a command; an EngineError where the engine would answer with an error. */
  answer(command: readonly Argument[]): unknown {
    const [name, ...args] = command.map(String) as [string, ...string[]];
    this.#pull();
    switch (name.toUpperCase()) {
      case 'PING':
        return 'PONG';
      case 'GET':
        return this.data.keys.get(args[0]!) ?? null;
      case 'SET':
        return this.#write(() => this.data.keys.set(args[0]!, args[1]!));
      case 'DBSIZE':
        return this.data.keys.size;
      case 'INFO':
        return this.#info();
      case 'ROLE':
        return [this.role === 'replica' ? 'slave' : 'master', this.data.offset];
      case 'CONFIG':
        return this.#config(args);
      case 'REPLICAOF':
        return this.#replicaOf(args);
      case 'CLIENT':
        if (/^(UN)?PAUSE$/i.test(args[0]!)) this.paused = args[0]!.toUpperCase() === 'PAUSE';
        return 'OK';
      case 'CLUSTER':
        return (
          this.cluster?.answer(args) ?? new EngineError('ERR This instance has cluster support disabled')
        );
      case 'BGSAVE':
        return 'Background saving started';
      default:
        return new EngineError(`ERR unknown command '${name}', with args beginning with: `);
    }
  }

  view(): EngineView {
    this.#pull();
    const followed = this.followed();
    const view: EngineView = {
      role: this.role,
      loading: false,
      link: !followed || this.#source() ? 'up' : 'down',
      offset: this.data.offset,
      replicationId: this.data.replicationId,
      replicas: [...this.#network.values()]
        .filter((other) => !other.hung && other.#source() === this)
        .map(({ address, port, data }) => ({ address, port, offset: data.offset, state: 'online' })),
      keys: this.data.keys.size,
      neverSynced: followed !== undefined && !this.synced,
    };
    if (followed) [view.primaryAddress, view.primaryPort] = [followed.address, followed.port];
    return view;
  }

  /** The primary that it follows, by REPLICAOF or by the cluster. */
  followed(): { address: string; port: number } | undefined {
    return this.cluster ? this.cluster.primaryOfSelf() : this.primary;
  }

  /** An engine does not replicate while it is itself a replica without a link (NOMASTERLINK). */
  #source(): FakeEngine | undefined {
    const source = this.#followedEngine();
    const passed = new Set<FakeEngine>([this]);
    for (let next = source; next?.followed(); next = next.#followedEngine()) {
      if (passed.has(next)) return undefined;
      passed.add(next);
      if (!next.#followedEngine()) return undefined;
    }
    return source;
  }

  #followedEngine(): FakeEngine | undefined {
    const followed = this.followed();
    const engine = followed && this.#network.get(`${followed.address}:${followed.port}`);
    return engine && !engine.hung && !this.#network.isCut(this.address, engine.address) ? engine : undefined;
  }

  #pull(): void {
    const source = this.#source();
    if (!source || this.lagging || this.hung) return;
    this.data = copyOf(source.data);
    this.synced = true;
  }

  #write(change: () => void): unknown {
    if (this.role === 'replica')
      return new EngineError("READONLY You can't write against a read only replica.");
    if (this.paused) return new EngineError('FAKE a real engine would hold this write back');
    change();
    this.data.offset += BYTES_PER_WRITE;
    for (const other of this.#network.values()) if (other.#source() === this) other.#pull();
    return 'OK';
  }

  #replicaOf([address, port]: string[]): unknown {
    if (this.cluster) return new EngineError('ERR REPLICAOF not allowed in cluster mode.');
    if (address!.toUpperCase() === 'NO') {
      if (this.primary) this.data.replicationId = randomHex(40);
      this.primary = undefined;
    } else {
      this.primary = { address: address!, port: Number(port) };
    }
    return 'OK';
  }

  #config([verb, ...pairs]: string[]): unknown {
    if (verb!.toUpperCase() === 'GET') return [pairs[0], this.directives.get(pairs[0]!) ?? ''];
    for (let i = 0; i + 1 < pairs.length; i += 2) this.directives.set(pairs[i]!, pairs[i + 1]!);
    return 'OK';
  }

  #info(): string {
    const view = this.view();
    const isReplica = view.role === 'replica';
    return [
      `role:${isReplica ? 'slave' : 'master'}`,
      `master_link_status:${view.link}`,
      `${isReplica ? 'slave_repl_offset' : 'master_repl_offset'}:${view.offset}`,
      'rdb_bgsave_in_progress:0',
      'rdb_last_bgsave_status:ok',
    ].join('\r\n');
  }
}

export const copyOf = (data: FakeData): FakeData => ({ ...data, keys: new Map(data.keys) });
