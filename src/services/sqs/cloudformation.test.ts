// SQS's resource types, called as CloudFormation calls them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { driveTypes, SCOPE } from '../../../test/support/resource-types.ts';
import { silentLog } from '../../kernel/log.ts';
import { openStore } from '../../store/store.ts';
import { createClient } from '../../wire/client.ts';
import { sqsResourceTypes } from './cloudformation.ts';
import type { Sdk } from './sdk.ts';
import { createSqs } from './service.ts';

test('queues and their policies are made, changed and deleted', async () => {
  const { service } = createSqs({
    ...{ store: openStore(':memory:'), clock: { now: () => 0 }, log: silentLog },
    baseUrl: () => 'http://127.0.0.1:4566',
  });
  const sqs = createClient<Sdk>('sqs', { inProcess: service });
  const { make, update, deleteAll } = driveTypes(sqsResourceTypes(sqs));
  const dead = await make('AWS::SQS::Queue', 'Dead', {});
  const url = 'http://127.0.0.1:4566/000000000000/demo-Dead-TOKENDEAD000';
  assert.deepEqual(dead, {
    physicalId: url,
    attributes: {
      Arn: 'arn:aws:sqs:us-east-1:000000000000:demo-Dead-TOKENDEAD000',
      QueueName: 'demo-Dead-TOKENDEAD000',
      QueueUrl: url,
    },
  });
  const first = {
    QueueName: 'jobs',
    VisibilityTimeout: 60,
    RedrivePolicy: { deadLetterTargetArn: dead.attributes.Arn!, maxReceiveCount: 5 },
    Tags: [{ Key: 'a', Value: '1' }],
  };
  const jobs = await make('AWS::SQS::Queue', 'Jobs', first);
  const policy = { Version: '2012-10-17', Statement: [] };
  const [before, after] = [
    { PolicyDocument: policy, Queues: [url, jobs.physicalId] },
    { PolicyDocument: policy, Queues: [jobs.physicalId] },
  ];
  const { physicalId } = await make('AWS::SQS::QueuePolicy', 'Policy', before);
  await update('AWS::SQS::QueuePolicy', 'Policy', physicalId, [before, after]);
  await update('AWS::SQS::Queue', 'Jobs', jobs.physicalId, [first, { QueueName: 'jobs', DelaySeconds: 5 }]);

  const attributes = async (QueueUrl: string) =>
    (await sqs.call('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] }, SCOPE)).Attributes!;
  const { VisibilityTimeout, DelaySeconds, RedrivePolicy, Policy } = await attributes(jobs.physicalId);
  assert.deepEqual(
    { VisibilityTimeout, DelaySeconds, RedrivePolicy, Policy },
    { VisibilityTimeout: '30', DelaySeconds: '5', RedrivePolicy: undefined, Policy: JSON.stringify(policy) },
  );
  assert.equal((await attributes(url)).Policy, undefined);
  const inline = { Queue: url, PolicyDocument: policy };
  assert.equal((await make('AWS::SQS::QueueInlinePolicy', 'Inline', inline)).physicalId, url);
  assert.equal((await attributes(url)).Policy, JSON.stringify(policy));
  const { Tags } = await sqs.call('ListQueueTags', { QueueUrl: jobs.physicalId }, SCOPE);
  assert.deepEqual(Tags, { stack: 'demo' });
  await deleteAll();
  assert.deepEqual(await sqs.call('ListQueues', {}, SCOPE), {});
  const fifo = await make('AWS::SQS::Queue', 'Fifo', { FifoQueue: true, DeduplicationScope: 'messageGroup' });
  assert.equal(fifo.attributes.QueueName, 'demo-Fifo-TOKENFIFO000.fifo');
  assert.equal((await attributes(fifo.physicalId)).DeduplicationScope, 'messageGroup');
  const standard = await make('AWS::SQS::Queue', 'Standard', { FifoQueue: false });
  assert.equal((await attributes(standard.physicalId)).FifoQueue, undefined);
});
