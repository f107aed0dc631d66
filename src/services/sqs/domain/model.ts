// SQS's data model: queues, messages and move tasks. Plain JSON, as it is stored. All times are in milliseconds since
// the epoch.

/** A queue as it is stored. */
export interface Queue {
  name: string;
  /** The id under which the queue's messages are stored. A purge gives the queue a new one. */
  mailbox: string;
  /** Attributes that were set. The others have their defaults. */
  attributes: Readonly<Record<string, string>>;
  tags: Readonly<Record<string, string>>;
  createdAt: number;
  modifiedAt: number;
  purgedAt?: number;
}

/** A message attribute: `text`, or `binary` in base64. */
export interface MessageAttribute {
  /** `String`, `Number` or `Binary`, optionally followed by a dot and the client's label. */
  type: string;
  text?: string;
  binary?: string;
}

/** Message attributes by name. */
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** A message as it is stored. */
export interface Message {
  id: string;
  mailbox: string;
  body: string;
  attributes?: MessageAttributes;
  traceHeader?: string;
  /** Of a FIFO queue, the messages of a group are received in order. In a standard queue it is stored and shown. */
  groupId?: string;
  /** FIFO queues only: the given id, or the SHA-256 of the body. */
  deduplicationId?: string;
  /** FIFO queues only: twenty digits, which increase in the queue. */
  sequence?: string;
  senderId: string;
  sentAt: number;
  /**
   * When the message can be received: after its delay or its visibility timeout. A new message of a FIFO queue has the
   * time at which it was sent: the queue's delay is added when it is received.
   */
  dueAt: number;
  /** Orders messages that become due at the same time by their arrival. */
  order: number;
  /** How often the message was received. */
  receives: number;
  firstReceivedAt?: number;
  lastReceivedAt?: number;
  /** The random part of its newest receipt handle. */
  receipt?: string;
  /** The ARN of the queue from which it went to the dead-letter queue. */
  deadLetterSource?: string;
}

/** A task that moves the messages of one queue. */
export interface MoveTask {
  id: string;
  source: string;
  /** Absent if each message returns to the queue that it came from. */
  destination?: string;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED';
  moved: number;
  toMove: number;
  startedAt: number;
  mostPerSecond?: number;
  failure?: string;
}

/** A group of a FIFO queue that has messages. */
export interface MessageGroup {
  mailbox: string;
  group: string;
  /** The sequence number of its first message. */
  head: string;
  /** Until when a message of the group is in flight, and the group blocked; 0 if none is. */
  blockedUntil: number;
}

/** A message that was sent with a deduplication id: later ones with this id are accepted and not delivered. */
export interface SentBefore {
  /** The key under which it is stored. */
  key: string;
  mailbox: string;
  messageId: string;
  sequence: string;
  at: number;
}

/** What a ReceiveMessage with a ReceiveRequestAttemptId answered, for its repetition. */
export interface ReceiveAttempt {
  /** The key under which it is stored. */
  key: string;
  mailbox: string;
  at: number;
  messages: readonly { id: string; receipt: string; dueAt: number }[];
}
