// Containers outlive the service: the next one adopts those that run, and sees the end of those that ended.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fakeAddresses } from '../../drivers/fake/fake-driver.ts';
import { silentLog } from '../../kernel/log.ts';
import { createFakeContainers, type FakeContainers } from '../../machines/containers/fake-containers.ts';
import { createHeldAddresses } from '../../network/held-addresses.ts';
import { openStore, type Store } from '../../store/store.ts';
import { createClient } from '../../wire/client.ts';
import { Fault } from '../../wire/fault.ts';
import type { Callees } from './context.ts';
import type { Sdk } from './sdk.ts';
import { createEcs } from './service.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };

/** What every service of a test shares, and what outlives each of them. */
interface World {
  store: Store;
  containers: FakeContainers;
  lines: string[];
  now: number;
}

const worldOf = (): World => ({
  store: openStore(':memory:'),
  containers: createFakeContainers(),
  lines: [],
  now: 1_000,
});

/** The services that ECS calls, as far as tasks need them. */
function calleesOf({ lines }: World): Callees {
  const answers: Record<string, (input: never) => object> = {
    DescribeSubnets: () => ({
      Subnets: [{ SubnetId: 's', CidrBlock: '10.0.0.0/24', AvailabilityZone: 'us-east-1a', VpcId: 'v' }],
    }),
    DescribeSecurityGroups: () => ({ SecurityGroups: [{ GroupId: 'sg', VpcId: 'v' }] }),
    CreateLogStream: () => {
      throw new Fault('ResourceAlreadyExistsException', 'it is there');
    },
    PutLogEvents: ({ logEvents }: { logEvents: { message: string }[] }) => {
      lines.push(...logEvents.map(({ message }) => message));
      return {};
    },
  };
  const client = { call: async (operation: string, input: unknown) => answers[operation]!(input as never) };
  const callees = { ec2: client, ecr: client, logs: client, s3: client, ssm: client };
  return callees as unknown as Callees;
}

async function start(world: World, begin = true) {
  const { store, containers } = world;
  const addresses = createHeldAddresses(fakeAddresses, () => new Set());
  const ecs = createEcs({
    ...{ store, clock: { now: () => world.now++ }, log: silentLog, ...calleesOf(world) },
    containers: async () => containers,
    networks: { addresses, network: { ensure: async () => {} } },
    environmentOf: () => ({}),
    apiUrl: () => 'http://127.0.0.1',
    filesOf: async () => [],
  });
  await ecs.adopt();
  if (begin) ecs.begin();
  const { call } = createClient<Sdk>('ecs', { inProcess: ecs.service });
  const task = async () => {
    const { taskArns } = await call('ListTasks', { desiredStatus: 'RUNNING' }, SCOPE);
    const { taskArns: ended } = await call('ListTasks', { desiredStatus: 'STOPPED' }, SCOPE);
    const { tasks } = await call('DescribeTasks', { tasks: [...taskArns!, ...ended!] }, SCOPE);
    return tasks![0]!;
  };
  const until = async (status: string) => {
    while ((await task()).lastStatus !== status) await new Promise((resolve) => setImmediate(resolve));
    return task();
  };
  return { ecs, call, until, task, addresses };
}

type Started = Awaited<ReturnType<typeof start>>;

async function runTask({ call }: Started): Promise<void> {
  await call('CreateCluster', {}, SCOPE);
  const options = { 'awslogs-group': 'g', 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'p' };
  await call(
    'RegisterTaskDefinition',
    {
      ...{
        family: 'f',
        cpu: '256',
        memory: '512',
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
      },
      executionRoleArn: 'r',
      containerDefinitions: [
        { name: 'app', image: 'i', logConfiguration: { logDriver: 'awslogs', options } },
      ],
    },
    SCOPE,
  );
  const networkConfiguration = { awsvpcConfiguration: { subnets: ['s'] } };
  await call('RunTask', { taskDefinition: 'f', launchType: 'FARGATE', networkConfiguration }, SCOPE);
}

