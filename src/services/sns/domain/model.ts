// What Millpond keeps of SNS: topics, subscriptions, and messages that are on their way. Plain JSON.

export interface Topic {
  name: string;
  /** As SetTopicAttributes takes them; what is derived is not here. */
  attributes: Record<string, string>;
  tags: Record<string, string>;
  deletedSubscriptions: number;
}

/** Those of which Millpond delivers, and e-mail, which is kept and never confirmed. */
export type Protocol = 'lambda' | 'sqs' | 'http' | 'https' | 'email' | 'email-json';

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

export const textFor = (message: Message, protocol: Protocol): string =>
  message.texts?.[protocol] ?? message.text;
