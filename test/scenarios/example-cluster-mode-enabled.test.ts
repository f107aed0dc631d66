// The example with cluster mode enabled: an update of the stack is an online resharding, to two shards and back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packagedExample } from '../support/packaged-example.ts';
import { startStackWalkthrough } from '../support/stack-walkthrough.ts';
import { whatIsMissing } from '../support/walkthrough.ts';

const BUCKET = 'templates';

test('examples/cluster-mode-enabled, to two shards and back in place', {
  skip: whatIsMissing(),
}, async (t) => {
  const walkthrough = await startStackWalkthrough(t, 'us-east-1');
  const { change, outputsOf, elasticache, failures } = walkthrough;
  const url = await packagedExample(t, walkthrough, 'cluster-mode-enabled', BUCKET);
  const index = `ParameterKey=PackageIndex,ParameterValue=${walkthrough.packageIndex}`;
  const capabilities = ['--capabilities', 'CAPABILITY_NAMED_IAM'];
  const created = await change(
    ...(['create-stack', 'shop', '--template-url', url, '--parameters', index] as const),
    ...capabilities,
  );
  assert.equal(created.StackStatus, 'CREATE_COMPLETE', (await failures('shop')).join('\n'));
  const outputs = outputsOf(created);
  const { ConfigurationEndpoint: configuration = '', FunctionUrl = '', Group: group } = outputs;
  const { redis } = walkthrough.onInstance(outputs.InstanceId!);
  assert.deepEqual(await visit(), { visits: visits(1), shards: 1 });

  const resizeTo = (count: number) =>
    change(
      ...(['update-stack', 'shop', '--use-previous-template', ...capabilities] as const),
      ...['--parameters', 'ParameterKey=PackageIndex,UsePreviousValue=true'],
      `ParameterKey=NumNodeGroups,ParameterValue=${count}`,
    );
  const grown = await resizeTo(2);
  assert.equal(grown.StackStatus, 'UPDATE_COMPLETE', (await failures('shop')).join('\n'));
  assert.deepEqual(outputsOf(grown), outputs, 'the same group and endpoint');
  const { ReplicationGroups } = await elasticache('describe-replication-groups');
  assert.equal(ReplicationGroups[0].ReplicationGroupId, group);
  assert.equal(ReplicationGroups[0].NodeGroups.length, 2);
  assert.match(await redis(configuration, 'cluster', 'info'), /cluster_size:2/);
  assert.deepEqual(await visit(), { visits: visits(2), shards: 2 });
  const shrunk = await resizeTo(1);
  assert.equal(shrunk.StackStatus, 'UPDATE_COMPLETE', (await failures('shop')).join('\n'));
  assert.deepEqual(await visit(), { visits: visits(3), shards: 1 });

  await walkthrough.remove('shop');
  await walkthrough.nothingIsLeft([BUCKET], [configuration]);

  async function visit() {
    return JSON.parse(await walkthrough.type('curl', '--silent', FunctionUrl));
  }
});

const visits = (count: number) => ({ 'visits:home': count, 'visits:cart': count, 'visits:help': count });