describe('after a restart', () => {
  it('a task runs on with its address, and what it printed meanwhile is delivered once', async () => {
    const world = worldOf();
    const first = await start(world);
    await runTask(first);
    const before = await first.until('RUNNING');
    world.containers.all[0]!.print('first');
    while (world.lines.length < 1) await new Promise((resolve) => setImmediate(resolve));
    await first.ecs.stop();
    world.containers.all[0]!.print('between');
    const second = await start(world);
    const after = await second.until('RUNNING');
    assert.deepEqual(after.attachments, before.attachments);
    assert.deepEqual(
      [...second.addresses.all()],
      [before.containers![0]!.networkInterfaces![0]!.privateIpv4Address],
    );
    world.containers.all[0]!.print('then');
    world.containers.all[0]!.exit({ exitCode: 4 });
    const ended = await second.until('STOPPED');
    assert.equal(ended.containers![0]!.exitCode, 4);
    assert.deepEqual(world.lines, ['first', 'between', 'then']);
    assert.deepEqual([world.containers.all, [...second.addresses.all()]], [[], []]);
    await second.ecs.stop();
  });

  it('the end of a task that ended meanwhile is seen', async () => {
    const world = worldOf();
    const first = await start(world);
    await runTask(first);
    await first.until('RUNNING');
    await first.ecs.stop();
    world.containers.all[0]!.print('last words');
    world.containers.all[0]!.exit({ exitCode: 5 });
    const second = await start(world);
    const ended = await second.until('STOPPED');
    assert.deepEqual([ended.stopCode, ended.containers![0]!.exitCode], ['EssentialContainerExited', 5]);
    assert.deepEqual(world.lines, ['last words']);
    assert.deepEqual([world.containers.all, [...second.addresses.all()]], [[], []]);
    await second.ecs.stop();
  });

  it('a container that is lost ends its task without an exit code', async () => {
    const world = worldOf();
    const first = await start(world);
    await runTask(first);
    await first.until('RUNNING');
    await first.ecs.stop();
    const second = await start({ ...world, containers: createFakeContainers() });
    const ended = await second.until('STOPPED');
    assert.deepEqual(
      [ended.stopCode, ended.containers![0]!.exitCode],
      ['EssentialContainerExited', undefined],
    );
    await second.ecs.stop();
  });

  it('a start is repeated that did not come to a container, and a container without a record is adopted by its task', async () => {
    const world = worldOf();
    const gate = Promise.withResolvers<void>();
    world.containers.prepareGate = gate.promise;
    const first = await start(world);
    await runTask(first);
    await first.until('PENDING');
    await first.ecs.stop();
    gate.resolve();
    const second = await start(world);
    await second.until('RUNNING');
    assert.equal(world.containers.all.length, 1);
    await second.ecs.stop();
  });

  it('a container whose task is not known is removed', async () => {
    const world = worldOf();
    const first = await start(world);
    await runTask(first);
    await first.until('RUNNING');
    await first.ecs.stop();
    const { taskArn } = await first.task();
    world.store
      .collection('ecs/task', {
        wanted: () => '',
        status: () => '',
        alive: () => '',
        definition: () => '',
        metadata: () => '',
      })
      .delete(SCOPE, taskArn!.split('/').at(-1)!);
    const other = await start(world, false);
    await runTask(other);
    const second = await start(world);
    while (world.containers.all.some(({ spec }) => taskArn!.endsWith(spec.labels.task!))) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await second.ecs.stop();
  });
});

describe('down', () => {
  it('stops all tasks; what they printed last is delivered at the next start', async () => {
    const world = worldOf();
    const first = await start(world);
    await runTask(first);
    await first.until('RUNNING');
    const [fake] = world.containers.all;
    await first.ecs.stop();
    fake!.print('bye');
    await first.ecs.endPrograms();
    assert.deepEqual([fake!.signals, fake!.hasEnded], [['SIGTERM'], true]);
    const ended = await first.task();
    assert.deepEqual(
      [ended.lastStatus, ended.stopCode, ended.containers![0]!.exitCode],
      ['STOPPED', 'UserInitiated', 143],
    );
    assert.deepEqual([world.lines, [...first.addresses.all()]], [[], []]);
    const second = await start(world);
    while (world.containers.all.length > 0) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(world.lines, ['bye']);
    await second.ecs.stop();
  });

  it('by a Millpond that only ends programs starts nothing', async () => {
    const world = worldOf();
    const first = await start(world);
    await runTask(first);
    await first.until('RUNNING');
    await first.ecs.stop();
    const [fake] = world.containers.all;
    const second = await start(world, false);
    await second.ecs.stop();
    await second.ecs.endPrograms();
    assert.equal(fake!.hasEnded, true);
    assert.equal((await second.task()).lastStatus, 'STOPPED');
  });
});
