// What Millpond keeps of SNS: topics, subscriptions, messages that are on their way, and what became of those that
// could not be delivered. Plain JSON.

export interface Topic {
  name: string;
  /** As SetTopicAttributes takes them; what is derived is not here. */
  attributes: Record<string, string>;
  tags: Record<string, string>;
  deletedSubscriptions: number;
}

/** Those of which Millpond delivers, and e-mail, which is kept and never confirmed. */
export type Protocol = 'lambda' | 'http' | 'https' | 'email' | 'email-json';

export interface Subscription {
  /** The last part of its ARN. */
  id: string;
  topicName: string;
  protocol: Protocol;
  endpoint: string;
  /** As SetSubscriptionAttributes takes them. */
  attributes: Record<string, string>;
  /** Until it is confirmed. */
  pending?: { token: string; since: number };
  wasAuthenticated: boolean;
}

export interface MessageAttribute {
  /** `String`, `String.Array`, `Number`, `Binary`, or one of them with a suffix. */
  type: string;
  /** Base64 where it is binary. */
  value: string;
}

export interface Message {
  id: string;
  topicArn: string;
  /** Milliseconds since the epoch. */
  at: number;
  subject?: string;
  text: string;
  /** With MessageStructure json: what differs from `text`, by protocol. */
  texts?: Partial<Record<Protocol, string>>;
  attributes: Record<string, MessageAttribute>;
  /** Of a message that asks for confirmation. */
  token?: string;
}

export interface Delivery {
  /** Of the subscription, and growing with every message: sorts in the order of publishing. */
  id: string;
  messageId: string;
  topicName: string;
  subscriptionId: string;
  failures: number;
  /** Milliseconds since the epoch. */
  notBefore: number;
}

export interface DeadLetter {
  /** Grows with every one. */
  number: number;
  subscriptionArn: string;
  endpoint: string;
  /** From the subscription's RedrivePolicy; nothing is sent there. */
  targetArn?: string;
  at: number;
  attempts: number;
  reason: string;
  message: Message;
}

export const textFor = (message: Message, protocol: Protocol): string =>
  message.texts?.[protocol] ?? message.text;
