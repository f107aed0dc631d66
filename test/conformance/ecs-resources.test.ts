// Clusters, task definitions, tags and settings of ECS as clients see them, and what is refused.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { container, definition, startEcs } from '../support/ecs.ts';
import {
  AWS_CLI,
  awsEnvironment,
  PYTHON,
  pathOfTest,
  run as runProgram,
  WITHOUT_PYTHON_CLIENTS,
} from '../support/outside-clients.ts';

const ARN = 'arn:aws:ecs:us-east-1:000000000000';
const DIGITS = /^\d+$/;

describe('clusters', () => {
  it('are created, described with what is asked for, changed, listed in pages and deleted', async (test) => {
    const { ecs } = await startEcs(test);
    const { cluster } = await ecs.createCluster({
      clusterName: 'one',
      settings: [{ name: 'containerInsights', value: 'enabled' }],
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
      tags: [{ key: 'a', value: 'b' }],
    });
    assert.deepEqual(
      [cluster!.clusterArn, cluster!.status, cluster!.settings, cluster!.tags, cluster!.runningTasksCount],
      [
        `${ARN}:cluster/one`,
        'ACTIVE',
        [{ name: 'containerInsights', value: 'enabled' }],
        [{ key: 'a', value: 'b' }],
        0,
      ],
    );
    assert.deepEqual((await ecs.createCluster({ clusterName: 'one' })).cluster!.tags, [
      { key: 'a', value: 'b' },
    ]);
    const { clusters, failures } = await ecs.describeClusters({ clusters: ['one', `${ARN}:cluster/none`] });
    assert.deepEqual([clusters![0]!.tags, clusters![0]!.settings, clusters![0]!.statistics], [[], [], []]);
    assert.deepEqual(failures, [{ arn: `${ARN}:cluster/none`, reason: 'MISSING' }]);
    const include = ['STATISTICS' as const, 'TAGS' as const];
    const [shown] = (await ecs.describeClusters({ clusters: ['one'], include })).clusters!;
    assert.equal(shown!.statistics!.find(({ name }) => name === 'runningFargateTasksCount')!.value, '0');
    const value = 'disabled';
    const { cluster: updated } = await ecs.updateCluster({
      cluster: 'one',
      settings: [{ name: 'containerInsights', value }],
    });
    assert.equal(updated!.settings![0]!.value, value);
    await ecs.updateClusterSettings({
      cluster: 'one',
      settings: [{ name: 'containerInsights', value: 'enhanced' }],
    });
    const { cluster: bare } = await ecs.putClusterCapacityProviders({
      ...{ cluster: 'one', capacityProviders: [], defaultCapacityProviderStrategy: [] },
    });
    assert.deepEqual([bare!.capacityProviders, bare!.defaultCapacityProviderStrategy], [[], []]);
    const first = await ecs.listClusters({ maxResults: 1 });
    const second = await ecs.listClusters({ maxResults: 1, nextToken: first.nextToken });
    assert.deepEqual(
      [first.clusterArns, second.clusterArns],
      [[`${ARN}:cluster/default`], [`${ARN}:cluster/one`]],
    );
    await assert.rejects(ecs.listClusters({ nextToken: 'x' }), { name: 'InvalidParameterException' });
    const { cluster: deleted } = await ecs.deleteCluster({ cluster: 'one' });
    assert.equal(deleted!.status, 'INACTIVE');
    const [inactive] = (await ecs.describeClusters({ clusters: ['one'] })).clusters!;
    assert.equal(inactive!.status, 'INACTIVE');
    assert.deepEqual((await ecs.listClusters({})).clusterArns, [`${ARN}:cluster/default`]);
    await assert.rejects(ecs.deleteCluster({ cluster: 'one' }), {
      name: 'ClusterNotFoundException',
      message: 'Cluster not found.',
    });
    await assert.rejects(ecs.createCluster({ clusterName: 'a b' }), {
      name: 'InvalidParameterException',
      message: 'Invalid cluster name.',
    });
    await assert.rejects(
      ecs.putClusterCapacityProviders({
        ...{ cluster: 'default', capacityProviders: ['x'], defaultCapacityProviderStrategy: [] },
      }),
      /The specified capacity provider 'x' was not found/,
    );
    assert.equal((await ecs.createCluster({ clusterName: 'one' })).cluster!.status, 'ACTIVE');
    const providers = await ecs.describeCapacityProviders({ capacityProviders: ['FARGATE', 'x'] });
    assert.deepEqual(
      [providers.capacityProviders![0]!.name, providers.failures![0]!.reason],
      ['FARGATE', 'MISSING'],
    );
  });

  it('cannot be deleted while tasks run in them', async (test) => {
    const { ecs, register, run, running, stopped } = await startEcs(test);
    const task = await running(await run(await register()));
    const [shown] = (await ecs.describeClusters({})).clusters!;
    assert.deepEqual([shown!.runningTasksCount, shown!.pendingTasksCount], [1, 0]);
    await assert.rejects(ecs.deleteCluster({ cluster: 'default' }), {
      name: 'ClusterContainsTasksException',
      message: 'The Cluster cannot be deleted while Tasks are active.',
    });
    await ecs.stopTask({ task: task.taskArn });
    await stopped(task);
    await ecs.deleteCluster({ cluster: 'default' });
  });
});

