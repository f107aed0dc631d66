// A fleet in memory, for tests of whatever drives one: the same contract as the real fleet, and verbs to make nodes
// fail. Everything happens at once; a start becomes `running` in the next turn of the event loop.

import { type Admin, type Argument, EngineError } from '../../engine/admin.ts';
import type { EngineBinary, Fleet, NodeSpec, NodeStatus, StoredData, Stranger } from '../../engine/fleet.ts';
import { OperationalError } from '../../kernel/errors.ts';
import { FakeCluster, FakeClusterView } from './fake-cluster.ts';
import { copyOf, type FakeData, FakeEngine, type FakeNetwork } from './fake-engine.ts';

export interface FakeFleet extends Fleet {
  /** The process ends by itself, as by a kill -9 from outside. */
  crash(key: string): void;
  /** As by a SIGSTOP, with the detection window over already. */
  hang(key: string): void;
  /** As by a SIGCONT. */
  resume(key: string): void;
  /** While on, a replica takes nothing in from its primary. */
  lag(key: string, on: boolean): void;
  /** The engine itself, to look at or to change behind the fleet's back. */
  engine(key: string): FakeEngine | undefined;
  /**
   * What becomes of the node's dump while it does not run: it is gone; it can be seen to be no dump; or only the engine
   * finds that out, when it loads it.
   */
  spoil(key: string, how: Spoiling): void;
  /** The next start of this node fails with this error. */
  failNextStart(key: string, error: OperationalError): void;
  /** Another fleet over the same processes and disks, as after a restart of Millpond. */
  reopen(): FakeFleet;
}

export type Spoiling = 'remove' | 'truncate' | 'alter inside';

interface FakeFile extends FakeData {
  /** In the order in which files were written, as seconds are too coarse for a test. */
  savedAt: number;
  damage?: { why: string; seen: boolean };
}

const FAKE_BINARIES: EngineBinary[] = [
  { engine: 'redis', version: '7.0.15', path: '/fake/redis-server' },
  { engine: 'valkey', version: '8.0.1', path: '/fake/valkey-server' },
];

/** What outlives a fleet: the machine. */
class FakeWorld {
  readonly network: FakeNetwork = new Map();
  readonly processes = new Map<string, { pid: number; spec: NodeSpec; engine: FakeEngine }>();
  readonly files = new Map<string, FakeFile>();
  readonly setAside: { file: string; data: FakeFile }[] = [];
  readonly clean = new Set<string>();
  readonly clusters = new Map<string, FakeCluster>();
  readonly views = new Set<FakeClusterView>();
  nextPid = 1_000;
  #saves = 0;

