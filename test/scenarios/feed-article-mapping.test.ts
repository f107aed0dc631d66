// The mapping of AWS's article: hashes `__meta_record__…` of the cache say which functions get which keys. A stack has the
// cache, the functions and the feed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { Redis } from 'ioredis';
import { startTestMillpond } from '../support/millpond.ts';
import { describeGroup, eventually } from '../support/replication-groups.ts';

const functionOf = (name: string) => `
  ${name}:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: ${name.toLowerCase()}
      Runtime: nodejs22.x
      Handler: index.handler
      InlineCode: "exports.handler = async (event) => console.log('GOT ' + JSON.stringify(event));"`;

const TemplateBody = `
Transform: AWS::Serverless-2016-10-31
Resources:
  Cache:
    Type: AWS::ElastiCache::ReplicationGroup
    Properties:
      {ReplicationGroupId: shop, ReplicationGroupDescription: carts, Engine: redis, CacheNodeType: cache.t4g.micro,
       NumCacheClusters: 2, AutomaticFailoverEnabled: true}
${functionOf('Dynamo')}
${functionOf('Audit')}
`;
const FEED = `
  Feed:
    Type: Millpond::ElastiCache::Feed
    Properties: {Cache: !Ref Cache, MetaRecords: true}
`;

test('hashes of the cache map keys to functions, those from before the feed and those that come', async (t) => {
  const millpond = await startTestMillpond();
  t.after(() => millpond.stop());
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const options = { endpoint: millpond.url, region: 'us-east-1', credentials };
  const cloudformation = new CloudFormation(options);
  const logs = new CloudWatchLogs(options);
  t.after(() => [cloudformation, logs].forEach((client) => void client.destroy()));

  const stackIs = (status: string) =>
    eventually(`the stack is ${status}`, async () => {
      const { Stacks } = await cloudformation.describeStacks({ StackName: 'shop' });
      const [{ StackStatus, StackStatusReason }] = Stacks as [(typeof Stacks & object)[0]];
      if (StackStatus!.endsWith('IN_PROGRESS')) return false;
      assert.equal(StackStatus, status, StackStatusReason);
      return true;
    });
  const Capabilities = ['CAPABILITY_IAM' as const, 'CAPABILITY_AUTO_EXPAND' as const];
  await cloudformation.createStack({ StackName: 'shop', TemplateBody, Capabilities });
  await stackIs('CREATE_COMPLETE');

  const { NodeGroups } = await describeGroup(millpond.elasticache, 'shop');
  const { Address, Port } = NodeGroups![0]!.PrimaryEndpoint!;
  const [address] = await millpond.resolver.resolve4(Address!);
  const redis = new Redis(Port!, address!, { protocol: 2 });
  t.after(() => redis.disconnect());
  await redis.hset('__meta_record__Dynamo', 'name', 'x', 'pattern', '*', 'lambda', 'dynamo');
  await redis.hset('before', 'a', '1');

  await cloudformation.updateStack({ StackName: 'shop', TemplateBody: TemplateBody + FEED, Capabilities });
  await stackIs('UPDATE_COMPLETE');
  await redis.hset('person1', 'lastName', 'Smith', 'firstName', 'John');
  await redis.set('person1:note', 'no hash');
  await redis.hset('__meta_record__Audit', 'name', 'x', 'pattern', 'person', 'lambda', 'audit');
  await redis.hset('person2', 'firstName', 'Jane');
  await redis.hset('cart', 'total', '12');

  const events = async (name: string) => {
    const { events: all = [] } = await logs
      .filterLogEvents({ logGroupName: `/aws/lambda/${name}`, filterPattern: 'GOT' })
      .catch(() => ({ events: [] }));
    return all.map(({ message }) => JSON.parse(/GOT (\{.*\})/.exec(message!)![1]!) as { id: string });
  };
  const ids = async (name: string) => [...new Set((await events(name)).map(({ id }) => id))].sort();
  await eventually('the functions have got their keys', async () => {
    const got = { dynamo: await ids('dynamo'), audit: await ids('audit') };
    return got.dynamo.length >= 3 && got.audit.length >= 1 && got;
  });
  assert.deepEqual(await ids('dynamo'), ['cart', 'person1', 'person2']);
  assert.deepEqual(await ids('audit'), ['person2']);
  assert.deepEqual(
    (await events('dynamo')).find(({ id }) => id === 'person1'),
    { id: 'person1', obj_name: 'person1', body: '{"firstName":"John","lastName":"Smith"}' },
  );
});
