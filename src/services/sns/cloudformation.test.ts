// SNS's resource types, called as CloudFormation calls them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_QUEUES } from '../../../test/support/no-queues.ts';
import { driveTypes, SCOPE } from '../../../test/support/resource-types.ts';
import { silentLog } from '../../kernel/log.ts';
import { openStore } from '../../store/store.ts';
import { createClient } from '../../wire/client.ts';
import { snsResourceTypes } from './cloudformation.ts';
import type { LambdaClient } from './delivery/send.ts';
import type { Sdk } from './sdk.ts';
import { createSns } from './service.ts';

const functionArn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

function open() {
  const { service } = createSns({
    ...{
      store: openStore(':memory:'),
      clock: { now: () => 0 },
      log: silentLog,
      sqs: NO_QUEUES,
      lambda: {} as LambdaClient,
    },
    baseUrl: () => '',
  });
  const sns = createClient<Sdk>('sns', { inProcess: service });
  return { sns, ...driveTypes(snsResourceTypes(sns)) };
}

test('a topic is made with its subscriptions, changed in place and deleted', async () => {
  const { sns, make, update, deleteAll } = open();
  const endpoint = (name: string) => ({ Protocol: 'lambda', Endpoint: functionArn(name) });
  const first = {
    DisplayName: 'Demo',
    Subscription: [endpoint('a'), endpoint('b')],
    Tags: [{ Key: 'k', Value: 'v' }],
  };
  const { physicalId: TopicArn, attributes } = await make('AWS::SNS::Topic', 'Events', first);
  assert.deepEqual(
    [TopicArn, attributes],
    [
      'arn:aws:sns:us-east-1:000000000000:demo-Events-TOKENEVENTS0',
      { TopicArn, TopicName: 'demo-Events-TOKENEVENTS0' },
    ],
  );
  await update('AWS::SNS::Topic', 'Events', TopicArn, [
    first,
    { SignatureVersion: 2, Subscription: [endpoint('b'), endpoint('c')] },
  ]);
  const { Attributes } = await sns.call('GetTopicAttributes', { TopicArn }, SCOPE);
  assert.deepEqual([Attributes!.DisplayName, Attributes!.SignatureVersion], ['', '2']);
  const { Subscriptions } = await sns.call('ListSubscriptionsByTopic', { TopicArn }, SCOPE);
  assert.deepEqual(Subscriptions!.map((one) => one.Endpoint).sort(), [functionArn('b'), functionArn('c')]);
  const { Tags } = await sns.call('ListTagsForResource', { ResourceArn: TopicArn }, SCOPE);
  assert.deepEqual(Tags, [{ Key: 'stack', Value: 'demo' }]);
  await deleteAll();
  assert.deepEqual(await sns.call('ListTopics', {}, SCOPE), { Topics: [] });
  await assert.rejects(make('AWS::SNS::Topic', 'Fifo', { FifoTopic: true }), /FIFO/);
});

test('a subscription is made, gets another filter and is deleted', async () => {
  const { sns, make, update, deleteAll } = open();
  const { physicalId: TopicArn } = await make('AWS::SNS::Topic', 'Topic', { TopicName: 'named' });
  const first = {
    ...{ TopicArn, Protocol: 'lambda', Endpoint: functionArn('a') },
    FilterPolicy: { kind: ['x'] },
  };
  const made = await make('AWS::SNS::Subscription', 'Sub', first);
  assert.match(made.physicalId, /^arn:aws:sns:us-east-1:000000000000:named:[0-9a-f-]{36}$/);
  assert.deepEqual(made.attributes, { Arn: made.physicalId });
  const second = { ...first, FilterPolicy: { a: { b: ['x'] } }, FilterPolicyScope: 'MessageBody' };
  await update('AWS::SNS::Subscription', 'Sub', made.physicalId, [first, second]);
  const attributes = async () =>
    (await sns.call('GetSubscriptionAttributes', { SubscriptionArn: made.physicalId }, SCOPE)).Attributes!;
  assert.equal((await attributes()).FilterPolicy, '{"a":{"b":["x"]}}');
  await update('AWS::SNS::Subscription', 'Sub', made.physicalId, [second, { ...first, FilterPolicy: null }]);
  assert.equal((await attributes()).FilterPolicy, undefined);
  assert.equal((await attributes()).FilterPolicyScope, 'MessageAttributes');
  await assert.rejects(make('AWS::SNS::Subscription', 'Far', { ...first, Region: 'eu-west-1' }), /eu-west-1/);
  await deleteAll();
  assert.deepEqual(await sns.call('ListSubscriptions', {}, SCOPE), { Subscriptions: [] });
});

test('a policy is set on topics and removed from them', async () => {
  const { sns, make, update, deleteAll } = open();
  const topics = [];
  for (const id of ['One', 'Two']) topics.push((await make('AWS::SNS::Topic', id)).physicalId);
  const policy = { Version: '2012-10-17', Statement: [] };
  const policyOf = async (TopicArn: string) =>
    JSON.parse((await sns.call('GetTopicAttributes', { TopicArn }, SCOPE)).Attributes!.Policy!);
  const first = { PolicyDocument: policy, Topics: topics };
  const made = await make('AWS::SNS::TopicPolicy', 'Policy', first);
  assert.deepEqual(await policyOf(topics[1]!), policy);
  await update('AWS::SNS::TopicPolicy', 'Policy', made.physicalId, [
    first,
    { ...first, Topics: [topics[0]!] },
  ]);
  assert.deepEqual(await policyOf(topics[0]!), policy);
  assert.equal((await policyOf(topics[1]!)).Id, '__default_policy_ID');
  await assert.rejects(make('AWS::SNS::TopicPolicy', 'Bad', { Topics: topics }), /PolicyDocument/);
  await deleteAll();
});
