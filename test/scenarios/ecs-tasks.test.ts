// Tasks as real containers, in a whole Millpond: an image of its registry, names and trust inside, the metadata endpoint,
// limits, signals, a restart of Millpond, and nothing left.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { EC2 } from '@aws-sdk/client-ec2';
import { ECR } from '@aws-sdk/client-ecr';
import { type ContainerDefinition, ECS, type Task } from '@aws-sdk/client-ecs';
import { imageOf, shellLayer } from '../../src/machines/containers/containers.fixture.ts';
import type { NetworkKind } from '../../src/network/network.ts';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import { WITHOUT_SUBNETS } from '../support/networks.ts';
import { pushImage } from '../support/push-image.ts';

const LOG_GROUP = '/ecs/real';
const OPTIONS = {
  'awslogs-group': LOG_GROUP,
  'awslogs-region': 'us-east-1',
  'awslogs-stream-prefix': 'real',
};

/** Clients of a Millpond, whose port changes with a restart. */
function clientsOf({ url }: TestMillpond) {
  const options = {
    ...{ endpoint: url, region: 'us-east-1', maxAttempts: 1 },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  return {
    ecs: new ECS(options),
    ec2: new EC2(options),
    ecr: new ECR(options),
    logs: new CloudWatchLogs(options),
  };
}

async function startWithImage(test: TestContext, network: NetworkKind) {
  const millpond = await startTestMillpond({ network });
  const stop = millpond.stop;
  let stopping: Promise<void> | undefined;
  millpond.stop = () => (stopping ??= stop());
  test.after(() => millpond.stop());
  const { ecs, ec2, ecr, logs } = clientsOf(millpond);
  const image = await pushImage(
    ecr,
    millpond.url,
    'shell',
    imageOf([shellLayer()], { Cmd: ['sh'], Env: ['PATH=/bin'] }),
  );
  await ecs.createCluster({});
  await logs.createLogGroup({ logGroupName: LOG_GROUP });
  const { Subnets } = await ec2.describeSubnets({});
  const subnets = [Subnets![0]!.SubnetId!];
  const until = async (task: Task, holds: (task: Task) => boolean): Promise<Task> => {
    for (;;) {
      const { tasks } = await clientsOf(millpond).ecs.describeTasks({ tasks: [task.taskArn!] });
      if (holds(tasks![0]!)) return tasks![0]!;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return {
    ...{ millpond, until, cidr: Subnets![0]!.CidrBlock! },
    async run(containerDefinitions: ContainerDefinition[], more: object = {}): Promise<Task> {
      const { ecs } = clientsOf(millpond);
      await ecs.registerTaskDefinition({
        ...{
          family: 'real',
          cpu: '256',
          memory: '512',
          networkMode: 'awsvpc',
          requiresCompatibilities: ['FARGATE'],
        },
        executionRoleArn: 'role',
        containerDefinitions: containerDefinitions.map((one) => ({
          ...{ name: 'app', image, logConfiguration: { logDriver: 'awslogs', options: OPTIONS } },
          ...one,
        })),
        ...more,
      });
      const networkConfiguration = { awsvpcConfiguration: { subnets } };
      const { tasks } = await ecs.runTask({
        taskDefinition: 'real',
        launchType: 'FARGATE',
        networkConfiguration,
      });
      return tasks![0]!;
    },
    stopped: (task: Task) => until(task, ({ lastStatus }) => lastStatus === 'STOPPED'),
    running: (task: Task) =>
      until(task, ({ lastStatus }) => lastStatus !== 'PROVISIONING' && lastStatus !== 'PENDING'),
    async linesOf(task: Task, container = 'app'): Promise<string[]> {
      const logStreamName = `real/${container}/${task.taskArn!.split('/').at(-1)}`;
      const { events } = await clientsOf(millpond).logs.getLogEvents({
        ...{ logGroupName: LOG_GROUP, logStreamName, startFromHead: true },
      });
      return events!.map(({ message }) => message!);
    },
    /** What containers leave on disk. */
    runs(): string[] {
      const directory = join(millpond.dataDir, 'containers', 'runs');
      return existsSync(directory) ? readdirSync(directory) : [];
    },
  };
}

/** How many shells of containers have this text in their command line. */
const processesWith = (mark: string): number =>
  readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && commandLineOf(pid).startsWith(`sh\0-c\0: ${mark}`),
  ).length;

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

for (const network of ['loopback', 'subnets'] as const) {
  test(`a container runs, prints and ends (${network})`, {
    skip: network === 'subnets' && WITHOUT_SUBNETS,
  }, async (test) => {
    const { run, stopped, linesOf, cidr, runs } = await startWithImage(test, network);
    const script =
      'hostname; cat /etc/resolv.conf | head -n 1; echo $AWS_ENDPOINT_URL $AWS_EXECUTION_ENV; cat /shared/a; id -u; exit 7';
    const ended = await stopped(
      await run(
        [
          {
            ...{
              command: ['sh', '-c', script],
              user: '1000',
              dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }],
            },
            mountPoints: [{ sourceVolume: 'shared', containerPath: '/shared', readOnly: true }],
          },
          {
            ...{
              name: 'init',
              essential: false,
              command: ['sh', '-c', 'echo from init >/shared/a; echo initialised'],
            },
            mountPoints: [{ sourceVolume: 'shared', containerPath: '/shared' }],
          },
        ],
        { volumes: [{ name: 'shared' }] },
      ),
    );
    const named = (name: string) => ended.containers!.find((one) => one.name === name)!;
    assert.deepEqual(
      [ended.stopCode, named('app').exitCode, named('init').exitCode],
      ['EssentialContainerExited', 7, 0],
      JSON.stringify(ended),
    );
    const address = named('app').networkInterfaces![0]!.privateIpv4Address!;
    assert.ok(network === 'loopback' || address.startsWith(cidr.split('.').slice(0, 2).join('.')), address);
    const [hostName, resolver, endpoint, shared, user] = await linesOf(ended);
    assert.equal(hostName, `ip-${address.replaceAll('.', '-')}.us-east-1.compute.internal`);
    assert.match(resolver!, /^nameserver /);
    assert.match(endpoint!, /^http:\/\/[\d.]+:\d+ AWS_ECS_FARGATE$/);
    assert.deepEqual([shared, user], ['from init', '1000']);
    assert.deepEqual(await linesOf(ended, 'init'), ['initialised']);
    assert.deepEqual(runs(), []);
  });

  test(`a task goes on while Millpond is away, and ends with it by down (${network})`, {
    skip: network === 'subnets' && WITHOUT_SUBNETS,
  }, async (test) => {
    const { millpond, run, running, stopped, linesOf, runs } = await startWithImage(test, network);
    const script = 'trap "echo bye; exit 9" TERM; echo begun; while :; do sleep 0.05; done';
    const first = await running(await run([{ command: ['sh', '-c', script] }]));
    const short = await running(await run([{ command: ['sh', '-c', 'sleep 0.5; echo done; exit 4'] }]));
    await millpond.leave();
    await new Promise((resolve) => setTimeout(resolve, 800));
    await millpond.start();
    const seen = await stopped(short);
    assert.deepEqual([seen.containers![0]!.exitCode, await linesOf(short)], [4, ['done']]);
    const { ecs } = clientsOf(millpond);
    const { tasks } = await ecs.describeTasks({ tasks: [first.taskArn!] });
    assert.equal(tasks![0]!.lastStatus, 'RUNNING');
    await ecs.stopTask({ task: first.taskArn! });
    const ended = await stopped(first);
    assert.deepEqual([ended.containers![0]!.exitCode, await linesOf(first)], [9, ['begun', 'bye']]);
    assert.deepEqual(runs(), []);
    const mark = `left-${process.pid}-${network}`;
    await running(await run([{ command: ['sh', '-c', `: ${mark}; ${script}`] }]));
    assert.equal(processesWith(mark), 1);
    await millpond.leave();
    assert.equal(processesWith(mark), 1);
    await millpond.start();
    await millpond.stop();
    assert.equal(processesWith(mark), 0);
  });
}

test('a container starts in the interface of one that an earlier Millpond started', {
  skip: WITHOUT_SUBNETS,
}, async (test) => {
  const { millpond, run, until, stopped, linesOf } = await startWithImage(test, 'subnets');
  const task = await run([
    {
      command: ['sh', '-c', 'cat /proc/net/fib_trie; exit 6'],
      dependsOn: [{ containerName: 'first', condition: 'COMPLETE' }],
    },
    { name: 'first', essential: false, command: ['sh', '-c', 'sleep 2'] },
  ]);
  const isRunning = ({ containers }: Task) =>
    containers!.some(({ name, lastStatus }) => name === 'first' && lastStatus === 'RUNNING');
  await until(task, isRunning);
  await millpond.leave();
  await millpond.start();
  const ended = await stopped(task);
  const app = ended.containers!.find(({ name }) => name === 'app')!;
  assert.equal(app.exitCode, 6, JSON.stringify(ended));
  const address = app.networkInterfaces![0]!.privateIpv4Address!;
  assert.ok(
    (await linesOf(ended)).some((line) => line.includes(address)),
    address,
  );
});