describe('task definitions', () => {
  it('have revisions, defaults and a status', async (test) => {
    const { ecs, register } = await startEcs(test);
    assert.equal(await register(), 'load:1');
    assert.equal(
      await register({
        containerDefinitions: [container({ portMappings: [{ containerPort: 80 }] })],
        tags: [{ key: 'a', value: 'b' }],
      }),
      'load:2',
    );
    const { taskDefinition, tags } = await ecs.describeTaskDefinition({
      taskDefinition: 'load',
      include: ['TAGS'],
    });
    assert.deepEqual(
      [taskDefinition!.taskDefinitionArn, taskDefinition!.status, taskDefinition!.compatibilities, tags],
      [`${ARN}:task-definition/load:2`, 'ACTIVE', ['EC2', 'FARGATE'], [{ key: 'a', value: 'b' }]],
    );
    const [shown] = taskDefinition!.containerDefinitions!;
    assert.deepEqual(shown!.portMappings, [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }]);
    assert.deepEqual(
      [shown!.cpu, shown!.essential, shown!.environment, shown!.mountPoints],
      [0, true, [], []],
    );
    assert.ok(taskDefinition!.requiresAttributes!.some(({ name }) => name === 'ecs.capability.task-eni'));
    const { taskDefinition: gone } = await ecs.deregisterTaskDefinition({ taskDefinition: 'load:2' });
    assert.equal(gone!.status, 'INACTIVE');
    assert.equal((await ecs.describeTaskDefinition({ taskDefinition: 'load' })).taskDefinition!.revision, 1);
    await register({ family: 'load-2' });
    const arns = (await ecs.listTaskDefinitions({ familyPrefix: 'load' })).taskDefinitionArns;
    assert.deepEqual(arns, [`${ARN}:task-definition/load:1`]);
    const inactive = await ecs.listTaskDefinitions({ status: 'INACTIVE' });
    assert.deepEqual(inactive.taskDefinitionArns, [`${ARN}:task-definition/load:2`]);
    const falling: string[] = [];
    for (let nextToken: string | undefined, page = 0; page === 0 || nextToken !== undefined; page++) {
      const answer = await ecs.listTaskDefinitions({ sort: 'DESC', maxResults: 1, nextToken });
      falling.push(...answer.taskDefinitionArns!);
      nextToken = answer.nextToken;
    }
    assert.deepEqual(falling, [`${ARN}:task-definition/load-2:1`, `${ARN}:task-definition/load:1`]);
    const rising = (await ecs.listTaskDefinitions({})).taskDefinitionArns;
    assert.deepEqual(rising, falling.toReversed());
    assert.deepEqual((await ecs.listTaskDefinitionFamilies({ familyPrefix: 'load-' })).families, ['load-2']);
    const kept = await ecs.deleteTaskDefinitions({ taskDefinitions: ['load:1', 'load:2', 'x:1'] });
    assert.deepEqual(
      kept.taskDefinitions!.map(({ status }) => status),
      ['DELETE_IN_PROGRESS'],
    );
    assert.deepEqual(
      kept.failures!.map(({ reason }) => reason),
      ['INVALID', 'MISSING'],
    );
    await assert.rejects(ecs.describeTaskDefinition({ taskDefinition: 'load:2' }), {
      name: 'ClientException',
      message: 'Unable to describe task definition.',
    });
    assert.equal(await register(), 'load:3');
    await assert.rejects(ecs.deregisterTaskDefinition({ taskDefinition: 'load' }), /Invalid revision number/);
  });

  it('stay while tasks run with them', async (test) => {
    const { ecs, register, run, running, stopped } = await startEcs(test);
    const taskDefinition = await register();
    const task = await running(await run(taskDefinition));
    await ecs.deregisterTaskDefinition({ taskDefinition });
    await ecs.deleteTaskDefinitions({ taskDefinitions: [taskDefinition] });
    assert.equal(
      (await ecs.describeTaskDefinition({ taskDefinition })).taskDefinition!.status,
      'DELETE_IN_PROGRESS',
    );
    await ecs.stopTask({ task: task.taskArn });
    await stopped(task);
    await assert.rejects(ecs.describeTaskDefinition({ taskDefinition }), { name: 'ClientException' });
  });

  const refused: Record<string, [object, RegExp]> = {
    'no container': [{ containerDefinitions: [] }, /^Container list cannot be empty\.$/],
    'a family with a space': [{ family: 'a b' }, /^Family contains invalid characters/],
    'a size that Fargate does not have': [
      { cpu: '1024', memory: '1024' },
      /^No Fargate configuration exists for given values: 1024 CPU, 1024 memory\./,
    ],
    'no size': [{ cpu: undefined }, /^Fargate requires that 'cpu' be defined at the task level\.$/],
    'a size that is none': [{ cpu: 'x' }, /^Invalid 'cpu' setting for task\.$/],
    'another network mode': [{ networkMode: 'bridge' }, /^Fargate only supports network mode ‘awsvpc’\.$/],
    'no execution role': [
      { executionRoleArn: undefined },
      /^Fargate requires task definition to have execution role ARN to support log driver awslogs\.$/,
    ],
    'nothing essential': [
      { containerDefinitions: [container({ essential: false })] },
      /^A TaskDefinition must have at least one essential container\.$/,
    ],
    'no name': [
      { containerDefinitions: [{ image: 'a' }] },
      /^Container\.name should not be null or empty\.$/,
    ],
    'no image': [
      { containerDefinitions: [{ name: 'a' }] },
      /^Container\.image should not be null or empty\.$/,
    ],
    'a name twice': [{ containerDefinitions: [container(), container()] }, /is used more than once/],
    'other host ports': [
      { containerDefinitions: [container({ portMappings: [{ containerPort: 80, hostPort: 81 }] })] },
      /^When networkMode=awsvpc, the host ports and container ports in port mappings must match\.$/,
    ],
    'more memory than the task': [
      { containerDefinitions: [container({ memory: 1024 })] },
      /must not exceed the memory/,
    ],
    'a circle': [
      {
        containerDefinitions: [
          container({ dependsOn: [{ containerName: 'b', condition: 'START' }] }),
          container({ name: 'b', dependsOn: [{ containerName: 'app', condition: 'START' }] }),
        ],
      },
      /depend on each other: app -> b -> app/,
    ],
    'a health that nobody checks': [
      {
        containerDefinitions: [
          container({ dependsOn: [{ containerName: 'b', condition: 'HEALTHY' }] }),
          container({ name: 'b' }),
        ],
      },
      /must have a health check/,
    ],
    'an unknown volume': [
      { containerDefinitions: [container({ mountPoints: [{ sourceVolume: 'x', containerPath: '/x' }] })] },
      /^Unknown volume 'x'\.$/,
    ],
    'a log without options': [
      { containerDefinitions: [container({ logConfiguration: { logDriver: 'awslogs' } })] },
      /^Log driver awslogs requires options: awslogs-group, awslogs-region, awslogs-stream-prefix$/,
    ],
    'another log driver': [
      { containerDefinitions: [container({ logConfiguration: { logDriver: 'splunk' } })] },
      /does not support the log driver 'splunk'/,
    ],
    'a long stop': [
      { containerDefinitions: [container({ stopTimeout: 121 })] },
      /'StopTimeout' must be|'stopTimeout' must be/,
    ],
    EFS: [
      { volumes: [{ name: 'a', efsVolumeConfiguration: { fileSystemId: 'fs' } }] },
      /does not support efsVolumeConfiguration/,
    ],
    'Secrets Manager': [
      {
        containerDefinitions: [
          container({ secrets: [{ name: 'A', valueFrom: 'arn:aws:secretsmanager:us-east-1:0:secret:x' }] }),
        ],
      },
      /does not support secrets of Secrets Manager/,
    ],
    'a GPU': [
      { containerDefinitions: [container({ resourceRequirements: [{ type: 'GPU', value: '1' }] })] },
      /does not support resourceRequirements/,
    ],
    Windows: [
      { runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } },
      /does not support Windows/,
    ],
    'too much': [
      { containerDefinitions: [container({ environment: [{ name: 'A', value: 'x'.repeat(70_000) }] })] },
      /^Actual length: '7\d{4}'\. Max allowed length is '65536' bytes\.$/,
    ],
  };
  it('are refused with the reason', async (test) => {
    const { ecs } = await startEcs(test);
    for (const [name, [more, message]] of Object.entries(refused)) {
      await assert.rejects(
        ecs.registerTaskDefinition(definition(more)),
        { name: 'ClientException', message },
        name,
      );
    }
    // Definitions for instances need no size of Fargate.
    const { taskDefinition } = await ecs.registerTaskDefinition({
      ...{ family: 'ec2', containerDefinitions: [{ name: 'a', image: 'a', memory: 10 }] },
    });
    assert.deepEqual(taskDefinition!.compatibilities, ['EXTERNAL', 'EC2']);
    await assert.rejects(
      ecs.registerTaskDefinition({ family: 'ec2', containerDefinitions: [{ name: 'a', image: 'a' }] }),
      /^ClientException: Invalid setting for container 'a'\. At least one of 'memory' or 'memoryReservation' must be specified\.$/,
    );
  });
});

