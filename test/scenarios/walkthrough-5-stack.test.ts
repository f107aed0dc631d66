// The fifth walkthrough from its templates on: cluster mode enabled, one shard of two nodes.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { NetworkKind } from '../../src/network/network.ts';
import { publishedTemplates } from '../support/published-templates.ts';
import { startStackWalkthrough } from '../support/stack-walkthrough.ts';
import { assertInSubnet, NETWORKS, whatIsMissing } from '../support/walkthrough.ts';

const REGION = 'ap-northeast-1';
const PREFIX = 'dva-03-004';
const BUCKET = 'templates-of-the-fifth-walkthrough';

for (const network of NETWORKS) {
  test(
    `the fifth walkthrough’s templates, followed to the end (${network})`,
    { skip: whatIsMissing(network) },
    (t) => follow(t, network),
  );
}

async function follow(t: TestContext, network: NetworkKind): Promise<void> {
  const walkthrough = await startStackWalkthrough(t, REGION, network);
  const { aws, change, settled, outputsOf } = walkthrough;
  await aws('s3', 'mb', `s3://${BUCKET}`);
  await aws(
    ...(['s3', 'cp', publishedTemplates(t, 'on', PREFIX), `s3://${BUCKET}/${PREFIX}`] as const),
    '--recursive',
  );

  const stack = await change(
    ...(['create-stack', PREFIX, '--parameters'] as const),
    `ParameterKey=TemplateBucketName,ParameterValue=${BUCKET}`,
    ...['--template-url', `https://${BUCKET}.s3.${REGION}.amazonaws.com/${PREFIX}/${PREFIX}-stack.yaml`],
    ...['--capabilities', 'CAPABILITY_NAMED_IAM'],
  );
  assert.equal(stack.StackStatus, 'CREATE_COMPLETE', (await walkthrough.failures(PREFIX)).join('\n'));
  const { Stacks } = await aws('cloudformation', 'describe-stacks');
  const nested = async (logicalId: string) => {
    const found = Stacks.find(({ StackName }: { StackName: string }) =>
      StackName.startsWith(`${PREFIX}-${logicalId}-`),
    );
    return outputsOf(await settled(found.StackName));
  };
  const { ConfigurationEndPointAddress: configuration = '' } = await nested('ElastiCacheStack');
  assert.match(
    configuration,
    /^dva-03-004-replicationgroup\.[a-z0-9]{6}\.clustercfg\.apne1\.cache\.amazonaws\.com$/,
  );

  const { Instance: instanceId = '' } = await nested('InstanceStack');
  const { redis, nslookup } = walkthrough.onInstance(instanceId);
  assert.equal(await redis(configuration, 'set', 'hoge', 'foo'), 'OK');
  assert.equal(await redis(configuration, 'get', 'hoge'), '"foo"');
  const hash = configuration.split('.')[1];
  const [first, second] = ['001', '002'].map(
    (number) => `${PREFIX}-replicationgroup-0001-${number}.${hash}.0001.apne1.cache.amazonaws.com`,
  ) as [string, string];
  const [toBoth, toFirst, toSecond] = [
    await nslookup(configuration),
    await nslookup(first),
    await nslookup(second),
  ];
  assertInSubnet(network, toFirst, 3);
  assertInSubnet(network, toSecond, 4);
  assert.deepEqual(toBoth.addresses.sort(), [...toFirst.addresses, ...toSecond.addresses].sort());
  assert.equal(await redis(first, 'get', 'hoge'), '"foo"');
  assert.equal(await redis(second, 'get', 'hoge'), `(error) MOVED 1525 ${toFirst.addresses[0]}:6379`);

  const { FunctionUrl: functionUrl = '' } = await nested('FunctionStack');
  assert.equal(await inBrowser(functionUrl), '{\n  "redis_result": "fugafuga"\n}');

  await walkthrough.remove(PREFIX);
  await walkthrough.nothingIsLeft([BUCKET], [configuration, first, second]);
}

/** The walkthrough opens the function's URL in a browser, which is outside of the VPC. */
const inBrowser = async (url: string) => (await fetch(url)).text();
