// The third walkthrough, followed with the example of its shape: a serverless application that the SAM CLI deploys, an
// image that is pushed, three tasks that send requests through a load balancer to a function, a second shard meanwhile,
// and what metrics, Insights and the dashboard say about it.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { ECS } from '@aws-sdk/client-ecs';
import { ElastiCache } from '@aws-sdk/client-elasticache';
import type { NetworkKind } from '../../src/network/network.ts';
import { installedPackage } from '../support/installed-package.ts';
import {
  findProgram,
  pathOfTest,
  SAM_CLI,
  WITHOUT_SAM_CLI,
  withoutProgram,
} from '../support/outside-clients.ts';
import { writeProgramImage } from '../support/program-image.ts';
import { eventually } from '../support/replication-groups.ts';
import { startStackWalkthrough } from '../support/stack-walkthrough.ts';
import { NETWORKS, whatIsMissing } from '../support/walkthrough.ts';

const REGION = 'us-east-1';
const EXAMPLE = pathOfTest('../examples/scaling-under-load');
const STACK = 'growing';
const TASKS = 3;
/** Each task's; the resharding ends before the last one does. */
const PHASES = ['4@5-15', '6@15-25', '4@5-15'];

for (const network of NETWORKS) {
  test(
    `the third walkthrough, with its example (${network})`,
    { skip: whatIsMissing(network) || WITHOUT_SAM_CLI || withoutProgram('skopeo') },
    (t) => follow(t, network),
  );
}

