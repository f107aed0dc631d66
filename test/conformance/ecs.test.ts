// Tasks of ECS as the SDK for JavaScript sees them, over containers that run nothing.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waitUntilTasksRunning, waitUntilTasksStopped } from '@aws-sdk/client-ecs';
import { createFakeContainers } from '../../src/machines/containers/fake-containers.ts';
import { container, LOG_GROUP, startEcs } from '../support/ecs.ts';
import { askWith, digestOf, OCI_IMAGE, OCI_INDEX, pushContent, tokenOf, typed } from '../support/registry.ts';

const IMAGE_REGISTRY = '000000000000.dkr.ecr.us-east-1.amazonaws.com';

describe('a task', () => {
  it('runs, prints, and stops with the exit code of its container', async (test) => {
    const { register, run, running, stopped, containers, logs, subnetId, errors } = await startEcs(test);
    const begun = await run(await register());
    assert.deepEqual([begun.lastStatus, begun.desiredStatus], ['PROVISIONING', 'RUNNING']);
    const task = await running(begun);
    assert.match(task.taskArn!, /^arn:aws:ecs:us-east-1:000000000000:task\/default\/[0-9a-f]{32}$/);
    assert.deepEqual(
      [task.group, task.launchType, task.platformVersion, task.cpu, task.memory, task.connectivity],
      ['family:load', 'FARGATE', '1.4.0', '256', '512', 'CONNECTED'],
    );
    assert.deepEqual(task.overrides!.containerOverrides, [{ name: 'app' }]);
    const [attachment] = task.attachments!;
    const detail = (name: string) => attachment!.details!.find((each) => each.name === name)?.value;
    assert.equal(detail('subnetId'), subnetId);
    assert.match(detail('networkInterfaceId')!, /^eni-[0-9a-f]{17}$/);
    assert.equal(
      task.containers![0]!.networkInterfaces![0]!.privateIpv4Address,
      detail('privateIPv4Address'),
    );
    const [fake] = containers.all;
    assert.deepEqual(fake!.spec.command, ['/entry', 'run']);
    assert.equal(fake!.spec.environment.AWS_EXECUTION_ENV, 'AWS_ECS_FARGATE');
    assert.equal(fake!.spec.environment.IMAGE, 'yes');
    assert.equal(fake!.spec.memoryBytes, 512 * 1024 * 1024);
    fake!.print('hello', '', 'world');
    fake!.exit({ exitCode: 3 });
    const ended = await stopped(task);
    assert.deepEqual(
      [ended.stopCode, ended.stoppedReason, ended.containers![0]!.exitCode, ended.attachments![0]!.status],
      ['EssentialContainerExited', 'Essential container in task exited', 3, 'DELETED'],
    );
    const times = [
      'createdAt',
      'pullStartedAt',
      'pullStoppedAt',
      'startedAt',
      'stoppingAt',
      'executionStoppedAt',
      'stoppedAt',
    ] as const;
    for (const [index, time] of times.entries()) {
      if (index > 0) assert.ok(ended[times[index - 1]!]! <= ended[time]!, time);
    }
    const logStreamName = `test/app/${ended.taskArn!.split('/').at(-1)}`;
    const { events } = await logs.getLogEvents({
      logGroupName: LOG_GROUP,
      logStreamName,
      startFromHead: true,
    });
    assert.deepEqual(
      events!.map(({ message }) => message),
      ['hello', 'world'],
    );
    assert.deepEqual(containers.all, []);
    assert.deepEqual(errors, []);
  });

  it('is stopped by a signal, with the reason of the request', async (test) => {
    const { ecs, register, run, running, stopped, containers } = await startEcs(test);
    const task = await running(await run(await register()));
    const [fake] = containers.all;
    const { task: stopping } = await ecs.stopTask({ task: task.taskArn, reason: 'enough' });
    assert.deepEqual([stopping!.desiredStatus, stopping!.stopCode], ['STOPPED', 'UserInitiated']);
    const ended = await stopped(task);
    assert.deepEqual(fake!.signals, ['SIGTERM']);
    assert.deepEqual([ended.stoppedReason, ended.containers![0]!.exitCode], ['enough', 143]);
    const again = await ecs.stopTask({ task: task.taskArn!.split('/').at(-1)! });
    assert.equal(again.task!.stoppedReason, 'enough');
    await assert.rejects(ecs.stopTask({ task: '0'.repeat(32) }), {
      name: 'InvalidParameterException',
      message: 'The referenced task was not found.',
    });
  });

  it('is killed when it ignores the signal for its stop timeout', async (test) => {
    const containers = createFakeContainers({ ignoresTerm: true });
    const { ecs, register, run, running, stopped } = await startEcs(test, containers);
    const task = await running(
      await run(await register({ containerDefinitions: [container({ stopTimeout: 2 })] })),
    );
    const [fake] = containers.all;
    await ecs.stopTask({ task: task.taskArn });
    const ended = await stopped(task);
    assert.deepEqual(fake!.signals, ['SIGTERM', 'SIGKILL']);
    assert.deepEqual([ended.stoppedReason, ended.containers![0]!.exitCode], ['Task stopped by user', 137]);
  });

  it('can be stopped before it runs', async (test) => {
    const containers = createFakeContainers();
    const gate = Promise.withResolvers<void>();
    containers.prepareGate = gate.promise;
    const { ecs, register, run, stopped, until } = await startEcs(test, containers);
    const task = await until(await run(await register()), ({ lastStatus }) => lastStatus === 'PENDING');
    await ecs.stopTask({ task: task.taskArn });
    const ended = await stopped(task);
    assert.equal(ended.startedAt, undefined);
    gate.resolve();
    assert.deepEqual(containers.all, []);
  });

  it('tells why it could not start', async (test) => {
    const { register, run, stopped, containers, subnetId } = await startEcs(test);
    containers.broken.set('missing:1', 'failed to resolve ref docker.io/library/missing:1: not found');
    const reasonOf = async (definitions: object[], more: object = {}) => {
      const ended = await stopped(await run(await register({ containerDefinitions: definitions }), more));
      assert.equal(ended.stopCode, 'TaskFailedToStart');
      return [ended.stoppedReason, ended.containers![0]!.reason];
    };
    const pull = 'CannotPullContainerError: failed to resolve ref docker.io/library/missing:1: not found';
    assert.deepEqual(await reasonOf([container({ image: 'missing:1' })]), [pull, pull]);
    const options = { 'awslogs-group': '/none', 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'x' };
    assert.deepEqual(await reasonOf([container({ logConfiguration: { logDriver: 'awslogs', options } })]), [
      'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1',
      undefined,
    ]);
    assert.deepEqual(await reasonOf([container({ secrets: [{ name: 'A', valueFrom: '/none' }] })]), [
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: Invalid parameters: /none',
      undefined,
    ]);
    containers.onStart = () => {
      throw new Error('exec: "x": executable file not found in $PATH');
    };
    const start = 'CannotStartContainerError: exec: "x": executable file not found in $PATH';
    assert.deepEqual(await reasonOf([container({ command: ['x'] })]), [start, start]);
    const image = `${IMAGE_REGISTRY}/none:1`;
    const [reason] = await reasonOf([container({ image })]);
    assert.equal(
      reason,
      "CannotPullContainerError: RepositoryNotFoundException: The repository with name 'none' does not exist in the registry with id '000000000000'",
    );
    assert.ok(subnetId);
  });

  it('ends with 137 when its memory is used up', async (test) => {
    const { register, run, running, stopped, containers } = await startEcs(test);
    const task = await running(await run(await register()));
    containers.all[0]!.exit({ exitCode: 137, isOutOfMemory: true });
    const ended = await stopped(task);
    assert.deepEqual(
      [ended.containers![0]!.exitCode, ended.containers![0]!.reason],
      [137, 'OutOfMemoryError: Container killed due to memory usage'],
    );
  });

  it('tells why it could not listen, where tasks share the ports of this machine', async (test) => {
    const { register, run, running, stopped, containers } = await startEcs(test);
    const definition = await register();
    const rows = [
      [
        'Error: listen EADDRINUSE: address already in use 0.0.0.0:80',
        'EADDRINUSE: tasks share the ports of this machine unless they run in subnets',
      ],
      [
        'nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)',
        'EACCES: tasks may not listen below port 1024 unless they run in subnets',
      ],
    ] as const;
    for (const [line, words] of rows) {
      const task = await running(await run(definition));
      containers.all.at(-1)!.print(line);
      containers.all.at(-1)!.exit({ exitCode: 1 });
      const ended = await stopped(task);
      assert.equal(ended.stoppedReason, `Essential container in task exited: ${words}: ${line}`);
    }
  });

  it('has the variables, secrets and settings of its definition, and the overrides of the request', async (test) => {
    const { ssm, s3, register, run, running, containers } = await startEcs(test);
    await ssm.putParameter({ Name: '/app/secret', Value: 's3cret', Type: 'SecureString' });
    await ssm.putParameter({ Name: 'plain', Value: 'p', Type: 'String' });
    await s3.createBucket({ Bucket: 'files' });
    await s3.putObject({ Bucket: 'files', Key: 'a.env', Body: '# no\nFILE=f=1\nOWN=file\n' });
    const taskDefinition = await register({
      volumes: [{ name: 'shared' }],
      containerDefinitions: [
        container({
          entryPoint: ['/bin/sh', '-c'],
          command: ['echo'],
          environment: [
            { name: 'OWN', value: 'definition' },
            { name: 'KEPT', value: 'kept' },
          ],
          secrets: [
            { name: 'SECRET', valueFrom: 'arn:aws:ssm:us-east-1:000000000000:parameter/app/secret' },
            { name: 'PLAIN', valueFrom: 'plain' },
          ],
          environmentFiles: [{ type: 's3', value: 'arn:aws:s3:::files/a.env' }],
          mountPoints: [{ sourceVolume: 'shared', containerPath: '/data', readOnly: true }],
          ulimits: [{ name: 'nofile', softLimit: 10, hardLimit: 20 }],
          readonlyRootFilesystem: true,
          user: '1000:1000',
          workingDirectory: '/work',
          cpu: 10,
          memory: 100,
        }),
        container({ name: 'side', essential: false, volumesFrom: [{ sourceContainer: 'app' }] }),
      ],
    });
    await running(
      await run(taskDefinition, {
        overrides: {
          containerOverrides: [
            {
              name: 'app',
              command: ['run it'],
              environment: [{ name: 'OWN', value: 'override' }],
              memory: 200,
            },
          ],
        },
      }),
    );
    const [app, side] = ['app', 'side'].map(
      (name) => containers.all.find(({ spec }) => spec.labels.container === name)!.spec,
    );
    const { environment } = app!;
    assert.deepEqual(
      [environment.OWN, environment.KEPT, environment.SECRET, environment.PLAIN, environment.FILE],
      ['override', 'kept', 's3cret', 'p', 'f=1'],
    );
    assert.deepEqual(app!.command, ['/bin/sh', '-c', 'run it']);
    assert.deepEqual([app!.user, app!.workingDirectory, app!.hasReadOnlyRoot], ['1000:1000', '/work', true]);
    assert.deepEqual([app!.cpuShares, app!.memoryBytes], [10, 200 * 1024 * 1024]);
    assert.deepEqual(app!.limits, [{ name: 'nofile', soft: 10, hard: 20 }]);
    assert.equal(app!.volumes[0]!.name, side!.volumes[0]!.name);
    assert.deepEqual([app!.volumes[0]!.containerPath, app!.volumes[0]!.isReadOnly], ['/data', true]);
    assert.equal(app!.interface, side!.interface);
  });

  it('starts its containers in the order of their dependencies, and shows their health', async (test) => {
    const { ecs, register, run, running, stopped, until, containers } = await startEcs(test);
    const started: string[] = [];
    containers.onStart = (fake) => {
      started.push(fake.spec.labels.container!);
      if (fake.spec.labels.container === 'init') setImmediate(() => fake.exit());
    };
    const task = await run(
      await register({
        containerDefinitions: [
          container({
            dependsOn: [
              { containerName: 'init', condition: 'SUCCESS' },
              { containerName: 'db', condition: 'HEALTHY' },
            ],
          }),
          container({ name: 'init', essential: false }),
          container({ name: 'db', healthCheck: { command: ['CMD-SHELL', 'true'], interval: 5, retries: 1 } }),
        ],
      }),
    );
    const waiting = await until(task, ({ containers: all }) =>
      all!.some(({ lastStatus }) => lastStatus === 'STOPPED'),
    );
    assert.equal(waiting.healthStatus, 'UNKNOWN');
    const now = await running(task);
    assert.deepEqual(started, ['init', 'db', 'app']);
    assert.equal(now.healthStatus, 'HEALTHY');
    await ecs.stopTask({ task: task.taskArn });
    const ended = await stopped(task);
    assert.deepEqual(ended.containers!.map(({ name, exitCode }) => `${name} ${exitCode}`).sort(), [
      'app 143',
      'db 143',
      'init 0',
    ]);
  });

  it('runs an image of ECR, by the manifest of this machine’s platform', async (test) => {
    const { ecr, url, register, run, running, containers } = await startEcs(test);
    const ask = askWith(url, await tokenOf(ecr));
    await ecr.createRepository({ repositoryName: 'team/app' });
    const manifest = await pushContent(ask, 'team/app');
    const digest = digestOf(manifest);
    await ask('PUT', `team/app/manifests/${digest}`, { body: manifest, ...typed(OCI_IMAGE) });
    const entry = (architecture: string) => ({
      ...{ mediaType: OCI_IMAGE, digest, size: manifest.length, platform: { os: 'linux', architecture } },
    });
    const index = (architecture: string) =>
      JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [entry(architecture)] });
    const here = process.arch === 'x64' ? 'amd64' : process.arch;
    await ask('PUT', 'team/app/manifests/latest', { body: index(here), ...typed(OCI_INDEX) });
    await ask('PUT', 'team/app/manifests/other', { body: index('mips'), ...typed(OCI_INDEX) });
    const image = `${IMAGE_REGISTRY}/team/app`;
    const task = await running(await run(await register({ containerDefinitions: [container({ image })] })));
    assert.equal(task.containers![0]!.imageDigest, digest);
    const { registry } = containers.prepared[0]!;
    assert.equal(registry!.manifest.toString(), manifest);
  });

  it('is told by waiters that run and have stopped', async (test) => {
    const { ecs, register, run, containers } = await startEcs(test);
    const task = await run(await register());
    const tasks = [task.taskArn!];
    const wait = { client: ecs, maxWaitTime: 30, minDelay: 1, maxDelay: 1 };
    assert.equal((await waitUntilTasksRunning(wait, { tasks })).state, 'SUCCESS');
    containers.all[0]!.exit();
    assert.equal((await waitUntilTasksStopped(wait, { tasks })).state, 'SUCCESS');
  });

  it('has an interface that EC2 shows until it stops', async (test) => {
    const { ecs, ec2, register, run, running, stopped } = await startEcs(test);
    const task = await running(await run(await register()));
    const detail = (name: string) =>
      task.attachments![0]!.details!.find((each) => each.name === name)!.value!;
    const ids = async () =>
      (await ec2.describeNetworkInterfaces({})).NetworkInterfaces!.map((each) => each.NetworkInterfaceId);
    const { NetworkInterfaces } = await ec2.describeNetworkInterfaces({
      NetworkInterfaceIds: [detail('networkInterfaceId')],
    });
    const [shown] = NetworkInterfaces!;
    assert.equal(shown!.PrivateIpAddress, detail('privateIPv4Address'));
    assert.equal(
      shown!.Description,
      `arn:aws:ecs:us-east-1:000000000000:attachment/${task.attachments![0]!.id}`,
    );
    assert.equal(shown!.Groups!.length, 1);
    await ecs.stopTask({ task: task.taskArn });
    await stopped(task);
    assert.deepEqual(await ids(), []);
  });

  it('reads what it is at the metadata endpoint, with a secret of its container', async (test) => {
    const { url, register, run, running, stopped, containers } = await startEcs(test);
    const task = await running(await run(await register()));
    const { ECS_CONTAINER_METADATA_URI_V4: address, ECS_CONTAINER_METADATA_URI: older } =
      containers.all[0]!.spec.environment;
    assert.match(address!, /\/v4\/[0-9a-f]{32}$/);
    assert.match(older!, /\/v3\/[0-9a-f]{32}$/);
    const path = new URL(address!).pathname;
    const get = async (more: string) => {
      const answer = await fetch(`${url}${path}${more}`);
      return { status: answer.status, body: (await answer.json()) as Record<string, never> };
    };
    const own = await get('');
    assert.deepEqual(
      [own.body.Name, own.body.KnownStatus, own.body.LogDriver],
      ['app', 'RUNNING', 'awslogs'],
    );
    const whole = await get('/task');
    assert.deepEqual(
      [whole.body.TaskARN, whole.body.Family, whole.body.Limits],
      [task.taskArn, 'load', { CPU: 0.25, Memory: 512 }],
    );
    assert.ok((await get('/stats')).body.memory_stats);
    assert.equal(Object.keys((await get('/task/stats')).body).length, 1);
    assert.ok((await get('/taskWithTags')).body.TaskTags);
    assert.equal((await fetch(`${url}/v4/${'0'.repeat(32)}`)).status, 404);
    containers.all[0]!.exit();
    await stopped(task);
    assert.equal((await get('/task')).status, 404);
  });
});
