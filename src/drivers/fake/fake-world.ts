// The fake machine that nodes run on. It outlives the fleets over it, as processes and files outlive a Millpond.

import type { EngineStart, ProbeEvents } from '../../engine/driver.ts';
import type { EngineBinary, NodeSpec, StoredData } from '../../engine/fleet.ts';
import { OperationalError } from '../../kernel/errors.ts';
import { FakeCluster, FakeClusterView } from './fake-cluster.ts';
import { copyOf, type FakeData, FakeEngine, FakeNetwork } from './fake-engine.ts';

/** A running fake engine. */
export interface FakeProcess {
  /** As `Run.name`. */
  name: string;
  spec: NodeSpec;
  engine: FakeEngine;
  /** The listener of the fleet that watches it now. */
  events: ProbeEvents | undefined;
  /** Resolves with the reason. */
  ended: PromiseWithResolvers<string>;
}

interface FakeFile extends FakeData {
  /** A counter of saves, since seconds are too coarse for tests. */
  savedAt: number;
  damage?: { why: string; seen: boolean };
}

/** The engines that fake fleets offer by default. */
export const FAKE_BINARIES: readonly EngineBinary[] = [
  { engine: 'redis', version: '7.0.15' },
  { engine: 'valkey', version: '8.0.1' },
];

/** Processes, files and the network of fake nodes. */
export class FakeWorld {
  readonly network = new FakeNetwork();
  /** By the key of the node. */
  readonly processes = new Map<string, FakeProcess>();
  /** Dumps, by the key of the node. */
  readonly files = new Map<string, FakeFile>();
  /** Nodes that were shut down gracefully. */
  readonly clean = new Set<string>();
  /** The error of the next start of a node. */
  readonly failures = new Map<string, OperationalError>();
  readonly #clusters = new Map<string, FakeCluster>();
  readonly #views = new Set<FakeClusterView>();
  #starts = 1_000;
  #saves = 0;

  start({ spec }: EngineStart): FakeProcess {
    const { key, address, port, directives } = spec;
    const failure = this.failures.get(key);
    this.failures.delete(key);
    if (failure) throw failure;
    if (this.network.has(at(spec)))
      throw new OperationalError('AddressInUse', `Another process listens on ${at(spec)}.`);
    this.#placeData(spec);
    const { damage } = this.files.get(key) ?? {};
    if (damage) {
      damage.seen = true;
      const message = `The engine of node ${key} could not be started: ${damage.why}`;
      throw new OperationalError('EngineFailed', message);
    }
    this.clean.delete(key);
    const engine = new FakeEngine(this.network, { address, port, directives, data: this.files.get(key) });
    engine.primary = spec.cluster ? undefined : spec.replicaOf;
    engine.cluster = spec.cluster && this.#clusterOf(spec);
    const name = `pid ${this.#starts++}`;
    const process = { name, spec, engine, events: undefined, ended: Promise.withResolvers<string>() };
    this.processes.set(key, process);
    this.network.set(at(spec), engine);
    return process;
  }

  end(key: string, reason: string): void {
    const process = this.processes.get(key);
    if (!process) return;
    this.processes.delete(key);
    this.network.delete(at(process.spec));
    process.ended.resolve(reason);
  }

  save(key: string): void {
    const engine = this.processes.get(key)?.engine;
    if (engine) this.files.set(key, { ...copyOf(engine.data), savedAt: ++this.#saves });
  }

  /** SHUTDOWN. */
  shutDown(key: string, save: boolean): void {
    if (save) {
      this.save(key);
      this.clean.add(key);
    }
    this.end(key, 'it ended with status 0');
  }

  remove(key: string): void {
    this.files.delete(key);
    this.#clusters.delete(key);
    this.clean.delete(key);
  }

  /** Moves the files and the process of the key to a new key. */
  moveForeignFiles(key: string): { to: string; runs: string[] } | undefined {
    const to = `${key}.unknown-${++this.#saves}`;
    const file = this.files.get(key);
    if (file) this.files.set(to, file);
    this.files.delete(key);
    const process = this.processes.get(key);
    if (!process) return undefined;
    this.processes.delete(key);
    this.processes.set(to, process);
    return { to, runs: [process.name] };
  }

  stored(key: string): StoredData {
    const clean = this.clean.has(key);
    const data = this.files.get(key);
    if (!data) return { clean };
    const { savedAt, replicationId, offset, damage } = data;
    const bytes = 100 + data.keys.size;
    if (damage?.seen) return { dump: { bytes, damage: damage.why }, clean };
    return { dump: { bytes, savedAt, replicationId, offset, checksum: String(savedAt) }, clean };
  }

  #placeData({ key, data }: NodeSpec): void {
    if (data === 'keep') return;
    this.files.delete(key);
    if (typeof data === 'string') return;
    const given = this.files.get(data.from);
    if (!given) throw new OperationalError('StateUnreadable', `There is no data of ${data.from}.`);
    this.files.set(key, { ...given, ...copyOf(given) });
  }

  /** A node keeps its identity and its knowledge. A new one joins the cluster that its seed names, if it exists. */
  #clusterOf(spec: NodeSpec): FakeCluster {
    const kept = this.#clusters.get(spec.key);
    if (kept) {
      kept.moveTo(spec.address, spec.port);
      return kept;
    }
    const seed = spec.cluster!;
    const isOfSeed = (view: FakeClusterView) => seed.nodes.some((node) => view.members.has(node.id));
    let view = [...this.#views].find(isOfSeed);
    if (!view) this.#views.add((view = new FakeClusterView(seed)));
    const joined = view;
    const self = seed.nodes.find((node) => node.id === seed.self)!;
    if (!joined.members.has(seed.self)) joined.add({ ...self, primaryId: self.primaryId });
    const cluster = new FakeCluster({
      view: joined,
      selfId: seed.self,
      isLive: (address, port) => this.network.get(at({ address, port }))?.hung === false,
      meet: (address, port) => {
        const other = this.network.get(at({ address, port }))?.cluster;
        const member = other?.view.members.get(other.selfId);
        if (member && !joined.members.has(member.id)) joined.add(member);
      },
    });
    this.#clusters.set(spec.key, cluster);
    return cluster;
  }
}

const at = ({ address, port }: { address: string; port: number }): string => `${address}:${port}`;
