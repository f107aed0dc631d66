// `npm run bench [-- --json FILE] [--quick] [NAME…]`: measures Millpond's figures, each next to a baseline or a peer
// from the same run, and judges them against their targets.

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureApi } from './api.ts';
import { measureContainers } from './containers.ts';
import { type Bench, createBench } from './context.ts';
import { measureCreate } from './create.ts';
import { measureDataPath } from './data-path.ts';
import { measureDynamoDb } from './dynamodb.ts';
import { measureEngineFormat } from './engine-format.ts';
import { measureClusterFailover, measureFailover } from './failover.ts';
import { measureFeedReplication } from './feed-replication.ts';
import { measureFeedSinks } from './feed-sinks.ts';
import { measureGrowingLoad } from './growing-load.ts';
import { measureHang } from './hang.ts';
import { measureIdle } from './idle.ts';
import { measureInsights } from './insights.ts';
import { measureLambda, measureLambdaInSubnets } from './lambda.ts';
import { measureLoadBalancer } from './load-balancer.ts';
import { measureLoading } from './loading.ts';
import { measureNetworks } from './networks.ts';
import { measureObjects } from './objects.ts';
import { measureQueues } from './queues.ts';
import { measureRegistry } from './registry.ts';
import { measureReshardRows } from './reshard-rows.ts';
import type { JudgedRow } from './row.ts';
import { measureStack } from './stack.ts';
import { measureStart } from './start.ts';
import { measureSwitch } from './switch.ts';
import { renderTable } from './table.ts';

const BENCHMARKS: Record<string, (bench: Bench) => Promise<JudgedRow[]>> = {
  start: measureStart,
  create: measureCreate,
  failover: measureFailover,
  'cluster-failover': measureClusterFailover,
  hang: measureHang,
  switch: measureSwitch,
  reshard: measureReshardRows,
  'data-path': measureDataPath,
  networks: measureNetworks,
  lambda: measureLambda,
  'lambda-subnets': measureLambdaInSubnets,
  'load-balancer': measureLoadBalancer,
  api: measureApi,
  objects: measureObjects,
  dynamodb: measureDynamoDb,
  'engine-format': measureEngineFormat,
  queues: measureQueues,
  'feed-replication': measureFeedReplication,
  'feed-sinks': measureFeedSinks,
  insights: measureInsights,
  registry: measureRegistry,
  'growing-load': measureGrowingLoad,
  idle: measureIdle,
  loading: measureLoading,
  stack: measureStack,
  containers: measureContainers,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, quick: { type: 'boolean', default: false } },
});
const unknown = positionals.filter((name) => !Object.hasOwn(BENCHMARKS, name));
if (unknown.length > 0) {
  console.error(
    `There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(BENCHMARKS).join(', ')}.`,
  );
  process.exit(2);
}
const chosen = positionals.length > 0 ? positionals : Object.keys(BENCHMARKS);
const rows: JudgedRow[] = [];
let current: ReturnType<typeof createBench> | undefined;
let interrupted = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (interrupted) return;
    interrupted = true;
    console.error('\nGiving everything back…');
    void (current?.giveBack() ?? Promise.resolve()).finally(() => process.exit(130));
  });
}

for (const name of chosen) {
  current = createBench({ quick: values.quick, say });
  try {
    rows.push(...(await BENCHMARKS[name]!(current)));
  } catch (error) {
    if (interrupted) await new Promise(() => {});
    console.error(`\n${name} could not be measured:`, error);
    process.exitCode = 1;
  } finally {
    await current.giveBack();
  }
}
say('');
console.log(renderTable(rows));
if (values.json) writeFileSync(values.json, `${JSON.stringify(rows.map(plain), undefined, 2)}\n`);
if (rows.some(({ met }) => !met)) process.exitCode = 1;
process.exit();

function plain({ name, value, unit, floor, ratio }: JudgedRow) {
  return { name, value, unit, floor, ratio };
}

/** On a terminal, a line that is overwritten. */
function say(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
  else if (line) process.stderr.write(`${line}\n`);
}