  save(file: string, data: FakeData): void {
    this.files.set(file, { ...copyOf(data), savedAt: ++this.#saves });
  }
}

export function createFakeFleet(options: { binaries?: readonly EngineBinary[] } = {}): FakeFleet {
  return openFleet(new FakeWorld(), options.binaries ?? FAKE_BINARIES);
}

function openFleet(world: FakeWorld, binaries: readonly EngineBinary[]): FakeFleet {
  const { processes, network } = world;
  const statuses = new Map<string, NodeStatus>();
  const listeners = new Set<(key: string) => void>();
  const failures = new Map<string, OperationalError>();
  const served = new Set<string>();
  const fileOf = (key: string) => `/fake/nodes/${key}/dump.rdb`;

  function enter(key: string, status: NodeStatus): void {
    if (status.state === 'running') served.add(key);
    statuses.set(key, { ...status, ...(served.has(key) && { served: true }) });
    for (const listener of [...listeners]) listener(key);
  }

  async function start(spec: NodeSpec): Promise<undefined> {
    const { key } = spec;
    if (processes.has(key) && statuses.has(key)) return undefined;
    const failure = failures.get(key);
    failures.delete(key);
    const taken = network.has(at(spec));
    const error =
      failure ?? (taken && new OperationalError('AddressInUse', `Another process listens on ${at(spec)}.`));
    if (error) {
      enter(key, { state: 'exited', binary: spec.binary, reason: error.message });
      throw error;
    }
    placeData(world, spec, fileOf(key));
    const { damage } = world.files.get(fileOf(key)) ?? {};
    if (damage) {
      damage.seen = true;
      enter(key, { state: 'exited', binary: spec.binary, reason: damage.why });
      throw new OperationalError(
        'EngineFailed',
        `The engine of node ${key} could not be started: ${damage.why}`,
      );
    }
    const engine = startEngine(world, spec, fileOf(key));
    const pid = world.nextPid++;
    processes.set(key, { pid, spec, engine });
    network.set(at(spec), engine);
    enter(key, { state: 'starting', pid, address: spec.address, binary: spec.binary });
    setImmediate(() => {
      const now = statuses.get(key);
      if (now?.pid === pid && now.state === 'starting') enter(key, { ...now, state: 'running' });
    });
  }

  function end(key: string, reason: string): void {
    const process = processes.get(key);
    if (!process) return;
    processes.delete(key);
    network.delete(at(process.spec));
    enter(key, { state: 'exited', binary: process.spec.binary, reason });
  }

  function reach(key: string): FakeEngine {
    const process = processes.get(key);
    if (!process || !statuses.has(key)) throw new OperationalError('EngineFailed', `Node ${key} is away.`);
    if (process.engine.hung) throw new OperationalError('TimedOut', `Node ${key} did not answer in time.`);
    return process.engine;
  }

  function mark(key: string, state: 'running' | 'hung'): void {
    const process = processes.get(key);
    if (!process) return;
    process.engine.hung = state === 'hung';
    const { pid, spec } = process;
    enter(key, { state, pid, address: spec.address, binary: spec.binary });
  }

  return {
    binaries,
    start,
    status: (key) => ({ ...(statuses.get(key) ?? { state: 'absent' }) }),
    admin: (key) => createFakeAdmin(key, reach, () => world.save(fileOf(key), reach(key).data)),
    dataFile: fileOf,
    async adopt(known) {
      const strangers: Stranger[] = [];
      for (const [key, { pid, spec, engine }] of [...processes]) {
        if (statuses.has(key)) continue;
        const { address, binary } = spec;
        if (known.has(key)) enter(key, { state: engine.hung ? 'hung' : 'running', pid, address, binary });
        else strangers.push({ pid, key, directory: `/fake/nodes/${key}`, address });
      }
      return strangers;
    },
    unknownData: async (known) =>
      [...world.files.keys()]
        .map((file) => file.slice('/fake/nodes/'.length, -'/dump.rdb'.length))
        .filter((key) => !known.has(key)),
    async endStranger({ key }) {
      const process = processes.get(key);
      if (!process) return;
      processes.delete(key);
      network.delete(at(process.spec));
    },
    async ready(key, signal) {
      for (;;) {
        signal?.throwIfAborted();
        const { state } = statuses.get(key) ?? { state: 'absent' };
        if (state === 'running') return;
        if (state === 'absent' || state === 'exited') {
          throw new OperationalError('EngineFailed', `Node ${key} does not run.`);
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    async kill(key) {
      end(key, 'it was killed by Millpond');
    },
    async stop(key, { save }) {
      const process = processes.get(key);
      if (process && save && !process.engine.hung) {
        world.save(fileOf(key), process.engine.data);
        world.clean.add(key);
      }
      end(key, 'it ended with status 0');
    },
    async remove(key) {
      end(key, 'it was killed by Millpond');
      statuses.delete(key);
      world.files.delete(fileOf(key));
      world.clusters.delete(key);
      world.clean.delete(key);
    },
    stored: async (key) => storedOf(world, key, fileOf(key)),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      listeners.clear();
    },
    crash: (key) => end(key, 'it was killed by SIGKILL'),
    hang: (key) => mark(key, 'hung'),
    resume: (key) => mark(key, 'running'),
    lag(key, on) {
      const process = processes.get(key);
      if (process) process.engine.lagging = on;
    },
    engine: (key) => processes.get(key)?.engine,
    spoil(key, how) {
      const file = world.files.get(fileOf(key));
      if (how === 'remove') world.files.delete(fileOf(key));
      else if (file) file.damage = { why: 'it is cut short', seen: how === 'truncate' };
    },
    failNextStart: (key, error) => void failures.set(key, error),
    reopen: () => openFleet(world, binaries),
  };
}

const at = ({ address, port }: { address: string; port: number }): string => `${address}:${port}`;

function storedOf(world: FakeWorld, key: string, file: string): StoredData {
  const clean = !world.processes.has(key) && world.clean.has(key);
  const data = world.files.get(file);
  if (!data) return { clean };
  const { savedAt, replicationId, offset, damage } = data;
  const bytes = 100 + data.keys.size;
  if (damage?.seen) return { dump: { bytes, damage: damage.why }, clean };
  return { dump: { bytes, savedAt, replicationId, offset, checksum: String(savedAt) }, clean };
}

function placeData(world: FakeWorld, { data }: NodeSpec, file: string): void {
  if (data === 'keep') return;
  const old = world.files.get(file);
  if (old && (data === 'set-aside' || old.damage?.seen)) world.setAside.push({ file, data: old });
  world.files.delete(file);
  if (typeof data === 'string') return;
  const given = world.files.get(data.from);
  if (!given) throw new OperationalError('StateUnreadable', `There is no file ${data.from}.`);
  world.files.set(file, { ...given, ...copyOf(given) });
}

function startEngine(world: FakeWorld, spec: NodeSpec, file: string): FakeEngine {
  world.clean.delete(spec.key);
  const { address, port, directives } = spec;
  const engine = new FakeEngine(world.network, { address, port, directives, data: world.files.get(file) });
  engine.primary = spec.cluster ? undefined : spec.replicaOf;
  engine.cluster = spec.cluster && clusterOf(world, spec);
  return engine;
}

/** A node keeps its identity and what it knew; a new one joins the cluster that its seed names, if there is one. */
function clusterOf(world: FakeWorld, spec: NodeSpec): FakeCluster {
  const kept = world.clusters.get(spec.key);
  if (kept) {
    kept.moveTo(spec.address, spec.port);
    return kept;
  }
  const seed = spec.cluster!;
  let view = [...world.views].find((candidate) => seed.nodes.some((node) => candidate.members.has(node.id)));
  if (!view) world.views.add((view = new FakeClusterView(seed)));
  const self = seed.nodes.find((node) => node.id === seed.self)!;
  if (!view.members.has(seed.self)) view.add({ ...self, primaryId: self.primaryId });
  const cluster = new FakeCluster({
    view,
    selfId: seed.self,
    isLive: (address, port) => world.network.get(at({ address, port }))?.hung === false,
    meet(address, port) {
      const other = world.network.get(at({ address, port }))?.cluster;
      const member = other?.view.members.get(other.selfId);
      if (member && !view.members.has(member.id)) view.add(member);
    },
  });
  world.clusters.set(spec.key, cluster);
  return cluster;
}

function createFakeAdmin(key: string, reach: (key: string) => FakeEngine, save: () => void): Admin {
  const answer = (command: readonly Argument[]): unknown => {
    const reply = reach(key).answer(command);
    if (/^(BG)?SAVE$/i.test(String(command[0]))) save();
    return reply;
  };
  const admin: Admin = {
    async send(...command) {
      const reply = answer(command);
      if (reply instanceof EngineError) throw reply;
      return reply;
    },
    sendAll: async (commands, options) =>
      commands
        .map(answer)
        .map((reply) => (options?.binary && typeof reply === 'string' ? Buffer.from(reply) : reply)),
    observe: async () => reach(key).view(),
    branch: () => ({ ...admin, close() {} }),
  };
  return admin;
}
