// SNS's records: topics, subscriptions and the signing key. Each kind is a collection of documents.

import { openRecords as openKind, type RecordKind, type Records as RecordsOf } from '../../aws/records.ts';
import type { Collection, Store } from '../../store/store.ts';
import type { Subscription, Topic } from './domain/model.ts';
import { subscriptionNotFound, topicLimitExceeded, topicNotFound } from './faults.ts';

/** The key that signs messages and the certificate that verifies them. */
export interface SigningKey {
  /** PEM. */
  privateKey: string;
  certificate: string;
}

/** The collections of SNS. */
export interface Records {
  /** Keyed by name. */
  topics: RecordsOf<Topic>;
  /** Keyed by `subscriptionKey`, so that a topic's subscriptions are adjacent. */
  subscriptions: RecordsOf<Subscription>;
  /** One record for all accounts. */
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
    /** Unconfirmed subscriptions, by topic. */
    pending: ({ topicName, pending }) => pending && topicName,
    /** By `waitingKey`: unconfirmed subscriptions, oldest first. */
    waiting: ({ topicName, pending }) => pending && `${waitingKey(topicName)}${pending.since.toString(36)}`,
    /** By `tokenKey`: finds the subscription that a confirmation token belongs to. */
    token: ({ topicName, pending }) => pending && tokenKey(topicName, pending.token),
    /** Subscriptions with a filter policy, by topic. */
    filtered: ({ topicName, attributes }) => (attributes.FilterPolicy ? topicName : undefined),
    /** By `endpointKey`. */
    endpoint: (subscription) => endpointKey(subscription),
  },
  notFound: subscriptionNotFound,
};

/** Key of the index `endpoint`. A topic has at most one subscription for each protocol and endpoint. */
export const endpointKey = (one: Pick<Subscription, 'topicName' | 'protocol' | 'endpoint'>): string =>
  `${one.topicName} ${one.protocol} ${one.endpoint}`;

/** Prefix of a topic's keys in the index `waiting`. The time follows it in eight base-36 digits. */
export const waitingKey = (topicName: string): string => `${topicName} `;

/** Key of the index `token`. */
export const tokenKey = (topicName: string, token: string): string => `${topicName} ${token}`;

/** Opens the collections in the store. */
export function openRecords(store: Store): Records {
  return {
    topics: openKind(store, TOPIC),
    subscriptions: openKind(store, SUBSCRIPTION),
    signingKeys: store.collection('sns/signing-key'),
  };
}

/** Key of a subscription: `topic:id`, which is also how its ARN ends. */
export const subscriptionKey = (topicName: string, id: string): string => `${topicName}:${id}`;
