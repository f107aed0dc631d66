// SNS's records, each kind a collection of documents.

import { openRecords as openKind, type RecordKind, type Records as RecordsOf } from '../../aws/records.ts';
import type { Collection, Store } from '../../store/store.ts';
import type { Subscription, Topic } from './domain/model.ts';
import { subscriptionNotFound, topicLimitExceeded, topicNotFound } from './faults.ts';

export interface SigningKey {
  /** PEM. */
  privateKey: string;
  certificate: string;
}

export interface Records {
  /** By name. */
  topics: RecordsOf<Topic>;
  /** By `subscriptionKey`, so that those of a topic lie together. */
  subscriptions: RecordsOf<Subscription>;
  /** One, in no scope. */
  signingKeys: Collection<SigningKey>;
}

const TOPIC: RecordKind<Topic> = {
  collection: 'sns/topic',
  idOf: ({ name }) => name,
  notFound: topicNotFound,
  quota: { most: 10_000, exceeded: topicLimitExceeded },
};

const SUBSCRIPTION: RecordKind<Subscription> = {
  collection: 'sns/subscription',
  idOf: ({ topicName, id }) => subscriptionKey(topicName, id),
  indexes: {
    topic: ({ topicName }) => topicName,
    /** By topic, those that are not confirmed yet. */
    pending: ({ topicName, pending }) => pending && topicName,
    /** By `waitingKey`, in the order in which they were asked to confirm. */
    waiting: ({ topicName, pending }) => pending && `${waitingKey(topicName)}${pending.since.toString(36)}`,
    /** By `tokenKey`, as it was sent to the endpoint. */
    token: ({ topicName, pending }) => pending && tokenKey(topicName, pending.token),
    /** By topic, those that have a filter policy. */
    filtered: ({ topicName, attributes }) => (attributes.FilterPolicy ? topicName : undefined),
    /** By `endpointKey`. */
    endpoint: (subscription) => endpointKey(subscription),
  },
  notFound: subscriptionNotFound,
};

/** A topic has one subscription of each protocol and endpoint at most. */
export const endpointKey = (one: Pick<Subscription, 'topicName' | 'protocol' | 'endpoint'>): string =>
  `${one.topicName} ${one.protocol} ${one.endpoint}`;

/** What the keys of a topic's subscriptions in the index `waiting` begin with. Times have eight digits. */
export const waitingKey = (topicName: string): string => `${topicName} `;

export const tokenKey = (topicName: string, token: string): string => `${topicName} ${token}`;

export function openRecords(store: Store): Records {
  return {
    topics: openKind(store, TOPIC),
    subscriptions: openKind(store, SUBSCRIPTION),
    signingKeys: store.collection('sns/signing-key'),
  };
}

/** What the ARNs of a topic's subscriptions end with. */
export const subscriptionKey = (topicName: string, id: string): string => `${topicName}:${id}`;