describe('RunTask', () => {
  it('refuses what AWS refuses', async (test) => {
    const { ecs, ec2, register, subnetId } = await startEcs(test);
    const taskDefinition = await register();
    const { Vpc } = await ec2.createVpc({ CidrBlock: '10.9.0.0/16' });
    const { Subnet } = await ec2.createSubnet({ VpcId: Vpc!.VpcId!, CidrBlock: '10.9.1.0/24' });
    const { GroupId } = await ec2.createSecurityGroup({
      VpcId: Vpc!.VpcId!,
      GroupName: 'g',
      Description: 'd',
    });
    const network = (subnets: string[], securityGroups: string[] = []) => ({
      networkConfiguration: { awsvpcConfiguration: { subnets, securityGroups } },
    });
    const cases: [object, string, RegExp][] = [
      [{ cluster: 'none' }, 'ClusterNotFoundException', /^Cluster not found\.$/],
      [{ taskDefinition: 'none' }, 'ClientException', /^TaskDefinition not found\.$/],
      [{ count: 11 }, 'InvalidParameterException', /^Count should be between 1 and 10\.$/],
      [
        { launchType: 'EC2' },
        'InvalidParameterException',
        /^No Container Instances were found in your cluster\.$/,
      ],
      [
        { launchType: undefined },
        'InvalidParameterException',
        /^No Container Instances were found in your cluster\.$/,
      ],
      [
        { networkConfiguration: undefined },
        'InvalidParameterException',
        /^Network Configuration must be provided when networkMode 'awsvpc' is specified\.$/,
      ],
      [network([]), 'InvalidParameterException', /^subnets can not be empty\.$/],
      [
        network(['subnet-00000000']),
        'InvalidParameterException',
        /^Error retrieving subnet information for \[subnet-00000000\]: The subnet ID 'subnet-00000000' does not exist \(ErrorCode: InvalidSubnetID\.NotFound\)$/,
      ],
      [
        network([subnetId], ['sg-00000000']),
        'InvalidParameterException',
        /^Error retrieving security group information for \[sg-00000000\]: .+ \(ErrorCode: InvalidGroup\.NotFound\)$/,
      ],
      [
        network([subnetId], [GroupId!]),
        'InvalidParameterException',
        /does not appear to belong to the same VPC as the input subnets\.$/,
      ],
      [network([subnetId, Subnet!.SubnetId!]), 'InvalidParameterException', /must belong to the same VPC/],
      [{ enableExecuteCommand: true }, 'ClientException', /does not support enableExecuteCommand/],
      [
        { overrides: { containerOverrides: [{ name: 'x' }] } },
        'InvalidParameterException',
        /^Override for container named x is not/,
      ],
      [{ overrides: { cpu: '257' } }, 'ClientException', /^No Fargate configuration exists/],
      [
        { placementStrategy: [{ type: 'random' }] },
        'InvalidParameterException',
        /not supported with FARGATE/,
      ],
      [{ platformVersion: '9' }, 'PlatformUnknownException', /./],
      [
        { launchType: undefined, capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] },
        'InvalidParameterException',
        /not associated with the cluster/,
      ],
      [
        { capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] },
        'InvalidParameterException',
        /both a launch type and capacity provider strategy/,
      ],
    ];
    for (const [more, name, message] of cases) {
      await assert.rejects(
        ecs.runTask({ taskDefinition, launchType: 'FARGATE', ...network([subnetId]), ...more }),
        { name, message },
        JSON.stringify(more),
      );
    }
    await ecs.deregisterTaskDefinition({ taskDefinition });
    await assert.rejects(ecs.runTask({ taskDefinition, launchType: 'FARGATE', ...network([subnetId]) }), {
      message: 'TaskDefinition is inactive',
    });
    const { taskDefinition: ofInstances } = await ecs.registerTaskDefinition({
      ...{ family: 'ec2', containerDefinitions: [{ name: 'a', image: 'a', memory: 10 }] },
    });
    await assert.rejects(
      ecs.runTask({ taskDefinition: ofInstances!.taskDefinitionArn, launchType: 'FARGATE' }),
      {
        message: 'Task definition does not support launch_type FARGATE.',
      },
    );
  });

  it('runs several tasks, by a strategy, with tags, once for a client token', async (test) => {
    const { ecs, register, run, subnetId, running } = await startEcs(test);
    const taskDefinition = await register({ tags: [{ key: 'of', value: 'definition' }] });
    await ecs.putClusterCapacityProviders({
      cluster: 'default',
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      defaultCapacityProviderStrategy: [
        { capacityProvider: 'FARGATE', base: 1 },
        { capacityProvider: 'FARGATE_SPOT', weight: 1 },
      ],
    });
    const input = {
      ...{ taskDefinition, count: 3, clientToken: 'once', startedBy: 'me', group: 'g' },
      ...{
        propagateTags: 'TASK_DEFINITION' as const,
        tags: [{ key: 'a', value: 'b' }],
        enableECSManagedTags: true,
      },
      networkConfiguration: { awsvpcConfiguration: { subnets: [subnetId] } },
    };
    const { tasks, failures } = await ecs.runTask(input);
    assert.deepEqual(failures, []);
    assert.deepEqual(
      tasks!.map(({ capacityProviderName }) => capacityProviderName),
      ['FARGATE', 'FARGATE_SPOT', 'FARGATE_SPOT'],
    );
    assert.deepEqual(tasks![0]!.tags, [
      { key: 'of', value: 'definition' },
      { key: 'a', value: 'b' },
      { key: 'aws:ecs:clusterName', value: 'default' },
    ]);
    const again = await ecs.runTask(input);
    assert.deepEqual(
      again.tasks!.map(({ taskArn }) => taskArn),
      tasks!.map(({ taskArn }) => taskArn),
    );
    await assert.rejects(ecs.runTask({ ...input, count: 2 }), { name: 'ConflictException' });
    const other = await running(await run(await register({ family: 'other' })));
    const list = async (more: object) => (await ecs.listTasks(more)).taskArns!.length;
    assert.deepEqual(
      [
        await list({}),
        await list({ family: 'load' }),
        await list({ startedBy: 'me' }),
        await list({ desiredStatus: 'STOPPED' }),
      ],
      [4, 3, 3, 0],
    );
    assert.equal(await list({ launchType: 'EC2' }), 0);
    const pages: number[] = [];
    for (let nextToken: string | undefined, page = 0; page === 0 || nextToken !== undefined; page++) {
      const answer = await ecs.listTasks({ maxResults: 3, nextToken });
      pages.push(answer.taskArns!.length);
      nextToken = answer.nextToken;
    }
    assert.deepEqual(pages, [3, 1]);
    const described = await ecs.describeTasks({ tasks: [other.taskArn!, '0'.repeat(32)], include: ['TAGS'] });
    assert.deepEqual(described.failures, [
      { arn: `${ARN}:task/default/${'0'.repeat(32)}`, reason: 'MISSING' },
    ]);
    await assert.rejects(ecs.describeTasks({ tasks: [] }), { message: 'Tasks cannot be empty.' });
  });
});

