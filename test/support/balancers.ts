// Elastic Load Balancing next to EC2 on a free port, with load balancers that only record their configurations, and
// functions that only have policies: what tests of its records share.

import type { TestContext } from 'node:test';
import { EC2 } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { createZoneTable, type Zones } from '../../src/dns/zone-table.ts';
import { fakeAddresses } from '../../src/drivers/fake/fake-driver.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import type {
  Balancer,
  ListenerFailure,
  LoadBalancerEvents,
  LoadBalancers,
  TargetHealth,
} from '../../src/load-balancer/load-balancers.ts';
import { createHeldAddresses, type HeldAddresses } from '../../src/network/held-addresses.ts';
import { noNetwork } from '../../src/network/loopback/loopback-network.ts';
import { createEc2 } from '../../src/services/ec2/service.ts';
import type { LambdaClient } from '../../src/services/elbv2/context.ts';
import { createLoadBalancing, type LoadBalancingService } from '../../src/services/elbv2/service.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { type Client, createClient } from '../../src/wire/client.ts';
import { Fault } from '../../src/wire/fault.ts';
import { recordingLog, serve } from './wire.ts';

export const SCOPE = { accountId: '000000000000', region: 'us-east-1' };

/** Load balancers that run nowhere. */
export interface RecordedBalancers extends LoadBalancers {
  /** By ARN: the configurations in force. */
  balancers: Map<string, Balancer>;
  events: LoadBalancerEvents;
  /** What `health` answers, by target group. */
  found: Map<string, Map<string, TargetHealth>>;
  /** What `set` answers. */
  failures: ListenerFailure[];
  /** Why `set` rejects. */
  refusal?: Error | undefined;
}

export function recordedBalancers(): RecordedBalancers {
  const recorded: RecordedBalancers = {
    balancers: new Map(),
    events: undefined as unknown as LoadBalancerEvents,
    found: new Map(),
    failures: [],
    connect: (events) => void (recorded.events = events),
    async set(balancer) {
      if (recorded.refusal) throw recorded.refusal;
      recorded.balancers.set(balancer.arn, structuredClone(balancer));
      return recorded.failures;
    },
    remove: async (arn) => void recorded.balancers.delete(arn),
    health: (arn) => recorded.found.get(arn) ?? new Map(),
    async stop() {},
  };
  return recorded;
}

/** Functions by ARN: their policies, and what they answer. */
export type FakeFunctions = Map<string, { policy: string; answer?: () => Promise<object> }>;

/** A policy that lets balancers invoke the function. */
export const policyFor = (sourceArn?: string): string =>
  JSON.stringify({
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'elasticloadbalancing.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        ...(sourceArn && { Condition: { ArnLike: { 'AWS:SourceArn': sourceArn } } }),
      },
    ],
  });

const lambdaOf = (functions: FakeFunctions): LambdaClient =>
  ({
    async call(operation: string, { FunctionName }: { FunctionName: string }) {
      const found = functions.get(FunctionName);
      if (!found) throw new Fault('ResourceNotFoundException', 'The resource does not exist.');
      if (operation === 'GetPolicy') return { Policy: found.policy };
      return (await found.answer?.()) ?? { Payload: Buffer.from('{"statusCode":200}') };
    },
  }) as unknown as LambdaClient;

export interface OpenedBalancing {
  balancing: LoadBalancingService;
  recorded: RecordedBalancers;
  functions: FakeFunctions;
  addresses: HeldAddresses;
  zones: Zones;
  warnings: { message: string }[];
  ec2: ReturnType<typeof createEc2>;
}

/** Builds the service over a store, as a start of Millpond does. */
export async function openBalancing(
  store: Store,
  { clock = { now: () => Date.now() } }: { clock?: Clock } = {},
): Promise<OpenedBalancing> {
  const recorded = recordedBalancers();
  const functions: FakeFunctions = new Map();
  const zones = createZoneTable();
  const addresses = createHeldAddresses(fakeAddresses, () => new Set());
  const { log, warnings } = recordingLog();
  let balancing: LoadBalancingService | undefined;
  const serviceInterfaces = async () => (await balancing?.serviceInterfaces(SCOPE)) ?? [];
  const ec2 = createEc2({ store, clock, serviceInterfaces });
  balancing = createLoadBalancing({
    ...{ store, clock, log, addresses, zones, loadBalancers: recorded, network: noNetwork },
    ec2: createClient<typeof import('@aws-sdk/client-ec2')>('ec2', { inProcess: ec2 }),
    lambda: lambdaOf(functions),
  });
  await balancing.hold();
  await balancing.begin();
  return { balancing, recorded, functions, addresses, zones, warnings, ec2 };
}

export interface ServedBalancing extends OpenedBalancing {
  url: string;
  store: Store;
  elb: ElasticLoadBalancingV2;
  ec2Client: EC2;
  /** In process, as CloudFormation calls it. */
  client: Client<typeof import('@aws-sdk/client-elastic-load-balancing-v2')>;
  /** Subnets of the default VPC, one in each zone. */
  subnets: string[];
  vpcId: string;
}

const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

/** Serves both services until the test ends. */
export async function serveBalancing(
  test: TestContext,
  options: { clock?: Clock } = {},
): Promise<ServedBalancing> {
  const store = openStore(':memory:');
  const opened = await openBalancing(store, options);
  const server = await serve(test, { services: [opened.balancing.service, opened.ec2] });
  const clientOptions = { endpoint: server.url, region: 'us-east-1', credentials: CREDENTIALS };
  const [elb, ec2Client] = [new ElasticLoadBalancingV2(clientOptions), new EC2(clientOptions)];
  test.after(async () => {
    elb.destroy();
    ec2Client.destroy();
    await opened.balancing.stop();
    store.close();
  });
  const { Subnets = [] } = await ec2Client.describeSubnets({});
  return {
    ...{ ...opened, store, elb, ec2Client, url: server.url },
    client: createClient<typeof import('@aws-sdk/client-elastic-load-balancing-v2')>('elasticloadbalancing', {
      inProcess: opened.balancing.service,
    }),
    subnets: Subnets.map(({ SubnetId }) => SubnetId!),
    vpcId: Subnets[0]!.VpcId!,
  };
}

/** A balancer with a listener at port 80 that forwards to a group of addresses. */
export async function makeBalancer({ elb, subnets, vpcId }: ServedBalancing, name = 'front') {
  const made = await elb.createLoadBalancer({ Name: name, Subnets: subnets.slice(0, 2), Scheme: 'internal' });
  const [balancer] = made.LoadBalancers!;
  const { TargetGroups } = await elb.createTargetGroup({
    ...{ Name: `${name}-targets`, TargetType: 'ip', Protocol: 'HTTP', Port: 8080, VpcId: vpcId },
  });
  const LoadBalancerArn = balancer!.LoadBalancerArn!;
  const TargetGroupArn = TargetGroups![0]!.TargetGroupArn!;
  const { Listeners } = await elb.createListener({
    ...{ LoadBalancerArn, Port: 80, Protocol: 'HTTP' },
    DefaultActions: [{ Type: 'forward', TargetGroupArn }],
  });
  return { LoadBalancerArn, TargetGroupArn, ListenerArn: Listeners![0]!.ListenerArn!, balancer: balancer! };
}
