// Requests to a function and to an address through a load balancer, compared with the function's URL and with the address
// itself, in turn in one run. The load comes from a separate process.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EC2 } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { Lambda, waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda';
import { zip } from '../src/kernel/zip.ts';
import { startBareServer } from './beside-bare.ts';
import type { Bench } from './context.ts';
import { type BenchMillpond, startBenchMillpond } from './millpond.ts';
import { best, type JudgedRow, p50, row } from './row.ts';

const BODY = '{"ok":true}';
const CODE = zip({
  'index.js': `exports.handler = async () => ({
    statusCode: 200, headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(BODY)},
  });`,
});
const PORT = 8080;
const AT_ONCE = 4;

/** Rows of both kinds of targets. */
export async function measureLoadBalancer(bench: Bench): Promise<JudgedRow[]> {
  const millpond = await startBenchMillpond(bench);
  const bare = await startBareServer(bench);
  await bare.answer({ headers: { 'content-type': 'application/json' }, body: BODY });
  const places = { ...(await prepare(millpond, bare.port)), bare: `http://127.0.0.1:${bare.port}/` };
  const loads: Record<keyof typeof places, Load[]> = { function: [], url: [], address: [], bare: [] };
  const rounds = bench.rounds(5, 3);
  for (let round = 0; round <= rounds; round++) {
    for (const [name, url] of Object.entries(places) as [keyof typeof places, string][]) {
      bench.say(`load-balancer: ${name}, ${round} of ${rounds}`);
      const load = await loadOnce(bench, url, bench.rounds(10_000, 4_000));
      // The first round warms up.
      if (round > 0) loads[name].push(load);
    }
  }
  const rate = (name: keyof typeof places) => best(loads[name].map(({ perSecond }) => perSecond));
  const p99 = (name: keyof typeof places) => p50(loads[name].map(({ p99Ms }) => p99Ms));
  return [
    row('requests to a function through a balancer, beside its URL', rate('function'), '/s', {
      floor: rate('url'),
      target: { ratioAtLeast: 0.8 },
    }),
    row('the same, p99', p99('function'), 'ms', { floor: p99('url') }),
    row('the same, beside bare node:http', rate('function'), '/s', { floor: rate('bare') }),
    row('requests to an address through a balancer, beside the address', rate('address'), '/s', {
      floor: rate('bare'),
    }),
    row('the same, p99', p99('address'), 'ms', { floor: p99('bare') }),
  ];
}

/** Resolves to the URLs of the function and of the address through the balancer, and to that of the function. */
async function prepare(
  { url: endpoint, names }: BenchMillpond,
  barePort: number,
): Promise<Record<'function' | 'url' | 'address', string>> {
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const options = { endpoint, region: 'us-east-1', credentials };
  const [lambda, ec2, elb] = [new Lambda(options), new EC2(options), new ElasticLoadBalancingV2(options)];
  const FunctionName = 'behind';
  const { FunctionArn } = await lambda.createFunction({
    ...{ FunctionName, Runtime: 'nodejs24.x', Handler: 'index.handler', MemorySize: 512, Timeout: 30 },
    ...{ Role: 'arn:aws:iam::000000000000:role/bench', Code: { ZipFile: CODE } },
  });
  await waitUntilFunctionActiveV2(
    { client: lambda, maxWaitTime: 240, minDelay: 1, maxDelay: 1 },
    { FunctionName },
  );
  const { FunctionUrl } = await lambda.createFunctionUrlConfig({ FunctionName, AuthType: 'NONE' });
  await lambda.addPermission({
    ...{ FunctionName, StatementId: 'elb', Action: 'lambda:InvokeFunction' },
    Principal: 'elasticloadbalancing.amazonaws.com',
  });
  const { Subnets } = await ec2.describeSubnets({});
  const [first, second] = Subnets!;
  const made = await elb.createLoadBalancer({
    Name: 'bench',
    Subnets: [first!.SubnetId!, second!.SubnetId!],
  });
  const { LoadBalancerArn, DNSName } = made.LoadBalancers![0]!;
  const group = async (input: object, targets: { Id: string }[]): Promise<string> => {
    const { TargetGroups } = await elb.createTargetGroup({ Name: 'unnamed', ...input });
    const { TargetGroupArn = '' } = TargetGroups![0]!;
    await elb.registerTargets({ TargetGroupArn, Targets: targets });
    return TargetGroupArn;
  };
  const functions = await group({ Name: 'functions', TargetType: 'lambda' }, [{ Id: FunctionArn! }]);
  const addresses = await group(
    { Name: 'addresses', TargetType: 'ip', Protocol: 'HTTP', Port: barePort, VpcId: first!.VpcId },
    [{ Id: '127.0.0.1' }],
  );
  const { Listeners } = await elb.createListener({
    ...{ LoadBalancerArn, Port: PORT, Protocol: 'HTTP' },
    DefaultActions: [{ Type: 'forward', TargetGroupArn: functions }],
  });
  await elb.createRule({
    ...{ ListenerArn: Listeners![0]!.ListenerArn, Priority: 1 },
    Conditions: [{ Field: 'path-pattern', Values: ['/address'] }],
    Actions: [{ Type: 'forward', TargetGroupArn: addresses }],
  });
  for (const client of [lambda, ec2, elb]) client.destroy();
  const [address] = await names.resolve(DNSName!);
  return {
    function: `http://${address}:${PORT}/`,
    url: FunctionUrl!,
    address: `http://${address}:${PORT}/address`,
  };
}

interface Load {
  p50Ms: number;
  p99Ms: number;
  perSecond: number;
}

function loadOnce(bench: Bench, url: string, count: number): Promise<Load> {
  const child = fork(fileURLToPath(new URL('lambda-load.ts', import.meta.url)), [
    url,
    `${AT_ONCE}`,
    `${count}`,
  ]);
  bench.own({ stop: () => void child.kill() });
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as Load));
    child.once('exit', (code) => reject(new Error(`the load ended with ${code}`)));
  });
}