describe('tags, settings and what is not there', () => {
  it('tags are added and removed', async (test) => {
    const { ecs, register, run } = await startEcs(test);
    const task = await run(await register());
    for (const resourceArn of [task.taskArn!, task.taskDefinitionArn!, task.clusterArn!]) {
      await ecs.tagResource({
        resourceArn,
        tags: [
          { key: 'a', value: '1' },
          { key: 'b', value: '2' },
        ],
      });
      await ecs.untagResource({ resourceArn, tagKeys: ['a', 'none'] });
      assert.deepEqual((await ecs.listTagsForResource({ resourceArn })).tags, [{ key: 'b', value: '2' }]);
      await assert.rejects(ecs.tagResource({ resourceArn, tags: [{ key: 'aws:x', value: '' }] }), {
        name: 'InvalidParameterException',
      });
    }
    await assert.rejects(ecs.listTagsForResource({ resourceArn: `${ARN}:cluster/none` }), {
      name: 'ClusterNotFoundException',
    });
    await assert.rejects(ecs.listTagsForResource({ resourceArn: 'x' }), {
      name: 'InvalidParameterException',
    });
  });

  it('settings are recorded', async (test) => {
    const { ecs } = await startEcs(test);
    const name = 'containerInsights' as const;
    assert.deepEqual((await ecs.listAccountSettings({})).settings, []);
    await ecs.putAccountSettingDefault({ name, value: 'enabled' });
    const effective = async () =>
      (await ecs.listAccountSettings({ name, effectiveSettings: true })).settings![0]!.value;
    assert.equal(await effective(), 'enabled');
    await ecs.putAccountSetting({ name, value: 'enhanced' });
    assert.equal(await effective(), 'enhanced');
    assert.equal((await ecs.deleteAccountSetting({ name })).setting!.value, 'enabled');
    await assert.rejects(ecs.putAccountSetting({ name: 'x' as typeof name, value: 'y' }), {
      name: /Exception$/,
    });
  });

  it('services and instances are read as where there are none, and refused by name', async (test) => {
    const { ecs } = await startEcs(test);
    assert.deepEqual((await ecs.describeServices({ services: ['a'] })).failures, [
      { arn: 'a', reason: 'MISSING' },
    ]);
    assert.deepEqual((await ecs.listServices({})).serviceArns, []);
    assert.deepEqual((await ecs.listContainerInstances({})).containerInstanceArns, []);
    assert.deepEqual(
      (await ecs.describeContainerInstances({ containerInstances: ['a'] })).failures!.length,
      1,
    );
    assert.deepEqual((await ecs.listAttributes({ targetType: 'container-instance' })).attributes, []);
    const refused = { name: 'NotImplemented' };
    await assert.rejects(ecs.createService({ serviceName: 'a', taskDefinition: 'a' }), refused);
    await assert.rejects(ecs.executeCommand({ command: 'a', interactive: true, task: 'a' }), refused);
    await assert.rejects(ecs.startTask({ containerInstances: ['a'], taskDefinition: 'a' }), refused);
  });
});

