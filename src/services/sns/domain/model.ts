// SNS's data model: topics, subscriptions, and messages in delivery. Plain JSON, as it is stored.

/** A topic as it is stored. */
export interface Topic {
  name: string;
  /** Attributes that were set, by the names of SetTopicAttributes. Derived attributes are not stored. */
  attributes: Record<string, string>;
  tags: Record<string, string>;
  deletedSubscriptions: number;
}

/** The protocols that Subscribe accepts. E-mail subscriptions are stored, but never confirmed or delivered to. */
export type Protocol = 'lambda' | 'sqs' | 'http' | 'https' | 'email' | 'email-json';

/** A subscription as it is stored. */
export interface Subscription {
  /** The last part of its ARN. */
  id: string;
  topicName: string;
  protocol: Protocol;
  endpoint: string;
  /** Attributes that were set, by the names of SetSubscriptionAttributes. */
  attributes: Record<string, string>;
  /** Present until the subscription is confirmed. `since` is in milliseconds since the epoch. */
  pending?: { token: string; since: number };
  /** Whether unsubscribing needs a signed request. */
  wasAuthenticated: boolean;
}

/** One message attribute. */
export interface MessageAttribute {
  /** `String`, `String.Array`, `Number`, `Binary`, or one of them with a suffix. */
  type: string;
  /** Base64 if the type is binary. */
  value: string;
}

/** A message in delivery. */
export interface Message {
  id: string;
  topicArn: string;
  /** Milliseconds since the epoch. */
  at: number;
  subject?: string;
  text: string;
  /** With MessageStructure `json`: the texts of protocols that differ from `text`. */
  texts?: Partial<Record<Protocol, string>>;
  attributes: Record<string, MessageAttribute>;
  /** Present in a message that asks for confirmation. */
  token?: string;
}

/** The text that subscribers of a protocol receive. */
export const textFor = (message: Message, protocol: Protocol): string =>
  message.texts?.[protocol] ?? message.text;
