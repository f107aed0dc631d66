// The third walkthrough's load: the example's program sends requests through the load balancer to the function, first
// while nothing changes and then while the cluster grows to two shards.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { ElastiCache } from '@aws-sdk/client-elasticache';
import { S3 } from '@aws-sdk/client-s3';
import { until } from '../src/engine/testing/settle.ts';
import { zip } from '../src/kernel/zip.ts';
import { installedPackage } from '../test/support/installed-package.ts';
import type { Bench } from './context.ts';
import { asSoonAs } from './engines.ts';
import { type BenchMillpond, startBenchMillpond } from './millpond.ts';
import { type JudgedRow, row } from './row.ts';

const EXAMPLE = new URL('../examples/scaling-under-load/', import.meta.url);
const LOAD = fileURLToPath(new URL('load/load.mjs', EXAMPLE));
const STACK = 'growing';
const RATES = [150, 300];

/** Where half of the requests take longer even before anything changes, requests pile up. */
const CARRIED_MS = 500;
const LONGEST_RESHARDING_S = 300;

/** The last line that the program prints. */
interface Summary {
  requests: number;
  p50: number;
  p99: number;
  max: number;
  failures: Record<string, number>;
}

/** Rows of the time of a request while a shard is added, beside that before, for each rate. */
export async function measureGrowingLoad(bench: Bench): Promise<JudgedRow[]> {
  const millpond = await startBenchMillpond(bench);
  const settings = { region: 'us-east-1', credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' } };
  const elasticache = bench.own(stopping(new ElastiCache({ endpoint: millpond.url, ...settings })));
  const rows: JudgedRow[] = [];
  for (const rate of RATES) {
    const { target, cluster, remove } = await deploy(bench, millpond, settings);
    // The first ones start the environments of the function.
    await summaryOf(send(bench, target, `5@1-${rate}`));
    const before = await summaryOf(send(bench, target, `${bench.rounds(20, 8)}@${rate}-${rate}`));
    if (before.p50 > CARRIED_MS) {
      bench.say(`growing-load: this machine does not carry ${rate} requests a second`);
      await remove();
      break;
    }
    const sender = send(bench, target, `${LONGEST_RESHARDING_S}@${rate}-${rate}`);
    bench.say(`growing-load: a second shard at ${rate} requests a second`);
    await elasticache.modifyReplicationGroupShardConfiguration({
      ...{ ReplicationGroupId: cluster, NodeGroupCount: 2, ApplyImmediately: true },
    });
    await asSoonAs(async () => {
      const { ReplicationGroups } = await elasticache.describeReplicationGroups({});
      const { Status, NodeGroups } = ReplicationGroups![0]!;
      return Status === 'available' && NodeGroups!.length === 2 ? true : undefined;
    }, LONGEST_RESHARDING_S * 1_000);
    sender.kill('SIGTERM');
    const during = await summaryOf(sender);
    await remove();
    const what = `walkthrough 3, ${rate} requests/s`;
    rows.push(
      row(`${what}: p50 before`, before.p50, 'ms'),
      row(`${what}: p99 while a shard is added, beside before`, during.p99, 'ms', {
        floor: before.p99,
        target: { ratioAtMost: 2 },
      }),
      row(`${what}: failed requests`, failed(before) + failed(during), 'requests', { target: { atMost: 0 } }),
    );
  }
  return rows;
}

/** The example's stack. */
async function deploy(bench: Bench, millpond: BenchMillpond, settings: object) {
  const s3 = bench.own(stopping(new S3({ endpoint: millpond.url, forcePathStyle: true, ...settings })));
  const cloudformation = bench.own(stopping(new CloudFormation({ endpoint: millpond.url, ...settings })));
  const Bucket = 'artifacts';
  await s3.createBucket({ Bucket }).catch(() => undefined);
  const code = { 'index.mjs': readFileSync(new URL('function/index.mjs', EXAMPLE)) };
  await s3.putObject({ Bucket, Key: 'visit.zip', Body: zip({ ...code, ...installedPackage('ioredis') }) });
  const template = readFileSync(new URL('template.yaml', EXAMPLE), 'utf8');
  const { StackId } = await cloudformation.createStack({
    StackName: STACK,
    TemplateBody: template.replace('CodeUri: function/', `CodeUri: s3://${Bucket}/visit.zip`),
    Capabilities: ['CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
  });
  const settled = () =>
    until('the stack is settled', async () => {
      const { Stacks } = await cloudformation.describeStacks({ StackName: StackId! });
      return !Stacks![0]!.StackStatus!.endsWith('_IN_PROGRESS') && Stacks![0]!;
    });
  const { StackStatus, Outputs = [] } = await settled();
  if (StackStatus !== 'CREATE_COMPLETE') throw new Error(`the stack is ${StackStatus}`);
  const outputs = Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]));
  const url = new URL(outputs.LoadBalancer!);
  url.hostname = (await millpond.names.resolve(url.hostname))[0]!;
  return {
    target: url.href,
    cluster: outputs.Cluster!,
    async remove() {
      await cloudformation.deleteStack({ StackName: StackId! });
      await settled();
    },
  };
}

function send(bench: Bench, target: string, phase: string): ChildProcess {
  const child = spawn(process.execPath, [LOAD, phase], {
    env: { TARGET: target },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  bench.own({
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  });
  return child;
}

/** Resolves when the program has ended. */
async function summaryOf(child: ChildProcess): Promise<Summary> {
  let last = '';
  for await (const line of createInterface({ input: child.stdout! })) last = line;
  return JSON.parse(last) as Summary;
}

const failed = ({ failures }: Summary): number =>
  Object.values(failures).reduce((sum, count) => sum + count, 0);

const stopping = <C extends { destroy(): void }>(client: C): C & { stop(): void } =>
  Object.assign(client, { stop: () => client.destroy() });
