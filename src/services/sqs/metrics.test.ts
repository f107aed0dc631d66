// The metrics of AWS/SQS, through a CloudWatch.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { silentLog } from '../../kernel/log.ts';
import { openStore } from '../../store/store.ts';
import { createClient } from '../../wire/client.ts';
import type { Sdk as CloudWatch } from '../cloudwatch/sdk.ts';
import { createCloudWatch } from '../cloudwatch/service.ts';
import type { Sdk } from './sdk.ts';
import { createSqs } from './service.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const NOW = Date.UTC(2026, 10, 30, 12, 0, 30);
const clock = { now: () => NOW };

it('counts what is sent, received and deleted, and measures the queues that are used', async () => {
  const store = openStore(':memory:');
  const { service } = createCloudWatch({ store, clock, log: silentLog });
  const cloudwatch = createClient<CloudWatch>('monitoring', { inProcess: service });
  const baseUrl = () => 'http://127.0.0.1:4566';
  const sqs = createSqs({ store, clock, log: silentLog, cloudwatch, baseUrl });
  const client = createClient<Sdk>('sqs', { inProcess: sqs.service });
  const Attributes = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };
  const { QueueUrl = '' } = await client.call('CreateQueue', { QueueName: 'q.fifo', Attributes }, SCOPE);
  await client.call('ReceiveMessage', { QueueUrl }, SCOPE);
  for (const MessageBody of ['four', 'sixsix', 'four']) {
    await client.call('SendMessage', { QueueUrl, MessageBody, MessageGroupId: 'g' }, SCOPE);
  }
  const most = { QueueUrl, MaxNumberOfMessages: 2 };
  const { Messages = [] } = await client.call('ReceiveMessage', most, SCOPE);
  const ReceiptHandle = Messages[0]!.ReceiptHandle!;
  await client.call('DeleteMessage', { QueueUrl, ReceiptHandle }, SCOPE);
  sqs.start();
  await sqs.sweep();
  await sqs.stop();

  const sumOf = async (MetricName: string) => {
    const { Datapoints } = await cloudwatch.call(
      'GetMetricStatistics',
      {
        ...{ Namespace: 'AWS/SQS', MetricName, Period: 60, Statistics: ['Sum'] },
        ...{ StartTime: new Date(NOW - 3_600_000), EndTime: new Date(NOW + 60_000) },
        Dimensions: [{ Name: 'QueueName', Value: 'q.fifo' }],
      },
      SCOPE,
    );
    return Datapoints![0]?.Sum;
  };
  const expected = {
    NumberOfMessagesSent: 3,
    NumberOfDeduplicatedSentMessages: 1,
    SentMessageSize: 14,
    NumberOfEmptyReceives: 1,
    NumberOfMessagesReceived: 2,
    NumberOfMessagesDeleted: 1,
    ApproximateNumberOfMessagesVisible: 0,
    ApproximateNumberOfMessagesDelayed: 0,
    ApproximateNumberOfMessagesNotVisible: 1,
  };
  for (const [name, sum] of Object.entries(expected)) assert.equal(await sumOf(name), sum, name);
});
