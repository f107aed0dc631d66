// Random input of every operation of Elastic Load Balancing: each is answered or refused by name, never with a failure of
// Millpond's own, and hardly any is always refused.

import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { createClient } from '../../src/wire/client.ts';
import { Fault } from '../../src/wire/fault.ts';
import { loadSchema, type Structure } from '../../src/wire/schema.ts';
import { makeBalancer, policyFor, SCOPE, serveBalancing } from '../support/balancers.ts';
import { randomInput, seededRandom } from '../support/random-input.ts';

const ROUNDS = 150;
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:hello';
/** What the operations need although the model asks for none of it. */
const ALWAYS = new Set(['Certificates', 'Port', 'Protocol', 'Scheme', 'Subnets']);
const CERTIFICATE = { CertificateArn: 'arn:aws:acm:us-east-1:000000000000:certificate/1' };

it('answers or refuses whatever comes', async (test) => {
  const answered = new Set<string>();
  for (const seed of [20_261_130, 1, 2]) for (const name of await rehearse(test, seed)) answered.add(name);
  const silent = loadSchema('elasticloadbalancing').operationNames.filter((name) => !answered.has(name));
  // Trust stores, capacity reservations, pools and policies of resources are refused by name.
  const absent = /TrustStore|ModifyCapacityReservation|IpPools|ResourcePolicy/;
  assert.deepEqual(
    silent.filter((name) => !absent.test(name)),
    [],
  );
});

async function rehearse(test: TestContext, seed: number): Promise<Set<string>> {
  const random = seededRandom(seed);
  const served = await serveBalancing(test);
  const { balancing, functions, subnets, vpcId, recorded } = served;
  functions.set(FUNCTION, { policy: policyFor() });
  const first = await makeBalancer(served);
  const client = createClient('elasticloadbalancing', { inProcess: balancing.service }) as {
    call(operation: string, input: object, scope: object): Promise<object>;
  };
  const arns: Record<string, string[]> = {
    loadbalancer: [first.LoadBalancerArn],
    targetgroup: [first.TargetGroupArn],
    listener: [first.ListenerArn],
    'listener-rule': [],
  };
  const note = (text: string) => {
    for (const [arn, kind] of text.matchAll(/arn:aws:elasticloadbalancing:us-east-1:0+:([a-z-]+)\/[^"]*/g)) {
      const known = arns[kind!];
      if (known && !known.includes(arn)) known.splice(0, known.length > 3 ? 1 : 0, arn);
    }
  };
  const FIXED = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } };
  const plausible = (): Record<string, readonly unknown[]> => ({
    Actions: [[FIXED], [{ Type: 'forward', TargetGroupArn: arns.targetgroup!.at(-1) }]],
    AlpnPolicy: [undefined],
    AvailabilityZone: [undefined, 'all'],
    Certificates: [undefined, [], [CERTIFICATE], [{ CertificateArn: `${CERTIFICATE.CertificateArn}2` }]],
    Conditions: [[{ Field: 'path-pattern', Values: ['/a'] }]],
    CustomerOwnedIpv4Pool: [undefined],
    DefaultActions: [[FIXED], [{ Type: 'forward', TargetGroupArn: arns.targetgroup!.at(-1) }]],
    EnablePrefixForIpv6SourceNat: [undefined],
    EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: [undefined],
    HealthCheckEnabled: [undefined, true],
    HealthCheckPath: [undefined, '/'],
    HealthCheckPort: [undefined, '80'],
    HealthCheckProtocol: [undefined, 'HTTP'],
    HealthCheckTimeoutSeconds: [undefined, 2],
    HealthCheckIntervalSeconds: [undefined, 30],
    Id: ['172.31.0.9', FUNCTION, '127.0.0.1'],
    Include: [undefined],
    IpAddressType: ['ipv4', undefined],
    IpamPools: [undefined],
    Key: [
      'idle_timeout.timeout_seconds',
      'deregistration_delay.timeout_seconds',
      'routing.http.response.server.enabled',
    ],
    ListenerArn: arns.listener!,
    ListenerArns: [undefined, arns.listener!.slice(-1)],
    LoadBalancerArn: [...arns.loadbalancer!, undefined],
    LoadBalancerArns: [undefined, arns.loadbalancer!.slice(-1)],
    LoadBalancerType: ['application', undefined],
    Marker: [undefined],
    Matcher: [undefined, { HttpCode: '200' }],
    MutualAuthentication: [undefined],
    Name: ['a', 'b', 'front'],
    Names: [undefined],
    PageSize: [undefined, 1],
    Port: [80, 81, undefined],
    Priority: [1, 2, 3],
    Protocol: ['HTTP', 'HTTP', 'HTTPS'],
    ProtocolVersion: [undefined],
    QuicServerId: [undefined],
    ResetTransforms: [undefined],
    ResourceArns: Object.values(arns).map((some) => some.slice(-2)),
    RuleArn: arns['listener-rule']!,
    RuleArns: [undefined, arns['listener-rule']!.slice(-1)],
    Scheme: ['internal', 'internet-facing'],
    SecurityGroups: [first.balancer.SecurityGroups],
    SslPolicy: [undefined],
    SubnetMappings: [undefined],
    Subnets: [subnets.slice(0, 2), subnets.slice(1, 3)],
    Tags: [[{ Key: 'k', Value: 'v' }], undefined],
    TagKeys: [['k']],
    TargetControlPort: [undefined],
    TargetGroupArn: arns.targetgroup!,
    TargetGroupArns: [undefined, arns.targetgroup!.slice(-1)],
    TargetType: ['ip', 'lambda', 'instance'],
    Transforms: [undefined],
    Type: ['application', undefined],
    Value: ['60', 'true'],
    VpcId: [vpcId, undefined],
  });
  const schema = loadSchema('elasticloadbalancing');
  const operations = Object.keys(balancing.service.operations);
  const answered = new Set<string>();
  for (let call = 0; call < ROUNDS * operations.length; call++) {
    const operation = operations[Math.floor(random() * operations.length)]!;
    // What exists should not all be gone at once.
    if (operation.startsWith('Delete') && random() < 0.7) continue;
    const input = randomInput(schema.operation(operation)!.input as Structure, random, {
      known: plausible(),
      always: ALWAYS,
    });
    try {
      note(JSON.stringify(await client.call(operation, input, SCOPE)));
      answered.add(operation);
    } catch (error) {
      assert.ok(error instanceof Fault, `${operation} ${JSON.stringify(input)}: ${(error as Error).stack}`);
    }
  }
  for (const { listeners } of recorded.balancers.values()) {
    for (const { rules } of listeners)
      assert.deepEqual(rules.at(-1)?.conditions, [], 'the last rule is the default');
  }
  return answered;
}
