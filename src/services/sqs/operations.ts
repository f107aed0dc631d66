// Every operation that Millpond's SQS implements, by name.

import type { Operations } from '../../wire/service.ts';
import type { Sqs } from './context.ts';
import { GetQueueAttributes, SetQueueAttributes } from './operations/attributes.ts';
import { CreateQueue } from './operations/create-queue.ts';
import {
  ChangeMessageVisibility,
  ChangeMessageVisibilityBatch,
  DeleteMessage,
  DeleteMessageBatch,
} from './operations/delete-message.ts';
import {
  CancelMessageMoveTask,
  ListMessageMoveTasks,
  StartMessageMoveTask,
} from './operations/message-move-tasks.ts';
import { AddPermission, RemovePermission } from './operations/permissions.ts';
import {
  DeleteQueue,
  GetQueueUrl,
  ListDeadLetterSourceQueues,
  ListQueues,
  PurgeQueue,
} from './operations/queues.ts';
import { ReceiveMessage } from './operations/receive-message.ts';
import { SendMessage, SendMessageBatch } from './operations/send-message.ts';
import { ListQueueTags, TagQueue, UntagQueue } from './operations/tags.ts';
import type { Sdk } from './sdk.ts';

/** Implementations by operation name. */
export const operations: Operations<Sdk, Sqs> = {
  AddPermission,
  CancelMessageMoveTask,
  ChangeMessageVisibility,
  ChangeMessageVisibilityBatch,
  CreateQueue,
  DeleteMessage,
  DeleteMessageBatch,
  DeleteQueue,
  GetQueueAttributes,
  GetQueueUrl,
  ListDeadLetterSourceQueues,
  ListMessageMoveTasks,
  ListQueues,
  ListQueueTags,
  PurgeQueue,
  ReceiveMessage,
  RemovePermission,
  SendMessage,
  SendMessageBatch,
  SetQueueAttributes,
  StartMessageMoveTask,
  TagQueue,
  UntagQueue,
};
