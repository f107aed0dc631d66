// The contract of a sink: where changes go. There is a file for each in sinks/.

/** A message for a sink: a change in the form that the mapping gives it. */
export interface Message {
  /** As of the change. Messages with one `lane` are delivered in order; it is the key unless the mapping says otherwise. */
  sequence: string;
  lane: string;
  /** When the change was seen: milliseconds since the epoch. */
  at: number;
  kind: 'write' | 'delete' | 'sync';
  /** JSON: what a function, a topic or a queue gets. */
  payload: unknown;
  /** What a table gets: the columns or attributes, the key's among them. Absent for sinks that take payloads. */
  row?: Row;
}

/** A row of a table. For a `delete` only the key's columns are there. */
export interface Row {
  /** The names of the columns that identify it, in the table's order. */
  key: readonly string[];
  columns: Readonly<Record<string, Column>>;
}

/** A column's value. Texts that are no valid UTF-8 are Buffers. */
export type Column =
  | string
  | number
  | bigint
  | boolean
  | Buffer
  | null
  | readonly Column[]
  | { [name: string]: Column };

/** A sink. */
export interface Sink {
  /** For people: `lambda shop-orders`, `dynamodb Carts`. */
  readonly name: string;
  /** The most messages of one `deliver`, and the most bytes of their payloads as JSON. */
  readonly limits: { messages: number; bytes: number };
  /** Delivers either all messages of a `deliver` or none, in their order; a lane may then have several of them. */
  readonly isAllOrNothing?: boolean;
  /**
   * Delivers messages, of each lane at most one unless it delivers all or nothing; in order. Resolves with those that
   * failed (all others were delivered); rejects when it is not known whether any was. Takes no longer than `signal`
   * allows. Delivering a message again does no harm where the sink can know its sequence.
   */
  deliver(messages: readonly Message[], signal: AbortSignal): Promise<readonly Failure[]>;
  close(): Promise<void>;
}

/** A message that was not delivered. */
export interface Failure {
  /** Its index in the messages of `deliver`. */
  index: number;
  /** Trying again may succeed: throttling, a function's error, a lost connection. */
  mayRetry: boolean;
  /** For people, one line. */
  reason: string;
}

/** Calls operations of AWS services for a sink: `call('lambda', 'Invoke', {…})`. Answers get their types where they are used. */
export interface AwsCalls {
  /** Rejects with a CallFailed, or an OperationalError when the service cannot be reached. Bytes are Buffers. */
  call(service: 'lambda' | 'dynamodb' | 'sns' | 'sqs', operation: string, input: object): Promise<unknown>;
}

/** An error that a service answered with. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  /** `ThrottlingException` */
  readonly code: string;
  /** The caller is at fault, so the same call fails again. */
  readonly isFinal: boolean;

  constructor(code: string, message: string, isFinal: boolean) {
    super(message);
    this.code = code;
    this.isFinal = isFinal;
  }
}
