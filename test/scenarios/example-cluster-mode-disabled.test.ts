// The example with cluster mode disabled, as its README tells it: packaged and deployed by the AWS CLI, used, changed
// in place to two replicas and back, and deleted.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packagedExample } from '../support/packaged-example.ts';
import { startStackWalkthrough } from '../support/stack-walkthrough.ts';
import { whatIsMissing } from '../support/walkthrough.ts';

const BUCKET = 'templates';

test('examples/cluster-mode-disabled, to two replicas and back in place', {
  skip: whatIsMissing(),
}, async (t) => {
  const walkthrough = await startStackWalkthrough(t, 'us-east-1');
  const { change, outputsOf, elasticache, failures } = walkthrough;
  const url = await packagedExample(t, walkthrough, 'cluster-mode-disabled', BUCKET);
  const index = `ParameterKey=PackageIndex,ParameterValue=${walkthrough.packageIndex}`;
  const capabilities = ['--capabilities', 'CAPABILITY_NAMED_IAM'];
  const created = await change(
    ...(['create-stack', 'shop', '--template-url', url, '--parameters', index] as const),
    ...capabilities,
  );
  assert.equal(created.StackStatus, 'CREATE_COMPLETE', (await failures('shop')).join('\n'));
  const outputs = outputsOf(created);
  const {
    PrimaryEndpoint: primary = '',
    ReaderEndpoint: reader = '',
    FunctionUrl = '',
    InstanceId = '',
  } = outputs;
  const { redis } = walkthrough.onInstance(InstanceId);
  assert.deepEqual(await visit(), { written: 1, read: 1 });
  assert.equal(await redis(primary, 'get', 'visits'), '"1"');
  assert.match(await redis(reader, 'set', 'visits', '0'), /READONLY/);

  const members = async (): Promise<string[]> => {
    const { ReplicationGroups } = await elasticache('describe-replication-groups');
    return ReplicationGroups[0].MemberClusters;
  };
  const resizeTo = (count: number) =>
    change(
      ...(['update-stack', 'shop', '--use-previous-template', ...capabilities] as const),
      ...['--parameters', 'ParameterKey=PackageIndex,UsePreviousValue=true'],
      `ParameterKey=NumCacheClusters,ParameterValue=${count}`,
    );
  const before = await members();
  const grown = await resizeTo(3);
  assert.equal(grown.StackStatus, 'UPDATE_COMPLETE', (await failures('shop')).join('\n'));
  assert.deepEqual((await members()).slice(0, 2), before, 'the same nodes, and one more');
  assert.equal((await members()).length, 3);
  assert.deepEqual(outputsOf(grown), outputs, 'the same endpoints');
  assert.deepEqual(await visit(), { written: 2, read: 2 });
  const shrunk = await resizeTo(2);
  assert.equal(shrunk.StackStatus, 'UPDATE_COMPLETE', (await failures('shop')).join('\n'));
  assert.equal((await members()).length, 2);

  await walkthrough.remove('shop');
  await walkthrough.nothingIsLeft([BUCKET], [primary, reader]);

  async function visit() {
    return JSON.parse(await walkthrough.type('curl', '--silent', FunctionUrl));
  }
});