describe('other clients', { skip: WITHOUT_PYTHON_CLIENTS }, () => {
  it('the AWS CLI registers, runs, waits and stops', async (test) => {
    const { url, subnetId, register, containers } = await startEcs(test);
    await register();
    const aws = async (...args: string[]) => {
      const ended = await runProgram(AWS_CLI, ['ecs', ...args], awsEnvironment(url));
      assert.equal(ended.code, 0, ended.stderr);
      return ended.stdout.trim() === '' ? undefined : JSON.parse(ended.stdout);
    };
    const network = `awsvpcConfiguration={subnets=[${subnetId}],assignPublicIp=DISABLED}`;
    const { tasks } = await aws(
      ...[
        'run-task',
        '--task-definition',
        'load',
        '--count',
        '2',
        '--launch-type',
        'FARGATE',
        '--network-configuration',
        network,
      ],
    );
    const arns = tasks.map(({ taskArn }: { taskArn: string }) => taskArn);
    await aws('wait', 'tasks-running', '--tasks', ...arns);
    assert.equal(containers.all.length, 2);
    for (const task of arns) await aws('stop-task', '--task', task);
    await aws('wait', 'tasks-stopped', '--tasks', ...arns);
    const described = await aws('describe-tasks', '--tasks', ...arns);
    assert.match(String(described.tasks[0].version), DIGITS);
    assert.equal((await aws('list-tasks', '--desired-status', 'STOPPED')).taskArns.length, 2);
    const wrong = await runProgram(
      AWS_CLI,
      ['ecs', 'describe-task-definition', '--task-definition', 'x'],
      awsEnvironment(url),
    );
    assert.match(
      wrong.stderr,
      /\(ClientException\) when calling the DescribeTaskDefinition operation: Unable to describe task definition\./,
    );
  });

  it('boto3 uses waiters and paginators', async (test) => {
    const { url, subnetId } = await startEcs(test);
    const ended = await runProgram(
      PYTHON,
      [pathOfTest('conformance/ecs_boto3.py'), url, subnetId],
      awsEnvironment(url),
    );
    assert.equal(ended.code, 0, ended.stderr);
    assert.deepEqual(JSON.parse(ended.stdout), {
      running: ['RUNNING', 'RUNNING', 'RUNNING'],
      stopped: ['STOPPED', 'STOPPED', 'STOPPED'],
      reasons: ['done'],
      pages: 3,
      families: ['boto'],
      missing: { class: 'ClusterNotFoundException', code: 'ClusterNotFoundException', status: 400 },
      none: { class: 'InvalidParameterException', code: 'InvalidParameterException', status: 400 },
      created: 'datetime',
    });
  });
});
