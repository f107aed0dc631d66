// Every operation that Millpond's SNS implements, by name. All other operations answer that they are not implemented.

import type { Operations } from '../../wire/service.ts';
import type { Sns } from './context.ts';
import { GetDataProtectionPolicy, ListPlatformApplications } from './operations/absent.ts';
import { CreateTopic } from './operations/create-topic.ts';
import { AddPermission, RemovePermission } from './operations/permissions.ts';
import { Publish, PublishBatch } from './operations/publish.ts';
import { ConfirmSubscription, Subscribe } from './operations/subscribe.ts';
import {
  GetSubscriptionAttributes,
  ListSubscriptions,
  ListSubscriptionsByTopic,
  SetSubscriptionAttributes,
  Unsubscribe,
} from './operations/subscriptions.ts';
import { ListTagsForResource, TagResource, UntagResource } from './operations/tags.ts';
import { DeleteTopic, GetTopicAttributes, ListTopics, SetTopicAttributes } from './operations/topics.ts';
import type { Sdk } from './sdk.ts';

/** Implementations by operation name. */
export const operations: Operations<Sdk, Sns> = {
  AddPermission,
  ConfirmSubscription,
  CreateTopic,
  DeleteTopic,
  GetDataProtectionPolicy,
  GetSubscriptionAttributes,
  GetTopicAttributes,
  ListPlatformApplications,
  ListSubscriptions,
  ListSubscriptionsByTopic,
  ListTagsForResource,
  ListTopics,
  Publish,
  PublishBatch,
  RemovePermission,
  SetSubscriptionAttributes,
  SetTopicAttributes,
  Subscribe,
  TagResource,
  Unsubscribe,
  UntagResource,
};
