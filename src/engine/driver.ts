// The contract of a driver, which runs nodes somewhere. The fleet decides what happens to a node, in the same way for
// every driver; the driver carries it out. A node and its data have one key; a running engine has a display name.
// Paths, pids and sockets stay inside the driver.
//
// drivers/driver.contract.test.ts runs this contract over every driver, through the fleet.

import type { Access } from './access.ts';
import type { AdminConnection } from './admin.ts';
import type { NodesFile } from './cluster-seed.ts';
import type { EngineBinary, Moved, NodeSpec, StoredData } from './fleet.ts';

/** A way to run nodes: processes on this machine, or fakes in memory. */
export interface Driver {
  /** The engines that this driver can start. */
  readonly binaries: readonly EngineBinary[];
  readonly addresses: Addresses;
  /** The place of the node with this key; always the same object. */
  place(key: string): Place;
  /** Every running engine in any place. If several run in one place, the recorded one comes first. */
  find(): Promise<FoundEngine[]>;
  /** The keys of places that hold a dump, sorted. */
  keysWithData(): Promise<string[]>;
  /** Releases the driver's resources; stops no engine. */
  close(): Promise<void>;
}

/** The pool of addresses for nodes. It does not record which node has which address. */
export interface Addresses {
  /**
   * The first free address for a node in a subnet (CIDR notation); `undefined` when all are used. `quarantined` maps
   * recently released addresses to the time of their release: they come last, the longest released first.
   */
  take(
    subnet: string,
    used: ReadonlySet<string>,
    quarantined?: ReadonlyMap<string, number>,
  ): string | undefined;
  /** Whether a node can listen on the address without any further set-up. */
  isReady(address: string): boolean;
  /**
   * Whether `take` can return the address now, for this subnet or for any: an earlier run may have had another block or
   * network.
   */
  owns(address: string, subnet?: string): boolean;
}

/**
 * Where a node has its files and its engine runs. The fleet calls one verb at a time; reads may overlap with them.
 */
export interface Place {
  /**
   * Prepares the data as the spec says, writes the files and starts the engine. Resolves once the engine exists;
   * `Run.watch` and `Run.ended` tell whether it then listens. Rejects with an OperationalError (EngineMissing,
   * AddressInUse, AddressUnavailable, DiskFull, StateUnreadable, EngineFailed); no engine runs then.
   */
  start(start: EngineStart): Promise<Run>;
  /** Moves foreign files out of the way of a new node. Resolves with the new location if engines run in it. */
  moveForeignFiles(): Promise<Moved | undefined>;
  /**
   * Millpond's own connection to the engine here. It does not use the client port, so the number of clients, users
   * and network faults do not affect it. `access` returns the credentials, or `undefined` while no engine runs.
   */
  admin(access: () => Access | undefined): AdminConnection;
  /** The last lines of the engine's log since the last start; empty when there are none. */
  lastLines(): Promise<string[]>;
  /** What is stored here. `clean` has no meaning while an engine runs. Rejects with StateUnreadable. */
  stored(): Promise<StoredData>;
  /** The size so far of the dump that the engine is writing, in bytes; 0 when it writes none. */
  savedBytes(): Promise<number>;
  /** The free space for data, and a display name of the volume. */
  freeSpace(): Promise<{ bytes: number; where: string }>;
  /** Deletes all files that Millpond and the engine made here. Call it only when nothing runs here. */
  remove(): Promise<void>;
}

/** What a driver needs to start an engine. */
export interface EngineStart {
  spec: NodeSpec;
  /** The text of the engine's configuration; the driver may add directives for its own channel. Holds secrets. */
  configuration: string;
  /** Present in cluster mode: makes nodes.conf from the one that was found. */
  nodesFile?: (found: string | undefined) => NodesFile;
}

/** What an engine was started with. */
export interface RunFacts {
  address: string;
  port: number;
  binary: EngineBinary;
  /** The value of the parameter `rename-commands` at the start. */
  renameCommands?: string | undefined;
}

/** One engine, from its start or adoption to its end. */
export interface Run {
  /** A display name that tells one run from another: `pid 4711`. */
  readonly name: string;
  readonly facts: RunFacts;
  /** The path of Millpond's own socket to it; absent where there is none. */
  readonly socket?: string | undefined;
  /**
   * Resolves with the reason, one line for people, once no process is left that could answer a client or touch the
   * data.
   */
  readonly ended: Promise<string>;
  /** The engine has been told or seen to end, and its end is not complete yet. */
  readonly ending: boolean;
  /** Starts the liveness probe. Called once. */
  watch(access: Access, events: ProbeEvents): LivenessProbe;
  /** A token that changes whenever the engine used CPU; `undefined` where that cannot be measured. */
  progress(): string | undefined;
  /** Called repeatedly while answers are overdue, to notice an end that no event reported. */
  look(): void;
  /** Ends the engine at once. Resolves with `ended`; rejects with TimedOut when the system does not end it. */
  kill(reason: string): Promise<void>;
  /** Stops the probe; the engine keeps running. */
  close(): void;
}

/** What the liveness probe reports, as it happens; never before `Run.watch` has returned. */
export interface ProbeEvents {
  /** The engine takes connections. */
  onAccept(): void;
  /** The engine answered a probe. */
  onAnswer(answer: 'ready' | 'loading'): void;
  /** The engine does not answer commands (CLIENT PAUSE can do that), but its event loop turns. */
  onTurn(): void;
}

/** Asks one engine whether it lives; the answers arrive as `ProbeEvents`. */
export interface LivenessProbe {
  /** Sends a question, unless one is waiting for its answer. */
  ask(): void;
  /** Asks a question that no client's command can delay, unless one is pending. `onTurn` reports the answer. */
  askForTurn(): void;
}

/** An engine that was found running in a place. */
export interface FoundEngine {
  key: string;
  /** As `Run.name`. */
  name: string;
  /** The engine has ended, and only its child processes are left. */
  isRemnant: boolean;
  /** Absent when the engine's files do not tell. */
  facts?: RunFacts;
  /** The facts were recorded at the start. Otherwise they are read from the engine's files and must be confirmed. */
  isRecorded: boolean;
  /** Whether this `INFO server` comes from this engine. */
  isSameEngine(info: ReadonlyMap<string, string>): boolean;
  /** As `Place.admin`, before adoption. Only where there are facts. */
  admin(access: Access): AdminConnection;
  /** Takes the engine over and records these facts. Only where there are facts. */
  take(facts: RunFacts): Promise<Run>;
  /** Ends all its processes at once. */
  end(): Promise<void>;
  /** Asks the engine by signal to save its data and exit, then does as `end`. */
  endGracefully(): Promise<void>;
}
