// ECS's resource types, called as CloudFormation calls them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startEcs } from '../../../test/support/ecs.ts';
import { driveTypes, SCOPE } from '../../../test/support/resource-types.ts';
import { createClient } from '../../wire/client.ts';
import { ecsResourceTypes } from './cloudformation.ts';
import type { Sdk } from './sdk.ts';

const CLUSTER = 'AWS::ECS::Cluster';
const DEFINITION = 'AWS::ECS::TaskDefinition';
const ARN = 'arn:aws:ecs:us-east-1:000000000000';

test('clusters and task definitions are made, changed and deleted', async (context) => {
  const { services } = await startEcs(context);
  const client = createClient<Sdk>('ecs', { inProcess: services.find(({ name }) => name === 'ecs') });
  const { make, update, deleteAll } = driveTypes(ecsResourceTypes(client));
  const unnamed = await make(CLUSTER, 'Tasks');
  assert.deepEqual(unnamed, {
    physicalId: 'demo-Tasks-TOKENTASKS00',
    attributes: { Arn: `${ARN}:cluster/demo-Tasks-TOKENTASKS00` },
  });
  const before = {
    ClusterName: 'load',
    ClusterSettings: [{ Name: 'containerInsights', Value: 'enabled' }],
    CapacityProviders: ['FARGATE'],
    DefaultCapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: '1' }],
    Tags: [{ Key: 'a', Value: '1' }],
  };
  const { physicalId: cluster } = await make(CLUSTER, 'Load', before);
  const shown = async () => {
    const { clusters } = await client.call(
      'DescribeClusters',
      { clusters: [cluster], include: ['SETTINGS', 'TAGS'] },
      SCOPE,
    );
    const { settings, tags, defaultCapacityProviderStrategy } = clusters![0]!;
    return { insights: settings![0]!.value, tags, strategy: defaultCapacityProviderStrategy };
  };
  const stack = { key: 'stack', value: 'demo' };
  assert.deepEqual(await shown(), {
    insights: 'enabled',
    tags: [stack, { key: 'a', value: '1' }],
    strategy: [{ capacityProvider: 'FARGATE', weight: 1, base: 0 }],
  });
  await update(CLUSTER, 'Load', cluster, [before, { ClusterName: 'load' }]);
  assert.deepEqual(await shown(), { insights: 'disabled', tags: [stack], strategy: [] });

  const definition = {
    Family: 'load-task',
    Cpu: 256,
    Memory: '0.5GB',
    NetworkMode: 'awsvpc',
    RequiresCompatibilities: ['FARGATE'],
    ExecutionRoleArn: 'arn:aws:iam::000000000000:role/x',
    RuntimePlatform: { CpuArchitecture: 'X86_64' },
    Volumes: [{ Name: 'shared' }],
    ContainerDefinitions: [
      {
        Name: 'artillery',
        Image: 'load:latest',
        Essential: 'true',
        Cpu: '10',
        Environment: [{ Name: 'A', Value: 1 }],
        DockerLabels: { 'My.Label': 'x' },
        PortMappings: [{ ContainerPort: '80' }],
        MountPoints: [{ SourceVolume: 'shared', ContainerPath: '/s', ReadOnly: 'false' }],
        LogConfiguration: {
          LogDriver: 'awslogs',
          Options: { 'awslogs-group': 'g', 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'p' },
        },
      },
    ],
    Tags: [{ Key: 'a', Value: '1' }],
  };
  const made = await make(DEFINITION, 'Task', definition);
  const arn = `${ARN}:task-definition/load-task:1`;
  assert.deepEqual(made, { physicalId: arn, attributes: { TaskDefinitionArn: arn } });
  const { taskDefinition } = await client.call('DescribeTaskDefinition', { taskDefinition: arn }, SCOPE);
  const [container] = taskDefinition!.containerDefinitions!;
  assert.deepEqual(
    [container!.cpu, container!.essential, container!.environment, container!.dockerLabels],
    [10, true, [{ name: 'A', value: '1' }], { 'My.Label': 'x' }],
  );
  assert.equal(container!.portMappings![0]!.containerPort, 80);
  assert.deepEqual(container!.mountPoints, [
    { sourceVolume: 'shared', containerPath: '/s', readOnly: false },
  ]);
  assert.equal(container!.logConfiguration!.options!['awslogs-stream-prefix'], 'p');
  await update(DEFINITION, 'Task', arn, [definition, { ...definition, Tags: [] }]);
  const tags = async () => (await client.call('ListTagsForResource', { resourceArn: arn }, SCOPE)).tags;
  assert.deepEqual(
    (await tags())!.filter(({ key }) => !key!.startsWith('aws:')),
    [stack],
  );
  await deleteAll();
  const status = (await client.call('DescribeTaskDefinition', { taskDefinition: arn }, SCOPE)).taskDefinition!
    .status;
  assert.equal(status, 'INACTIVE');
  assert.deepEqual((await client.call('ListClusters', {}, SCOPE)).clusterArns, [`${ARN}:cluster/default`]);
});
