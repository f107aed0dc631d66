// SNS's records, each kind a collection of documents.

import type { Collection, Store } from '../../store/store.ts';
import type { DeadLetter, Delivery, Message, Subscription, Topic } from './domain/model.ts';

export interface SigningKey {
  /** PEM. */
  privateKey: string;
  certificate: string;
}

export interface Records {
  /** By name. */
  topics: Collection<Topic>;
  /** By topic and id, so that those of a topic lie together. */
  subscriptions: Collection<Subscription>;
  /** By id; only while a delivery needs them. */
  messages: Collection<Message>;
  /** By id, in the scope of their topic. */
  deliveries: Collection<Delivery>;
  /** A ring: by number modulo its length. */
  deadLetters: Collection<DeadLetter>;
  /** One, in no scope. */
  signingKeys: Collection<SigningKey>;
}

export function openRecords(store: Store): Records {
  return {
    topics: store.collection('sns/topic'),
    subscriptions: store.collection('sns/subscription'),
    messages: store.collection('sns/message'),
    deliveries: store.collection('sns/delivery'),
    deadLetters: store.collection('sns/dead-letter'),
    signingKeys: store.collection('sns/signing-key'),
  };
}

export const subscriptionKey = (topicName: string, id: string): string => `${topicName}:${id}`;
