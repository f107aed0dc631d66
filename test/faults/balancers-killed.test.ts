// Millpond is killed in the middle of calls that create, change and delete load balancers, and started again: what the
// records say is what listens, and nothing else does.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EC2 } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { type MillpondProcess, startMillpondProcess } from './millpond-process.ts';
import { chosenSeed, type Random, seededRandom } from './random.ts';
import { during, until } from './wait.ts';

const ROUNDS = 12;
/** The latest moment of the kill after a call: many calls are answered by then. */
const LATEST_MS = 60;
const PORTS = [8080, 8081];

const optionsOf = ({ url }: MillpondProcess) => ({
  ...{ endpoint: url, region: 'us-east-1', maxAttempts: 1 },
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

const fixed = (text: string) => [
  { Type: 'fixed-response' as const, FixedResponseConfig: { StatusCode: '200', MessageBody: text } },
];

/** One random call; a refusal, e.g. for a port that is in use, is as good as an answer. */
async function callSomething(elb: ElasticLoadBalancingV2, random: Random, subnets: string[]): Promise<void> {
  const { LoadBalancers = [] } = await elb.describeLoadBalancers({});
  const balancer = LoadBalancers.length > 0 ? random.pick(LoadBalancers) : undefined;
  const LoadBalancerArn = balancer?.LoadBalancerArn;
  if (!LoadBalancerArn || random.below(3) === 0) {
    const Subnets = random.shuffled(subnets).slice(0, 2);
    await elb.createLoadBalancer({ Name: random.pick(['a', 'b']), Scheme: 'internal', Subnets });
    return;
  }
  const { Listeners = [] } = await elb.describeListeners({ LoadBalancerArn });
  const text = `text ${random.below(1_000)}`;
  const change = random.below(5);
  if (Listeners.length === 0 || change === 0) {
    const Port = random.pick(PORTS);
    await elb.createListener({ LoadBalancerArn, Port, Protocol: 'HTTP', DefaultActions: fixed(text) });
  } else if (change === 1) {
    const { ListenerArn } = random.pick(Listeners);
    await elb.modifyListener({ ListenerArn, Port: random.pick(PORTS), DefaultActions: fixed(text) });
  } else if (change === 2) await elb.deleteListener({ ListenerArn: random.pick(Listeners).ListenerArn });
  else if (change === 3) {
    await elb.setSubnets({ LoadBalancerArn, Subnets: random.shuffled(subnets).slice(0, 2) });
  } else await elb.deleteLoadBalancer({ LoadBalancerArn });
}

/** `address:port` with the text that is answered there. */
async function expected(
  elb: ElasticLoadBalancingV2,
  millpond: MillpondProcess,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const { LoadBalancers = [] } = await elb.describeLoadBalancers({});
  for (const { LoadBalancerArn, DNSName, State } of LoadBalancers) {
    assert.equal(State?.Code, 'active');
    const addresses = await millpond.resolver.resolve4(DNSName!);
    const { Listeners = [] } = await elb.describeListeners({ LoadBalancerArn });
    for (const { Port, DefaultActions } of Listeners) {
      const text = DefaultActions![0]!.FixedResponseConfig!.MessageBody!;
      for (const address of addresses) found.set(`${address}:${Port}`, text);
    }
  }
  return found;
}

const answerOf = (place: string) =>
  fetch(`http://${place}/`, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.text(),
    () => undefined,
  );

test('what the records say is what listens, after every kill', async (context) => {
  const seed = chosenSeed();
  context.diagnostic(`seed ${seed}`);
  const random = seededRandom(seed);
  const millpond = await startMillpondProcess();
  context.after(() => millpond.destroy({ keep: false }));
  const ec2 = new EC2(optionsOf(millpond));
  const { Subnets = [] } = await ec2.describeSubnets({});
  ec2.destroy();
  const subnets = Subnets.map(({ SubnetId }) => SubnetId!).slice(0, 4);
  const seen = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const elb = new ElasticLoadBalancingV2(optionsOf(millpond));
    for (let calls = 0; calls < 3; calls++) await callSomething(elb, random, subnets).catch(() => undefined);
    const cut = callSomething(elb, random, subnets).catch(() => undefined);
    await during(random.below(LATEST_MS));
    await millpond.kill9();
    await cut;
    elb.destroy();
    await millpond.start();
    const after = new ElasticLoadBalancingV2(optionsOf(millpond));
    await until('the balancers listen as recorded', 15_000, async () => {
      const places = await expected(after, millpond);
      for (const place of places.keys()) seen.add(place);
      for (const place of seen) {
        const [is, should] = [await answerOf(place), places.get(place)];
        if (is !== should) return `${place} answers ${is}, not ${should}`;
      }
      return true;
    });
    after.destroy();
  }
  const elb = new ElasticLoadBalancingV2(optionsOf(millpond));
  for (const { LoadBalancerArn } of (await elb.describeLoadBalancers({})).LoadBalancers!) {
    await elb.deleteLoadBalancer({ LoadBalancerArn });
  }
  elb.destroy();
  for (const place of seen) assert.equal(await answerOf(place), undefined, place);
  assert.equal((await millpond.down()).code, 0);
});