async function follow(t: TestContext, network: NetworkKind): Promise<void> {
  const walkthrough = await startStackWalkthrough(t, REGION, network);
  const { aws, type } = walkthrough;
  const { url: endpoint } = await walkthrough.status();
  // What a person looks at again and again; the AWS CLI takes a second each time.
  const settings = {
    endpoint,
    region: REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const ecs = new ECS(settings);
  const elasticache = new ElastiCache(settings);
  const logs = new CloudWatchLogs(settings);
  const cloudwatch = new CloudWatch(settings);
  t.after(() => {
    for (const client of [ecs, elasticache, logs, cloudwatch]) client.destroy();
  });
  const folder = mkdtempSync(join(tmpdir(), 'millpond-walkthrough-3-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  copyExample(folder);

  await aws('s3', 'mb', 's3://artifacts');
  const sam = (...words: string[]) =>
    type('/bin/sh', '-c', 'cd "$0" && HOME=$PWD SAM_CLI_TELEMETRY=0 exec "$@"', folder, SAM_CLI, ...words);
  const packaged = ['--template-file', 'template.yaml', '--output-template-file', 'packaged.yaml'];
  assert.match(await sam('package', ...packaged, '--s3-bucket', 'artifacts'), /Successfully packaged/);
  const deploy = ['deploy', '--template-file', 'packaged.yaml', '--stack-name', STACK];
  const deployed = await sam(...deploy, '--capabilities', 'CAPABILITY_NAMED_IAM');
  assert.match(deployed, /Successfully created\/updated stack/);
  const outputs = walkthrough.outputsOf(await walkthrough.settled(STACK));
  const { Cluster = '', LoadBalancer = '', Repository = '', TaskCluster = '', FunctionName = '' } = outputs;
  assert.match(LoadBalancer, /^http:\/\/internal-[\w-]+\.us-east-1\.elb\.amazonaws\.com\/$/);
  assert.match(await type('curl', '--silent', LoadBalancer), /"type":"visit"/);

  const image = join(folder, 'image');
  await writeProgramImage(image, join(EXAMPLE, 'load'), 'load.mjs');
  const password = await type('aws', 'ecr', 'get-login-password');
  const copy = ['--insecure-policy', 'copy', '--dest-creds', `AWS:${password}`];
  await type(findProgram('skopeo')!, ...copy, `oci:${image}:latest`, `docker://${Repository}:latest`);

  const { tasks, failures } = await aws(
    ...(['ecs', 'run-task', '--cluster', TaskCluster, '--task-definition', `${STACK}-load`] as const),
    ...['--count', `${TASKS}`, '--launch-type', 'FARGATE', '--network-configuration'],
    `awsvpcConfiguration={subnets=[${outputs.Subnets}],securityGroups=[${outputs.SecurityGroup}],assignPublicIp=DISABLED}`,
    '--overrides',
    JSON.stringify({ containerOverrides: [{ name: 'load', command: PHASES }] }),
  );
  assert.deepEqual([failures, tasks.length], [[], TASKS]);
  const taskArns = tasks.map(({ taskArn }: { taskArn: string }) => taskArn);
  const tasksNow = async () => (await ecs.describeTasks({ cluster: TaskCluster, tasks: taskArns })).tasks!;
  await eventually('all tasks run', async () =>
    (await tasksNow()).every(({ lastStatus }) => lastStatus === 'RUNNING' || lastStatus === 'STOPPED'),
  );

  await walkthrough.elasticache(
    ...['modify-replication-group-shard-configuration', '--replication-group-id', Cluster],
    ...['--node-group-count', '2', '--apply-immediately'],
  );
  const grown = await eventually('there are two shards', async () => {
    const { ReplicationGroups } = await elasticache.describeReplicationGroups({});
    const { Status, NodeGroups } = ReplicationGroups![0]!;
    return Status === 'available' && NodeGroups!.length === 2 && NodeGroups!;
  });
  assert.deepEqual(
    grown.map(({ Slots }) => Slots),
    ['8192-16383', '0-8191'],
  );

  const ended = await eventually('all tasks have stopped', async () => {
    const found = await tasksNow();
    return found.every(({ lastStatus }) => lastStatus === 'STOPPED') && found;
  });
  const summaries = await Promise.all(
    taskArns.map(async (arn: string) => {
      const stream = `load/load/${arn.split('/').at(-1)}`;
      const { events } = await logs.getLogEvents({
        ...{ logGroupName: `/ecs/${STACK}-load`, logStreamName: stream },
      });
      return JSON.parse(events!.at(-1)!.message!) as { type: string; requests: number; failures: object };
    }),
  );
  const requests = summaries.reduce((sum, each) => sum + each.requests, 0);
  assert.deepEqual(
    summaries.map(({ failures }) => failures),
    [{}, {}, {}],
  );
  for (const { containers, stoppedReason } of ended) {
    assert.deepEqual([stoppedReason, containers![0]!.exitCode], ['Essential container in task exited', 0]);
  }
  assert.ok(requests > 400, `${requests} requests`);

  // One more: curl's.
  const visits = requests + 1;
  const query = 'filter type = "visit" | stats count(requestId) as visits, max(write) as slowest';
  await eventually('Insights counts every request', async () => {
    const { queryId } = await logs.startQuery({
      ...{ logGroupName: `/aws/lambda/${FunctionName}`, queryString: query },
      ...{ startTime: 0, endTime: Math.ceil(Date.now() / 1000) },
    });
    const { results } = await eventually('the query has ended', async () => {
      const found = await logs.getQueryResults({ queryId });
      return found.status === 'Complete' && found;
    });
    return results![0]?.[0]?.value === `${visits}`;
  });
  const { LoadBalancers } = await aws('elbv2', 'describe-load-balancers');
  const name = LoadBalancers[0].LoadBalancerArn.split(':loadbalancer/')[1];
  await eventually('the metrics count every request', async () => {
    const { Datapoints } = await cloudwatch.getMetricStatistics({
      ...{ Namespace: 'AWS/ApplicationELB', MetricName: 'RequestCount', Period: 60, Statistics: ['Sum'] },
      Dimensions: [{ Name: 'LoadBalancer', Value: name }],
      StartTime: new Date(Date.now() - 3_600_000),
      EndTime: new Date(Date.now() + 60_000),
    });
    return Datapoints!.reduce((all, { Sum }) => all + Sum!, 0) === visits;
  });
  const dashboard = await fetch(`${endpoint}/_millpond/dashboards/${STACK}?region=${REGION}`);
  assert.equal(dashboard.status, 200);

  await walkthrough.remove(STACK);
  await walkthrough.nothingIsLeft(['artifacts'], [new URL(LoadBalancer).hostname]);
}

/** With the packages of the function, which `sam build` would fetch, and without SAM's question for its newest version. */
function copyExample(folder: string): void {
  for (const part of ['template.yaml', 'function'])
    cpSync(join(EXAMPLE, part), join(folder, part), { recursive: true });
  for (const [path, contents] of Object.entries(installedPackage('ioredis'))) {
    const file = join(folder, 'function', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
  mkdirSync(join(folder, '.aws-sam'));
  const lastVersionCheck = Date.now() / 1000;
  writeFileSync(join(folder, '.aws-sam', 'metadata.json'), JSON.stringify({ lastVersionCheck }));
}
