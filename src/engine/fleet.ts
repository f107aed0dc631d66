// The fleet: every node of this Millpond, wherever it runs. A node is a key, an address, a health and a few verbs;
// where it runs and how is its driver's (driver.ts). Knows no AWS service.
//
// Contract, held by drivers/driver.contract.test.ts over every driver:
// - Nodes outlive the fleet. `adopt()` finds those that still run; `close()` stops none.
// - All verbs are idempotent and may be called again after a crash at any instant.
// - `kill` resolves only once no process of the node is left that could answer a client or touch its files.

import type { Admin } from './admin.ts';

export type EngineName = 'redis' | 'valkey';

/** An engine that can be started, known by both together. */
export interface EngineBinary {
  engine: EngineName;
  /** e.g. `7.0.15`. */
  version: string;
}

/** What a node is started with. All that is decided about it; the fleet and its driver add what running it needs. */
export interface NodeSpec {
  /** Unique within this Millpond, safe as a path: `us-east-1/000000000000/demo-001`. */
  key: string;
  address: string;
  port: number;
  binary: EngineBinary;
  /** Engine directives in the engine's own spelling, e.g. `maxmemory-policy`. */
  directives: Record<string, string>;
  /** Present in cluster mode: what `nodes.conf` must hold if the node has none yet. */
  cluster?: ClusterSeed;
  /** Cluster mode off: whom it follows from the first instant, absent for a primary. */
  replicaOf?: { address: string; port: number };
  /**
   * What happens to the data that lies in the node's directory. `new`: the node has never been, so what has data there
   * is somebody else's directory, and is kept under another name.
   * `keep`: load it. `discard`: delete it first. `set-aside`: begin without it, and keep it under another name.
   * `{from}`: go on with a copy of the dump of the node with this key, and keep what lies there as by `set-aside`. A damaged dump is never
   * deleted, but set aside.
   */
  data: 'keep' | 'discard' | 'set-aside' | 'new' | { from: string };
}

/** What the RDB file of a node says of itself. */
export interface DumpFile {
  bytes: number;
  /** CRC64 of what goes before it, as the file ends: 16 hexadecimal digits. */
  checksum?: string;
  /** When the engine began to write it, by its own clock; milliseconds since the epoch, whole seconds. */
  savedAt?: number;
  /** The replication history that the data belong to; absent where the node had no replicas. */
  replicationId?: string;
  /** How far the data reach in that history, in bytes. */
  offset?: number;
  /** Why it cannot be a whole RDB file; absent when nothing speaks against it. */
  damage?: string;
}

/** What lies in the directory of a node that has not come to serve. */
export interface StoredData {
  /** Absent when there is none. Its `damage` also tells that the engine has refused to load it. */
  dump?: DumpFile;
  /** The last run that served anybody ended by an orderly shutdown that saved everything. */
  clean: boolean;
}

/** One line of nodes.conf per member of the cluster, written before the node first starts (MEET is slower). */
export interface ClusterSeed {
  self: string;
  /** Where the cluster bus of every node listens. */
  busPort: number;
  epoch: number;
  nodes: {
    id: string;
    address: string;
    port: number;
    primaryId?: string;
    slots: [number, number][];
    epoch: number;
    /** Of all members of its shard, 40 hexadecimal digits; without it each engine makes up its own. */
    shardId?: string;
    /** The name that the node announces; without it clients are told addresses. */
    hostname?: string;
  }[];
}

/**
 * - `absent`: no process, and none was started since the fleet opened; its directory may exist.
 * - `starting`: the process runs and does not answer yet, or loads its data.
 * - `running`: it answers.
 * - `busy`: it makes progress and does not answer (a long script, CLIENT PAUSE): no failure.
 * - `hung`: neither answer nor progress for the whole detection window.
 * - `exited`: it ended, and every process of its group is gone or cannot act any more.
 */
export type NodeState = 'absent' | 'starting' | 'running' | 'busy' | 'hung' | 'exited';

export interface NodeStatus {
  state: NodeState;
  /** Names what runs, for people and to tell one run from another: `pid 4711`. */
  run?: string;
  /** Where it listens, while it runs. An adopted one may do so elsewhere than an old record says. */
  address?: string;
  /** What runs there, as far as known: of the last start or of what was adopted. */
  binary?: EngineBinary;
  /** Why it ended or failed to start, one line, for people. */
  reason?: string;
  /** It has answered with its data loaded at least once since the fleet opened. */
  served?: true;
}

/** An engine that is no known node's. */
export interface Stranger {
  /** As of a status. */
  run: string;
  /** Where its files lie. */
  key: string;
  /** Where it listens, as far as its files tell. */
  address?: string;
}

/** The files of engines that nobody knows, moved out of the way of a new node. */
export interface Moved {
  /** Where they are now, as a node's key. */
  to: string;
  /** What runs there, as of a status. */
  runs: string[];
}

export interface StopOptions {
  save: boolean;
  graceMs: number;
  refuseClients?: boolean;
}

export interface Fleet {
  readonly binaries: readonly EngineBinary[];
  /**
   * Finds the nodes that run. Those whose key is not in `known` are left as they are: a lost
   * record is no reason to end a node that has data. Resolves with them.
   */
  adopt(known: ReadonlySet<string>): Promise<Stranger[]>;
  /** The keys under which a dump lies, other than those of `known` nodes. */
  unknownData(known: ReadonlySet<string>): Promise<string[]>;
  /** As `kill`. */
  endStranger(stranger: Stranger): Promise<void>;
  /**
   * Writes the node's files and starts it, unless it already runs. Resolves once the engine listens, or has had time to, and
   * rejects with an OperationalError (EngineFailed, AddressInUse, AddressUnavailable, DiskFull, StateUnreadable) when it cannot be started. Resolves with what
   * had to give way to it.
   */
  start(spec: NodeSpec): Promise<Moved | undefined>;
  /** Resolves when the node answers with its data loaded; rejects when it ends first or `signal` aborts. */
  ready(key: string, signal?: AbortSignal): Promise<void>;
  status(key: string): NodeStatus;
  /** The privileged connection. Made lazily, re-made at once when it drops; commands reject while the node is away. */
  admin(key: string): Admin;
  /** At once and without a word; see the contract above. */
  kill(key: string): Promise<void>;
  /**
   * SHUTDOWN with the data saved (or not), then `kill` if it has not ended after `graceMs`. Rejects with DiskFull or
   * EngineFailed, and leaves the node running, when the engine says that it cannot save: nothing is lost unasked.
   * With `refuseClients` it first closes its clients' connections and accepts no more, so that none waits while it saves.
   */
  stop(key: string, options: StopOptions): Promise<void>;
  /** kill, then delete the node's files. */
  remove(key: string): Promise<void>;
  /**
   * Reads the beginning and the end of the node's files, never all of them. Of a node that runs it tells what lies on
   * the disk, which is not what the node holds; `clean` is then false. Rejects with StateUnreadable.
   */
  stored(key: string): Promise<StoredData>;
  /** Called with the node's key whenever its status changed. Returns the unsubscriber. */
  onChange(listener: (key: string) => void): () => void;
  /** Closes connections and watchers; stops no node. */
  close(): Promise<void>;
}
