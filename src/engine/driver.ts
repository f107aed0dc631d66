// The contract of a driver: how nodes run somewhere. The fleet decides what becomes of a node, and is the same for every
// driver; the driver has the means. A node is known by its key, its data by the same key, a running engine by a name for
// people. Paths, pids and sockets stay on the driver's side.
//
// Held over every driver, through the fleet, by drivers/driver.contract.test.ts.

import type { Access } from './access.ts';
import type { AdminConnection } from './admin.ts';
import type { NodesFile } from './cluster-seed.ts';
import type { EngineBinary, Moved, NodeSpec, StoredData } from './fleet.ts';

export interface Driver {
  /** The engines that it can start. */
  readonly binaries: readonly EngineBinary[];
  readonly addresses: Addresses;
  /** Where the node of this key lives. The same object each time. */
  place(key: string): Place;
  /** Every engine that runs, in whatever place. Of several in one place the recorded one comes first. */
  find(): Promise<FoundEngine[]>;
  /** The keys of places that hold a dump, sorted. */
  keysWithData(): Promise<string[]>;
  /** Ends nothing that runs. */
  close(): Promise<void>;
}

/** The addresses that nodes get. Who has which is not known here. */
export interface Addresses {
  /**
   * The first free address for a node in a subnet (CIDR notation); `undefined` when every one is used. `resting` has those
   * that were given up of late, with the time of that: they come last, the one first that was given up first.
   */
  take(subnet: string, used: ReadonlySet<string>, resting?: ReadonlyMap<string, number>): string | undefined;
  /** Whether a node can listen there without anybody being asked for it. */
  isReady(address: string): boolean;
  /** Whether it can be had from `take` now: an earlier run may have had others. */
  owns(address: string): boolean;
}

/** Where a node's files lie and its engine runs. The fleet calls these verbs one at a time, but for the looks. */
export interface Place {
  /**
   * Treats the data as the spec says, writes the files and starts the engine. Resolves once the engine exists; whether
   * it comes to listen is seen by its signs and by `Run.ended`. Rejects with an OperationalError (EngineMissing,
   * AddressInUse, AddressUnavailable, DiskFull, StateUnreadable, EngineFailed); no engine runs then.
   */
  start(start: EngineStart): Promise<Run>;
  /** Moves what somebody left here out of the way of a new node. Resolves with it where engines run in it. */
  giveWay(): Promise<Moved | undefined>;
  /**
   * Millpond's own connection to the engine that runs here. It is no client port: neither the number of clients, nor
   * their users, nor faults of the network reach it. `access` tells how to speak, `undefined` while there is no one to
   * speak to.
   */
  admin(access: () => Access | undefined): AdminConnection;
  /** The last lines of the engine's log that belong to the last start; empty when there are none. */
  lastLines(): Promise<string[]>;
  /** Of a place whose engine runs `clean` means nothing. Rejects with StateUnreadable. */
  stored(): Promise<StoredData>;
  /** How far the engine is with the dump that it writes now, in bytes; 0 when it writes none. */
  savedBytes(): Promise<number>;
  /** What is left for data, and a name for people of where that is. */
  freeSpace(): Promise<{ bytes: number; where: string }>;
  /** Deletes all that Millpond and the engine made here. Nothing runs here any more. */
  remove(): Promise<void>;
}

export interface EngineStart {
  spec: NodeSpec;
  /** The text of the engine's configuration; the driver may add what its own channel needs. Holds secrets. */
  configuration: string;
  /** Present in cluster mode: nodes.conf, made from the one that lies there. */
  nodesFile?: (found: string | undefined) => NodesFile;
}

/** What an engine was started with. */
export interface RunFacts {
  address: string;
  port: number;
  binary: EngineBinary;
  /** The parameter `rename-commands`, as it was at the start. */
  renameCommands?: string | undefined;
}

/** One engine from its start, or from when it was found, to its end. */
export interface Run {
  /** For people, and to tell one run from another: `pid 4711`. */
  readonly name: string;
  readonly facts: RunFacts;
  /** Resolves with the reason, one line for people, once nothing is left that could answer a client or touch the data. */
  readonly ended: Promise<string>;
  /** Its end is known, or was ordered, and is not complete yet. */
  readonly ending: boolean;
  /** Begins to watch for signs of life. Called once. */
  watch(access: Access, events: SignEvents): Signs;
  /** Changes whenever the engine has run; `undefined` where nobody can tell. */
  progress(): string | undefined;
  /** Called again and again while no answers arrive: to see an end that nobody told. */
  look(): void;
  /** Ends it at once. Resolves with `ended`; rejects with TimedOut when the system does not end it. */
  kill(reason: string): Promise<void>;
  /** Stops watching; the engine goes on. */
  close(): void;
}

/** Told as it happens, never before `Run.watch` has returned. */
export interface SignEvents {
  /** The engine takes connections. */
  onAccept(): void;
  /** It has answered a PING. */
  onAnswer(answer: 'ready' | 'loading'): void;
  /** It does not answer commands, as clients may bring about by CLIENT PAUSE, but its loop turns. */
  onTurn(): void;
}

export interface Signs {
  /** Sends a PING, unless one is waiting for its answer. */
  ask(): void;
  /** Asks for an answer that no command of a client can hold back, unless one is waiting. `onTurn` tells of it. */
  askForTurn(): void;
}

/** An engine that runs in a place, whoever started it. */
export interface FoundEngine {
  key: string;
  /** As `Run.name`. */
  name: string;
  /** The engine itself is gone, and only what it forked is left. */
  isRest: boolean;
  /** Absent when its files do not tell. */
  facts?: RunFacts;
  /** The facts were written down when it was started. Else they are read from its files, and the engine is to be asked. */
  isRecorded: boolean;
  /** Whether the engine whose `INFO server` this is, is this one. */
  isMeant(info: ReadonlyMap<string, string>): boolean;
  /** As `Place.admin`, before it is taken over. Only where there are facts. */
  admin(access: Access): AdminConnection;
  /** Takes it over, and writes these facts down. Only where there are facts. */
  take(facts: RunFacts): Promise<Run>;
  /** Ends what is left of it at once. */
  end(): Promise<void>;
  /** Asks it to save its data and end, without a word to it; then as `end`. */
  endInOrder(): Promise<void>;
}
