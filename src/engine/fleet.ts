// The fleet: every node of this Millpond. A node has a key, an address, a health state and a few verbs; its driver
// (driver.ts) knows where and how it runs. Knows no AWS service.
//
// Contract, tested by drivers/driver.contract.test.ts over every driver:
// - Nodes outlive the fleet. `adopt()` finds those that still run; `close()` stops none.
// - All verbs are idempotent and may be called again after a crash at any instant.
// - `kill` resolves only once no process of the node can answer a client or touch its files.

import type { NodeAccess } from './access.ts';
import type { Admin } from './admin.ts';

/** The kind of an engine. */
export type EngineName = 'redis' | 'valkey';

/** An engine that can be started, identified by name and version. */
export interface EngineBinary {
  engine: EngineName;
  /** e.g. `7.0.15`. */
  version: string;
}

/** What a node is started with: every decision about it. The fleet and its driver add what running it needs. */
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
  /** Cluster mode off: the primary that it follows from the start; absent for a primary. */
  replicaOf?: { address: string; port: number };
  /**
   * What happens to data in the node's directory.
   * `new`: the node never existed, so any data there is another node's; it moves to another name.
   * `keep`: load it. `discard`: delete it first. `set-aside`: start empty, and keep it under another name.
   * `{from}`: load a copy of the dump of the node with this key, and set aside what is here.
   * A damaged dump is never deleted; it is set aside.
   */
  data: 'keep' | 'discard' | 'set-aside' | 'new' | { from: string };
}

/** What the RDB file of a node says about itself. */
export interface DumpFile {
  bytes: number;
  /** The CRC64 at the end of the file: 16 hexadecimal digits. */
  checksum?: string;
  /** When the engine began to write it, by its own clock; milliseconds since the epoch, in whole seconds. */
  savedAt?: number;
  /** The replication id of the data; absent where the node had no replicas. */
  replicationId?: string;
  /** The replication offset of the data, in bytes. */
  offset?: number;
  /** Why the file cannot be a complete RDB file; absent when it looks complete. */
  damage?: string;
}

/** What the directory of a node holds before the node serves. */
export interface StoredData {
  /** Absent when there is none. `damage` is also set when the engine has refused to load it. */
  dump?: DumpFile;
  /** The last run that served clients ended by a graceful shutdown that saved everything. */
  clean: boolean;
}

/** One line of nodes.conf per member of the cluster, written before the node first starts (MEET is slower). */
export interface ClusterSeed {
  self: string;
  /** The port of the cluster bus on every node. */
  busPort: number;
  epoch: number;
  nodes: {
    id: string;
    address: string;
    port: number;
    primaryId?: string;
    slots: [number, number][];
    epoch: number;
    /** The same for all members of a shard, 40 hexadecimal digits; without it each engine generates its own. */
    shardId?: string;
    /** The host name that the node announces; without it clients get addresses. */
    hostname?: string;
  }[];
}

/**
 * - `absent`: no process, and none was started since the fleet opened; its directory may exist.
 * - `starting`: the process runs, and does not answer yet or loads its data.
 * - `running`: it answers.
 * - `busy`: it makes progress but does not answer (a long script, CLIENT PAUSE). This is not a failure.
 * - `hung`: neither answer nor progress for the whole detection window.
 * - `exited`: it ended, and every process of its group is gone or cannot act any more.
 */
export type NodeState = 'absent' | 'starting' | 'running' | 'busy' | 'hung' | 'exited';

/** The state of one node at this moment. */
export interface NodeStatus {
  state: NodeState;
  /** A display name of the running engine, which tells one run from another: `pid 4711`. */
  run?: string;
  /** Where it listens while it runs. An adopted node may listen elsewhere than an old record says. */
  address?: string;
  /** The engine of the last start or of the adopted node, as far as known. */
  binary?: EngineBinary;
  /** Why it ended or failed to start, one line, for people. */
  reason?: string;
  /** It has answered with its data loaded at least once since the fleet opened. */
  served?: true;
}

/** A running engine that belongs to no known node. */
export interface UnknownEngine {
  /** As `NodeStatus.run`. */
  run: string;
  /** The key of the place that holds its files. */
  key: string;
  /** Where it listens, as far as its files tell. */
  address?: string;
}

/** The files of unknown engines, moved out of the way of a new node. */
export interface Moved {
  /** The new location, as a node's key. */
  to: string;
  /** The engines that run there, as `NodeStatus.run`. */
  runs: string[];
}

/** How to stop a node; see `Fleet.stop`. */
export interface StopOptions {
  save: boolean;
  graceMs: number;
  refuseClients?: boolean;
}

/** The nodes of this Millpond, by key. Keys that were never started have the state `absent`. */
export interface Fleet {
  readonly binaries: readonly EngineBinary[];
  /**
   * Finds the running nodes and adopts those whose key is in `known`. Resolves with the others, which it leaves
   * alone: a lost record is no reason to end a node that has data.
   */
  adopt(known: ReadonlySet<string>): Promise<UnknownEngine[]>;
  /** The keys that have a dump, other than those of `known` nodes. */
  unknownData(known: ReadonlySet<string>): Promise<string[]>;
  /** As `kill`. */
  endUnknownEngine(engine: UnknownEngine): Promise<void>;
  /**
   * Writes the node's files and starts it, unless it already runs. Resolves once the engine listens, or after a time
   * limit, with the foreign files that were moved out of its way. Rejects with an OperationalError (EngineFailed,
   * AddressInUse, AddressUnavailable, DiskFull, StateUnreadable) when it cannot be started.
   */
  start(spec: NodeSpec): Promise<Moved | undefined>;
  /** Resolves when the node answers with its data loaded; rejects when it ends first or `signal` aborts. */
  ready(key: string, signal?: AbortSignal): Promise<void>;
  status(key: string): NodeStatus;
  /**
   * The privileged connection. Opened on first use and reopened after a drop; commands reject while the node is away.
   */
  admin(key: string): Admin;
  /**
   * For processes of Millpond's own that talk to the engine. `undefined` while none runs, or when it has no socket: only
   * engines of earlier versions have none.
   */
  access(key: string): NodeAccess | undefined;
  /** Kills the node's processes at once; see the contract above. */
  kill(key: string): Promise<void>;
  /**
   * SHUTDOWN with the data saved (or not), then `kill` if it has not ended after `graceMs`. Rejects with DiskFull or
   * EngineFailed, and leaves the node running, when the engine cannot save. With `refuseClients` it first closes its
   * clients' connections and accepts no more, so that no client waits while it saves.
   */
  stop(key: string, options: StopOptions): Promise<void>;
  /** Kills the node, then deletes its files. */
  remove(key: string): Promise<void>;
  /**
   * Reads the beginning and the end of the node's files, never all of them. For a running node it describes the files
   * on disk, which are older than the data in memory, and `clean` is false. Rejects with StateUnreadable.
   */
  stored(key: string): Promise<StoredData>;
  /** Called with the node's key whenever its status changed. Returns the unsubscriber. */
  onChange(listener: (key: string) => void): () => void;
  /** Closes connections and watchers; stops no node. */
  close(): Promise<void>;
}
