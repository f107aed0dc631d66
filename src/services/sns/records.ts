// SNS's records, each kind a collection of documents.

import type { Indexes } from '../../store/document-indexes.ts';
import type { Collection, Store } from '../../store/store.ts';
import type { Subscription, Topic } from './domain/model.ts';

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
  /** One, in no scope. */
  signingKeys: Collection<SigningKey>;
}

const SUBSCRIPTION_INDEXES: Indexes<Subscription> = {
  topic: ({ topicName }) => topicName,
  /** By topic, those that nobody confirmed yet. */
  pending: ({ topicName, pending }) => pending && topicName,
  /** By topic, those that have a filter policy. */
  filtered: ({ topicName, attributes }) => (attributes.FilterPolicy ? topicName : undefined),
  endpoint: (subscription) => endpointKey(subscription),
};

/** A topic has one subscription of each protocol and endpoint at most. */
export const endpointKey = (one: Pick<Subscription, 'topicName' | 'protocol' | 'endpoint'>): string =>
  `${one.topicName} ${one.protocol} ${one.endpoint}`;

export function openRecords(store: Store): Records {
  return {
    topics: store.collection('sns/topic'),
    subscriptions: store.collection('sns/subscription', SUBSCRIPTION_INDEXES),
    signingKeys: store.collection('sns/signing-key'),
  };
}

export const subscriptionKey = (topicName: string, id: string): string => `${topicName}:${id}`;
