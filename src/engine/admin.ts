// The interface of Millpond's own privileged connection to one engine. Commands that clients may not call (config,
// replicaof, cluster setslot…) work here, because the connection knows their secret names.

/** A word of a command; a Buffer is sent as it is. */
export type Argument = string | number | Buffer;

/**
 * The privileged connection as its users see it. Opened on first use and shared; see `AdminConnection` for its owner.
 */
export interface Admin {
  /** One command. Rejects with the engine's error (`EngineError`), EngineFailed when the node is away, TimedOut after 5 s. */
  send(...command: Argument[]): Promise<unknown>;
  /**
   * Sends many commands in one round trip, in order. An error reply takes its command's place as an `EngineError`.
   * Rejects with EngineFailed when the node is away or goes away before the last reply, TimedOut when the replies
   * take too long.
   */
  sendAll(commands: readonly (readonly Argument[])[], options?: SendOptions): Promise<unknown[]>;
  /**
   * A further privileged connection to the same node; the caller closes it. For commands that block the connection
   * (MIGRATE, Valkey's SETSLOT), behind which a PING would look like a hang.
   */
  branch(): Admin & { close(): void };
  /** Reads INFO replication and whatever else is needed to judge a member, in one round trip or two. */
  observe(): Promise<EngineView>;
}

/** The privileged connection as its owner, the node, sees it. */
export interface AdminConnection extends Admin {
  /** Connects unless connected, so that the connection exists before clients use up the engine's limit. */
  connect(): void;
  /** Closes the connection; pending commands reject. A later command opens a new one. */
  disconnect(): void;
}

/** How to send a batch of commands. */
export interface SendOptions {
  /** How long to wait for the last reply; 5,000 by default. The engine may still carry out the commands later. */
  timeoutMs?: number;
  /** Strings in replies are Buffers: keys may hold any bytes. */
  binary?: boolean;
}

/** The state that an engine reports in INFO. */
export interface EngineView {
  role: 'primary' | 'replica';
  /** The node is loading its data or taking a full sync, and cannot be read. */
  loading: boolean;
  /** The primary that a replica follows. */
  primaryAddress?: string;
  primaryPort?: number;
  /** A replica's link to its primary. Always `up` for a primary. */
  link: 'up' | 'down';
  /** Bytes of the replication history this node holds (master_repl_offset, or slave_repl_offset). */
  offset: number;
  /** The replication id. Two nodes with the same one hold the same data up to the smaller offset. */
  replicationId: string;
  /** The previous replication id (master_replid2); absent when there is none. */
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
