// The first walkthrough from its templates on: uploaded to S3, made into a stack of stacks by the AWS CLI, used from
// the instance and through the function's URL, changed as far as such templates allow, and deleted.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { NetworkKind } from '../../src/network/network.ts';
import { publishedTemplates } from '../support/published-templates.ts';
import { startStackWalkthrough } from '../support/stack-walkthrough.ts';
import { assertInSubnet, NETWORKS, whatIsMissing } from '../support/walkthrough.ts';

const REGION = 'ap-northeast-1';
const PREFIX = 'fa-063';
const BUCKET = 'templates-of-the-first-walkthrough';
const PARAMETERS = [`ParameterKey=TemplateBucketName,ParameterValue=${BUCKET}`];

for (const network of NETWORKS) {
  test(
    `the first walkthrough’s templates, followed to the end (${network})`,
    { skip: whatIsMissing(network) },
    (t) => follow(t, network),
  );
}

async function follow(t: TestContext, network: NetworkKind): Promise<void> {
  const walkthrough = await startStackWalkthrough(t, REGION, network);
  const { aws, change, settled, outputsOf, elasticache } = walkthrough;
  await aws('s3', 'mb', `s3://${BUCKET}`);
  await aws(
    ...(['s3', 'cp', publishedTemplates(t, 'off', PREFIX), `s3://${BUCKET}/${PREFIX}`] as const),
    '--recursive',
  );

  const stack = await change(
    ...(['create-stack', PREFIX, '--parameters', ...PARAMETERS] as const),
    ...['--template-url', `https://${BUCKET}.s3.${REGION}.amazonaws.com/${PREFIX}/${PREFIX}-stack.yaml`],
    ...['--capabilities', 'CAPABILITY_NAMED_IAM'],
  );
  assert.equal(stack.StackStatus, 'CREATE_COMPLETE', (await walkthrough.failures(PREFIX)).join('\n'));
  await aws('cloudformation', 'wait', 'stack-create-complete', '--stack-name', PREFIX);
  const { Stacks } = await aws('cloudformation', 'describe-stacks');
  const nested = async (logicalId: string) => {
    const found = Stacks.find(({ StackName }: { StackName: string }) =>
      StackName.startsWith(`${PREFIX}-${logicalId}-`),
    );
    return outputsOf(await settled(found.StackName));
  };
  const { CachePrimaryEndpointAddress: primary = '', CacheReaderEndPointAddress: reader = '' } =
    await nested('ElastiCacheStack');
  assert.match(primary, /^fa-063-replicationgroup\.[a-z0-9]{6}\.ng\.0001\.apne1\.cache\.amazonaws\.com$/);
  assert.equal(reader, primary.replace('replicationgroup.', 'replicationgroup-ro.'));
  const { Instance: instanceId, InstancePrivateIp: privateIp } = await nested('InstanceStack');
  assert.match(instanceId!, /^i-[0-9a-f]{17}$/);
  assert.match(privateIp!, network === 'subnets' ? /^10\.0\.1\./ : /^127\./);

  const { type, redis, nslookup } = walkthrough.onInstance(instanceId!);
  assert.equal(await type('hostname'), `ip-${privateIp!.replaceAll('.', '-')}.${REGION}.compute.internal`);
  assert.equal(await redis(primary, 'set', 'hoge', 'foo'), 'OK');
  assert.equal(
    await redis(reader, 'set', 'aaa', 'bbb'),
    "(error) READONLY You can't write against a read only replica.",
  );
  assert.equal(await redis(reader, 'get', 'hoge'), '"foo"');
  assert.equal(await redis(reader, 'keys', '*'), '1) "hoge"');
  const [toPrimary, toReader] = [await nslookup(primary), await nslookup(reader)];
  assertInSubnet(network, toPrimary, 3);
  assertInSubnet(network, toReader, 4);
  assert.equal(
    await type('dig', '+short', primary),
    `${toPrimary.canonicalName}.\n${toPrimary.addresses[0]}`,
  );

  const { FunctionUrl: functionUrl = '' } = await nested('FunctionStack');
  assert.equal(await inBrowser(functionUrl), ARTICLE);

  const tooMany = await change(
    ...(['update-stack', PREFIX, '--use-previous-template', '--parameters', ...PARAMETERS] as const),
    ...['ParameterKey=ReplicaCount,ParameterValue=2', '--capabilities', 'CAPABILITY_NAMED_IAM'],
  );
  assert.equal(tooMany.StackStatus, 'UPDATE_ROLLBACK_COMPLETE');
  const cacheStack = Stacks.find(({ StackName }: { StackName: string }) => StackName.includes('ElastiCache'));
  assert.deepEqual(await walkthrough.failures(cacheStack.StackName), [
    'ReplicationGroup: CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename fa-063-replicationgroup and update the stack again.',
  ]);
  const { ReplicationGroups } = await elasticache('describe-replication-groups');
  assert.equal(ReplicationGroups[0].MemberClusters.length, 2);
  assert.equal(await redis(primary, 'get', 'hoge'), '"foo"');

  await walkthrough.remove(PREFIX);
  await walkthrough.nothingIsLeft([BUCKET], [primary, reader, toPrimary.canonicalName!]);
  await assert.rejects(fetch(functionUrl));
}

const ARTICLE = `{
  "primary_redis": "fugafuga",
  "reader_redis": "fugafuga"
}`;

/** The walkthrough opens the function's URL in a browser, which is outside of the VPC. */
const inBrowser = async (url: string) => (await fetch(url)).text();
