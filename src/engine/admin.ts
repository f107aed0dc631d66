// What is said to one engine, over Millpond's own privileged connection. The commands that clients
// are denied (config, replicaof, cluster setslot…) work here: the connection knows their secret names.

export type Argument = string | number | Buffer;

export interface Admin {
  /** One command. Rejects with the engine's error (`EngineError`), EngineFailed when the node is away, TimedOut after 5 s. */
  send(...command: Argument[]): Promise<unknown>;
  /**
   * Many commands in one round trip, in order; an `EngineError` stands in its command's place. Rejects with
   * EngineFailed when the node is away or goes away before the last reply, TimedOut when that takes too long.
   */
  sendAll(commands: readonly (readonly Argument[])[], options?: SendOptions): Promise<unknown[]>;
  /**
   * A further privileged connection to the same node, the caller's own to close: for commands that the engine
   * holds back (MIGRATE, Valkey's SETSLOT), behind which a PING would look like a hang.
   */
  branch(): Admin & { close(): void };
  /** INFO replication and what else is needed to judge a member, in one round trip. */
  observe(): Promise<EngineView>;
}

export interface AdminConnection extends Admin {
  /** Connects if need be, so that a connection is there before clients have used up all that the engine takes. */
  connect(): void;
  /** Drops the connection; what waits for a reply rejects. A later command makes a new one. */
  disconnect(): void;
}

export interface SendOptions {
  /** How long to wait for the last reply; 5,000 unless told. What was sent may still be carried out later. */
  timeoutMs?: number;
  /** Texts arrive as Buffers, not decoded: for keys, which may be any bytes. */
  binary?: boolean;
}

/** What an engine says of itself. */
export interface EngineView {
  role: 'primary' | 'replica';
  /** The node is loading its data or taking a full sync, and cannot be read. */
  loading: boolean;
  /** Whom a replica follows. */
  primaryAddress?: string;
  primaryPort?: number;
  /** A replica's link to its primary. Always `up` for a primary. */
  link: 'up' | 'down';
  /** Bytes of the replication history this node holds (master_repl_offset, or slave_repl_offset). */
  offset: number;
  /** The history's id; two nodes with the same one have the same data up to the smaller offset. */
  replicationId: string;
  /** The history that this one goes on from; absent when there is none. */
  previousReplicationId?: string;
  /** Replicas that are online, with the offset each has acknowledged. */
  replicas: { address: string; port: number; offset: number; state: string }[];
  /** Keys in all databases. */
  keys: number;
  /** A replica that has never completed a sync with any primary since it started. */
  neverSynced: boolean;
}

/** An error reply of the engine; `code` is its first word, e.g. `NOREPLICAS`. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: string;

  constructor(message: string) {
    super(message);
    this.code = message.split(' ', 1)[0] ?? '';
  }
}
