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
  /** AWS: the tenant of a fair queue. It is stored and shown, and has no effect. */
  groupId?: string;
  senderId: string;
  sentAt: number;
  /** When the message can be received: after its delay or its visibility timeout. */
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
