// What SQS keeps: queues, their messages and the tasks that move messages from one queue to another.

export interface Queue {
  name: string;
  /** Under which its messages lie. A purge gives the queue another one. */
  mailbox: string;
  /** As clients set them; what is not set has its default. */
  attributes: Readonly<Record<string, string>>;
  tags: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch, as all times here. */
  createdAt: number;
  modifiedAt: number;
  purgedAt?: number;
}

/** A message attribute; binary values in base64. */
export interface MessageAttribute {
  /** `String`, `Number` or `Binary`, and perhaps a label of the client's behind a dot. */
  type: string;
  text?: string;
  binary?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

export interface Message {
  id: string;
  mailbox: string;
  body: string;
  attributes?: MessageAttributes;
  traceHeader?: string;
  /** AWS: of a fair queue; kept and shown. */
  groupId?: string;
  senderId: string;
  sentAt: number;
  /** From when on it can be received: when its delay or its visibility timeout is over. */
  dueAt: number;
  /** Puts messages of the same moment into the order in which they came. */
  order: number;
  /** How often it was received. */
  receives: number;
  firstReceivedAt?: number;
  lastReceivedAt?: number;
  /** What its newest receipt handle bears. */
  receipt?: string;
  /** The ARN of the queue that gave it up. */
  deadLetterSource?: string;
}

export interface MoveTask {
  /** Its handle. */
  id: string;
  source: string;
  /** Absent: each message goes back to the queue that gave it up. */
  destination?: string;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED';
  moved: number;
  toMove: number;
  startedAt: number;
  mostPerSecond?: number;
  failure?: string;
}
