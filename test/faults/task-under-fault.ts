// A task with two containers, while Millpond is killed after a change of its record that the caller chooses; and what must
// then be: its containers ran once, their exit codes and output are known, and nothing is left.

import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { EC2 } from '@aws-sdk/client-ec2';
import { ECR } from '@aws-sdk/client-ecr';
import { ECS, type Task } from '@aws-sdk/client-ecs';
import { imageOf, shellLayer } from '../../src/machines/containers/containers.fixture.ts';
import { pushImage } from '../support/push-image.ts';
import type { MillpondProcess } from './millpond-process.ts';
import { until } from './wait.ts';

const GROUP = '/ecs/survivor';
const ENDED_WITHIN_MS = 60_000;
const CHANGED = 'a task has changed';
/** It prints before and after, so that a kill falls in between. */
const APP = 'echo begun; sleep 0.2; echo done; exit 3';
const LASTING = 'trap "echo stopped; exit 5" TERM; echo begun; while :; do sleep 0.05; done';

export interface TaskUnderFault {
  /** A task that ends by itself. Resolves with whether Millpond was killed before it had ended. */
  runs(killAfter: number): Promise<boolean>;
  /** A task that is stopped; Millpond is killed so many changes after StopTask. */
  isStopped(killAfter: number): Promise<boolean>;
}

/** Registers what the tasks need. */
export async function taskUnderFault(millpond: MillpondProcess): Promise<TaskUnderFault> {
  const options = () => ({
    ...{ endpoint: millpond.url, region: 'us-east-1', maxAttempts: 1 },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const ecs = () => new ECS(options());
  const image = await pushImage(
    new ECR(options()),
    millpond.url,
    'survivor',
    imageOf([shellLayer()], { Cmd: ['sh'], Env: ['PATH=/bin'] }),
  );
  await new CloudWatchLogs(options()).createLogGroup({ logGroupName: GROUP });
  await ecs().createCluster({});
  const { Subnets } = await new EC2(options()).describeSubnets({});
  const logOptions = { 'awslogs-group': GROUP, 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'p' };
  const container = (name: string, script: string) => ({
    ...{ name, image, command: ['sh', '-c', script], stopTimeout: 10 },
    logConfiguration: { logDriver: 'awslogs' as const, options: logOptions },
  });

  async function begin(script: string): Promise<Task> {
    await ecs().registerTaskDefinition({
      ...{
        family: 'survivor',
        cpu: '256',
        memory: '512',
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
      },
      executionRoleArn: 'role',
      containerDefinitions: [
        { ...container('app', script), dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }] },
        { ...container('init', 'echo initialised'), essential: false },
      ],
    });
    const subnets = [Subnets![0]!.SubnetId!];
    const { tasks } = await ecs().runTask({
      ...{ taskDefinition: 'survivor', launchType: 'FARGATE' },
      networkConfiguration: { awsvpcConfiguration: { subnets } },
    });
    return tasks![0]!;
  }

  const describe = async (task: Task): Promise<Task> =>
    (await ecs().describeTasks({ tasks: [task.taskArn!] })).tasks![0]!;
  const changes = () => millpond.logLines().filter(({ msg }) => msg === CHANGED).length;

  /** Kills Millpond once the task has changed so often; resolves with false if it has ended before. */
  async function killAfter(count: number, before: number): Promise<boolean> {
    let hasEnded = false;
    await until('the task changes', ENDED_WITHIN_MS, () => {
      const seen = millpond
        .logLines()
        .filter(({ msg }) => msg === CHANGED)
        .slice(before);
      hasEnded = (seen.at(-1)?.transition as { to?: string } | undefined)?.to === 'stopped';
      return hasEnded || seen.length >= count || `${seen.length} changes`;
    });
    if (hasEnded) return false;
    await millpond.kill9();
    await millpond.start();
    return true;
  }

  async function linesOf(task: Task, name: string): Promise<string[]> {
    const logStreamName = `p/${name}/${task.taskArn!.split('/').at(-1)}`;
    const { events } = await new CloudWatchLogs(options()).getLogEvents({
      ...{ logGroupName: GROUP, logStreamName, startFromHead: true },
    });
    // What was delivered and not acknowledged before the kill is delivered again.
    return [...new Set(events!.map(({ message }) => message!))];
  }

  async function ended(task: Task): Promise<Task> {
    let now = task;
    await until('the task has stopped', ENDED_WITHIN_MS, async () => {
      now = await describe(task);
      return now.lastStatus === 'STOPPED' || `it is ${now.lastStatus}`;
    });
    const runs = join(millpond.dataDir, 'containers', 'runs');
    assert.deepEqual(existsSync(runs) ? readdirSync(runs) : [], [], 'no files of containers are left');
    return now;
  }

  const exitCodes = ({ containers }: Task) =>
    Object.fromEntries(containers!.map(({ name, exitCode }) => [name, exitCode]));

  return {
    async runs(count) {
      const before = changes();
      const task = await begin(APP);
      const wasKilled = await killAfter(count, before);
      const now = await ended(task);
      assert.deepEqual(exitCodes(now), { app: 3, init: 0 }, JSON.stringify(now));
      assert.deepEqual(await linesOf(task, 'init'), ['initialised']);
      assert.deepEqual(await linesOf(task, 'app'), ['begun', 'done']);
      return wasKilled;
    },
    async isStopped(count) {
      const task = await begin(LASTING);
      await until('the task runs', ENDED_WITHIN_MS, async () => {
        const { lastStatus } = await describe(task);
        return lastStatus === 'RUNNING' || `it is ${lastStatus}`;
      });
      await until(
        'it has printed',
        ENDED_WITHIN_MS,
        async () => (await linesOf(task, 'app')).length > 0 || 'it has not',
      );
      const before = changes();
      await ecs().stopTask({ task: task.taskArn!, reason: 'enough' });
      const wasKilled = await killAfter(count, before);
      const now = await ended(task);
      assert.deepEqual([now.stoppedReason, exitCodes(now)], ['enough', { app: 5, init: 0 }]);
      assert.deepEqual(await linesOf(task, 'app'), ['begun', 'stopped']);
      return wasKilled;
    },
  };
}
