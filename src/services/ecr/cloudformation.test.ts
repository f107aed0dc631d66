// ECR's resource type, called as CloudFormation calls it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startRegistry } from '../../../test/support/registry.ts';
import { driveTypes, SCOPE } from '../../../test/support/resource-types.ts';
import { createClient } from '../../wire/client.ts';
import { ecrResourceTypes } from './cloudformation.ts';
import type { Sdk } from './sdk.ts';

const TYPE = 'AWS::ECR::Repository';

test('repositories are made, changed and deleted', async (context) => {
  const { ecr } = await startRegistry(context);
  const client = createClient<Sdk>('ecr', { inProcess: ecr.service });
  const { make, update, deleteAll } = driveTypes(ecrResourceTypes(client));
  const unnamed = await make(TYPE, 'Images');
  const name = 'demo-images-tokenimages0';
  assert.deepEqual(unnamed, {
    physicalId: name,
    attributes: {
      Arn: `arn:aws:ecr:us-east-1:000000000000:repository/${name}`,
      RepositoryUri: `000000000000.dkr.ecr.us-east-1.amazonaws.com/${name}`,
    },
  });
  const policy = { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' }] };
  const selection = { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 3 };
  const LifecyclePolicyText = JSON.stringify({
    rules: [{ rulePriority: 1, description: 'Few', selection, action: { type: 'expire' } }],
  });
  const before = {
    RepositoryName: 'team/app',
    ImageTagMutability: 'IMMUTABLE',
    ImageScanningConfiguration: { ScanOnPush: 'true' },
    RepositoryPolicyText: policy,
    LifecyclePolicy: { LifecyclePolicyText },
    Tags: [{ Key: 'a', Value: '1' }],
  };
  const { physicalId } = await make(TYPE, 'App', before);
  const described = async () => {
    const repositoryNames = [physicalId];
    const { repositories } = await client.call('DescribeRepositories', { repositoryNames }, SCOPE);
    const [repository] = repositories!;
    const { tags } = await client.call(
      'ListTagsForResource',
      { resourceArn: repository!.repositoryArn! },
      SCOPE,
    );
    const mutability = repository!.imageTagMutability;
    return { mutability, scan: repository!.imageScanningConfiguration?.scanOnPush, tags };
  };
  const stack = { Key: 'stack', Value: 'demo' };
  assert.deepEqual(await described(), {
    mutability: 'IMMUTABLE',
    scan: true,
    tags: [stack, { Key: 'a', Value: '1' }],
  });
  const repositoryName = physicalId;
  const { policyText } = await client.call('GetRepositoryPolicy', { repositoryName }, SCOPE);
  assert.deepEqual(JSON.parse(policyText!), policy);
  const { lifecyclePolicyText } = await client.call('GetLifecyclePolicy', { repositoryName }, SCOPE);
  assert.equal(lifecyclePolicyText, LifecyclePolicyText);

  await update(TYPE, 'App', physicalId, [before, { RepositoryName: 'team/app' }]);
  assert.deepEqual(await described(), { mutability: 'MUTABLE', scan: false, tags: [stack] });
  await assert.rejects(client.call('GetRepositoryPolicy', { repositoryName }, SCOPE), {
    name: 'RepositoryPolicyNotFoundException',
  });
  await assert.rejects(client.call('GetLifecyclePolicy', { repositoryName }, SCOPE), {
    name: 'LifecyclePolicyNotFoundException',
  });
  await deleteAll();
  assert.deepEqual(await client.call('DescribeRepositories', {}, SCOPE), { repositories: [] });
});
