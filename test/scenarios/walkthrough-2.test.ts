// The second walkthrough as published: a zone, a topic, a role, a function with its four variables, a trigger, each made
// by hand around a group that is there; then a manual failover, and one more node.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateReplicationGroupCommand,
  IncreaseReplicaCountCommand,
  ModifyReplicationGroupCommand,
  TestFailoverCommand,
} from '@aws-sdk/client-elasticache';
import { IAM } from '@aws-sdk/client-iam';
import { Lambda } from '@aws-sdk/client-lambda';
import { Route53 } from '@aws-sdk/client-route-53';
import { zip } from '../../src/kernel/zip.ts';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import { snsClient } from '../support/notification-subscriber.ts';
import { pathOfTest, WITHOUT_FUNCTIONS_PYTHON } from '../support/outside-clients.ts';
import { hostsOf, namesOf, primaryOf, toldAt, untilServed } from '../support/replica-names.ts';
import { eventually, untilAvailable } from '../support/replication-groups.ts';

const ID = 'testdns';
const DOMAIN = 'private.redisdub.pl';
const NAMES = namesOf(`ReadOnly.${DOMAIN}`, 5);
const FUNCTION = 'RedisReplica-autocname';
/** The function's own time to live, and two seconds. */
const ALLOWED_MS = 12_000;

test('the second walkthrough, followed to the end', {
  skip: WITHOUT_FUNCTIONS_PYTHON,
}, async (t) => {
  const millpond = await startTestMillpond({ dnsTtl: '1' });
  t.after(() => millpond.stop());
  const { elasticache } = millpond;
  await elasticache.send(
    new CreateReplicationGroupCommand({
      ReplicationGroupId: ID,
      ReplicationGroupDescription: 'cluster mode disabled',
      NumCacheClusters: 5,
      AutomaticFailoverEnabled: true,
    }),
  );
  await untilAvailable(elasticache, ID);
  const { logged } = await followTheSteps(t, millpond);
  const before = await hostsOf(millpond, NAMES);
  assert.deepEqual(before, ['testdns-002', 'testdns-003', 'testdns-004', 'testdns-005', undefined]);

  await elasticache.send(new TestFailoverCommand({ ReplicationGroupId: ID, NodeGroupId: '0001' }));
  const completedAt = await toldAt(millpond, ID, /^Failover from .* completed$/);
  const failedOver = await untilServed(millpond, ID, NAMES.slice(0, 4), { each: true });
  t.diagnostic(`right ${failedOver - completedAt} ms after the failover`);
  assert.ok(failedOver - completedAt <= ALLOWED_MS, `${failedOver - completedAt} ms`);
  const primary = await primaryOf(millpond, ID);
  // Numbered in the order in which they are listed, the demoted one is the first again.
  assert.deepEqual(
    (await hostsOf(millpond, NAMES)).slice(0, 4),
    ['testdns-001', ...(before.slice(0, 4) as string[])].filter((host) => host !== primary),
  );

  await untilAvailable(elasticache, ID);
  await elasticache.send(
    new IncreaseReplicaCountCommand({ ReplicationGroupId: ID, NewReplicaCount: 5, ApplyImmediately: true }),
  );
  const createdAt = await toldAt(millpond, `${ID}-006`, /^Cache cluster created$/);
  const grown = await untilServed(millpond, ID, NAMES, { each: true });
  t.diagnostic(`right ${grown - createdAt} ms after the new node`);
  assert.ok(grown - createdAt <= ALLOWED_MS, `${grown - createdAt} ms`);
  for (const line of [
    /^testdns-006: INSYNC$/m,
    /^testdns is no node of testdns$/m,
    /AddCacheNodeComplete is nothing to this function/,
  ])
    await eventually(`it has logged ${line}`, async () => line.test(await logged()));
  assert.doesNotMatch(await logged(), /Traceback|Error/);
});

/** Steps 1 to 4 of the article. */
async function followTheSteps(t: TestContext, { url, elasticache }: TestMillpond) {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const options = { endpoint: url, region: 'us-east-1', credentials };
  const [route53, iam, lambda] = [new Route53(options), new IAM(options), new Lambda(options)];
  const [logs, sns] = [new CloudWatchLogs(options), snsClient(url)];
  t.after(() => [route53, iam, lambda, logs, sns].forEach((client) => void client.destroy()));

  const { HostedZone } = await route53.createHostedZone({
    ...{
      Name: DOMAIN,
      CallerReference: 'one',
      VPC: { VPCId: await defaultVpc(url), VPCRegion: 'us-east-1' },
    },
    HostedZoneConfig: { PrivateZone: true },
  });
  const zoneId = HostedZone!.Id!.replace('/hostedzone/', '');
  // By hand, and wrong until the function has run: they all lead to one.
  const group = await untilAvailable(elasticache, ID);
  const Value = group.NodeGroups![0]!.NodeGroupMembers![0]!.ReadEndpoint!.Address!;
  const Changes = NAMES.slice(0, 4).map((Name) => ({
    Action: 'CREATE' as const,
    ResourceRecordSet: { Name, Type: 'CNAME' as const, TTL: 15, ResourceRecords: [{ Value }] },
  }));
  await route53.changeResourceRecordSets({ HostedZoneId: zoneId, ChangeBatch: { Changes } });

  const { TopicArn } = await sns.createTopic({ Name: 'redis' });
  await elasticache.send(
    new ModifyReplicationGroupCommand({
      ...{ ReplicationGroupId: ID, NotificationTopicArn: TopicArn!, ApplyImmediately: true },
    }),
  );
  const statement = {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { Service: 'lambda.amazonaws.com' },
  };
  const { Role } = await iam.createRole({
    RoleName: 'names',
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
  });
  const { FunctionArn } = await lambda.createFunction({
    FunctionName: FUNCTION,
    ...{ Runtime: 'python3.9', Handler: 'lambda_function.lambda_handler', Timeout: 15, Role: Role!.Arn! },
    Code: {
      ZipFile: zip({
        'lambda_function.py': readFileSync(pathOfTest('scenarios/published/replica-names.py')),
      }),
    },
    Environment: {
      Variables: { aws_region: 'us-east-1', cname: `ReadOnly.${DOMAIN}.`, zone_id: zoneId, cluster: ID },
    },
  });
  await lambda.addPermission({
    ...{ FunctionName: FUNCTION, StatementId: 'sns', Action: 'lambda:InvokeFunction' },
    ...{ Principal: 'sns.amazonaws.com', SourceArn: TopicArn! },
  });
  await sns.subscribe({ TopicArn: TopicArn!, Protocol: 'lambda', Endpoint: FunctionArn! });
  // As the console's test button does, with a message as ElastiCache sends it.
  await sns.publish({
    TopicArn: TopicArn!,
    Message: JSON.stringify({ 'ElastiCache:FailoverComplete': `${ID}-001` }),
  });

  const logged = async () => {
    const { events = [] } = await logs.filterLogEvents({ logGroupName: `/aws/lambda/${FUNCTION}` });
    return events.map(({ message }) => message!.trimEnd()).join('\n');
  };
  await eventually('the function has run', async () => /testdns-005: INSYNC/.test(await logged()));
  return { logged };
}

async function defaultVpc(url: string): Promise<string> {
  const body = new URLSearchParams({ Action: 'DescribeVpcs', Version: '2016-11-15' });
  const answer = await (await fetch(url, { method: 'POST', body })).text();
  return /<vpcId>(.*?)<\/vpcId>/.exec(answer)![1]!;
}
