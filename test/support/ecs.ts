// ECS over containers that run nothing, with the services that it calls, behind the wire layer: what tests of ECS share.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { EC2 } from '@aws-sdk/client-ec2';
import { ECR } from '@aws-sdk/client-ecr';
import { ECS, type RegisterTaskDefinitionRequest, type Task } from '@aws-sdk/client-ecs';
import { S3 } from '@aws-sdk/client-s3';
import { SSM } from '@aws-sdk/client-ssm';
import { createFakeContainers, type FakeContainers } from '../../src/machines/containers/fake-containers.ts';
import type { Service } from '../../src/wire/service.ts';
import { startEngineless } from './engineless.ts';

export const LOG_GROUP = '/ecs/test';

/** Everything about one ECS. */
export interface EcsUnderTest {
  ecs: ECS;
  ec2: EC2;
  ecr: ECR;
  logs: CloudWatchLogs;
  s3: S3;
  ssm: SSM;
  url: string;
  containers: FakeContainers;
  subnetId: string;
  services: readonly Service[];
  errors: { fields: object; message: string }[];
  /** Registers a definition on Fargate; resolves to `family:revision`. */
  register(more?: Partial<RegisterTaskDefinitionRequest>): Promise<string>;
  /** Runs a task in the default VPC. */
  run(taskDefinition: string, more?: object): Promise<Task>;
  /** The task once `holds` does. */
  until(task: Task, holds: (task: Task) => boolean): Promise<Task>;
  stopped(task: Task): Promise<Task>;
  running(task: Task): Promise<Task>;
}

/** Serves until the test ends. The cluster `default` and the log group are there. */
export async function startEcs(
  test: TestContext,
  containers = createFakeContainers(),
): Promise<EcsUnderTest> {
  const dataDir = mkdtempSync(join(tmpdir(), 'millpond-ecs-'));
  test.after(() => rmSync(dataDir, { recursive: true, force: true }));
  const { server, services, errors } = await startEngineless(test, dataDir, undefined, { containers });
  const options = {
    ...{ endpoint: server.url, region: 'us-east-1', maxAttempts: 1, forcePathStyle: true },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const clients = {
    ...{ ecs: new ECS(options), ec2: new EC2(options), ecr: new ECR(options), ssm: new SSM(options) },
    ...{ logs: new CloudWatchLogs(options), s3: new S3(options) },
  };
  test.after(() => {
    for (const client of Object.values(clients)) client.destroy();
  });
  const { ecs, ec2, logs } = clients;
  await ecs.createCluster({});
  await logs.createLogGroup({ logGroupName: LOG_GROUP });
  const { Subnets } = await ec2.describeSubnets({});
  const subnetId = Subnets![0]!.SubnetId!;
  const until: EcsUnderTest['until'] = async (task, holds) => {
    for (;;) {
      const { tasks } = await ecs.describeTasks({ tasks: [task.taskArn!] });
      if (holds(tasks![0]!)) return tasks![0]!;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return {
    ...{ ...clients, url: server.url, containers, subnetId, services, errors, until },
    async register(more = {}) {
      const { taskDefinition } = await ecs.registerTaskDefinition(definition(more));
      return `${taskDefinition!.family}:${taskDefinition!.revision}`;
    },
    async run(taskDefinition, more = {}) {
      const { tasks } = await ecs.runTask({
        ...{ taskDefinition, launchType: 'FARGATE' },
        networkConfiguration: { awsvpcConfiguration: { subnets: [subnetId] } },
        ...more,
      });
      return tasks![0]!;
    },
    stopped: (task) => until(task, ({ lastStatus }) => lastStatus === 'STOPPED'),
    running: (task) => until(task, ({ lastStatus }) => lastStatus === 'RUNNING'),
  };
}

/** A definition of one container with a log. */
export const definition = (
  more: Partial<RegisterTaskDefinitionRequest> = {},
): RegisterTaskDefinitionRequest => ({
  ...{
    family: 'load',
    cpu: '256',
    memory: '512',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
  },
  executionRoleArn: 'arn:aws:iam::000000000000:role/execution',
  containerDefinitions: [container()],
  ...more,
});

/** A container with a log. */
export const container = (more: object = {}) => ({
  ...{ name: 'app', image: 'app:1', essential: true },
  logConfiguration: {
    logDriver: 'awslogs' as const,
    options: { 'awslogs-group': LOG_GROUP, 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'test' },
  },
  ...more,
});
