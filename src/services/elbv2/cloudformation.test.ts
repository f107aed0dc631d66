// The resource types of Elastic Load Balancing, called as CloudFormation calls them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policyFor, serveBalancing } from '../../../test/support/balancers.ts';
import { driveTypes, SCOPE } from '../../../test/support/resource-types.ts';
import type { Properties } from '../../control/resource-type.ts';
import { elbv2ResourceTypes } from './cloudformation.ts';

const TYPE = (name: string) => `AWS::ElasticLoadBalancingV2::${name}`;
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:hello';
const CERTIFICATE = 'arn:aws:acm:us-east-1:000000000000:certificate/0001';
const OTHER = 'arn:aws:acm:us-east-1:000000000000:certificate/0002';

test('balancers, groups, listeners, rules and certificates are made, changed and deleted', async (context) => {
  const { client, subnets, functions, recorded, addresses } = await serveBalancing(context);
  functions.set(FUNCTION, { policy: policyFor() });
  const { make, update, deleteAll } = driveTypes(elbv2ResourceTypes(client));
  const first: Properties = {
    Scheme: 'internal',
    Subnets: subnets.slice(0, 2),
    LoadBalancerAttributes: [{ Key: 'idle_timeout.timeout_seconds', Value: 90 }],
    Tags: [{ Key: 'a', Value: '1' }],
  };
  const balancer = await make(TYPE('LoadBalancer'), 'Front', first);
  const { DNSName, LoadBalancerFullName, ...rest } = balancer.attributes;
  assert.match(String(DNSName), /^internal-demo-Front-TOKENFRONT00-\d+\.us-east-1\.elb\.amazonaws\.com$/);
  assert.match(String(LoadBalancerFullName), /^app\/demo-Front-TOKENFRONT00\/[0-9a-f]{16}$/);
  assert.deepEqual(Object.keys(rest).sort(), [
    'CanonicalHostedZoneID',
    'LoadBalancerArn',
    'LoadBalancerName',
    'SecurityGroups',
  ]);
  const group = await make(TYPE('TargetGroup'), 'Group', {
    TargetType: 'lambda',
    Targets: [{ Id: FUNCTION }],
    TargetGroupAttributes: [{ Key: 'lambda.multi_value_headers.enabled', Value: 'true' }],
  });
  assert.match(
    String(group.attributes.TargetGroupFullName),
    /^targetgroup\/demo-Group-TOKENGROUP00\/[0-9a-f]{16}$/,
  );
  const listening: Properties = {
    LoadBalancerArn: balancer.physicalId,
    Port: '443',
    Protocol: 'HTTPS',
    Certificates: [{ CertificateArn: CERTIFICATE }],
    DefaultActions: [{ Type: 'forward', TargetGroupArn: group.physicalId }],
  };
  const listener = await make(TYPE('Listener'), 'Listener', listening);
  assert.deepEqual(listener.attributes, { ListenerArn: listener.physicalId });
  const ruling: Properties = {
    ListenerArn: listener.physicalId,
    Priority: '5',
    Conditions: [{ Field: 'path-pattern', Values: ['/a/*'] }],
    Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: 404 } }],
  };
  const rule = await make(TYPE('ListenerRule'), 'Rule', ruling);
  assert.deepEqual(rule.attributes, { RuleArn: rule.physicalId, IsDefault: false });
  const more: Properties = { ListenerArn: listener.physicalId, Certificates: [{ CertificateArn: OTHER }] };
  await make(TYPE('ListenerCertificate'), 'More', more);
  const running = recorded.balancers.get(balancer.physicalId)!;
  assert.equal(running.attributes.idleTimeoutSeconds, 90);
  assert.equal(running.listeners[0]!.rules.length, 2);
  const certificates = () =>
    client.call(
      'DescribeListenerCertificates',
      { ListenerArn: listener.physicalId, Marker: undefined, PageSize: undefined },
      SCOPE,
    );
  assert.deepEqual((await certificates()).Certificates, [
    { CertificateArn: CERTIFICATE, IsDefault: true },
    { CertificateArn: OTHER, IsDefault: false },
  ]);

  await update(TYPE('LoadBalancer'), 'Front', balancer.physicalId, [
    first,
    { Scheme: 'internal', Subnets: subnets.slice(1, 3) },
  ]);
  await update(TYPE('ListenerRule'), 'Rule', rule.physicalId, [ruling, { ...ruling, Priority: 7 }]);
  await update(TYPE('Listener'), 'Listener', listener.physicalId, [listening, { ...listening, Port: 8443 }]);
  await update(TYPE('TargetGroup'), 'Group', group.physicalId, [
    { TargetType: 'lambda', Targets: [{ Id: FUNCTION }] },
    { TargetType: 'lambda', HealthCheckEnabled: 'true' },
  ]);
  const changed = recorded.balancers.get(balancer.physicalId)!;
  assert.equal(changed.attributes.idleTimeoutSeconds, 60);
  assert.equal(changed.listeners[0]!.port, 8443);
  assert.equal(changed.targetGroups[0]!.healthCheck?.intervalSeconds, 35);
  const { Rules } = await client.call('DescribeRules', { ListenerArn: listener.physicalId }, SCOPE);
  assert.deepEqual(
    Rules!.map(({ Priority }) => Priority),
    ['7', 'default'],
  );
  const { TagDescriptions } = await client.call(
    'DescribeTags',
    { ResourceArns: [balancer.physicalId] },
    SCOPE,
  );
  assert.deepEqual(TagDescriptions![0]!.Tags, [{ Key: 'stack', Value: 'demo' }]);

  await deleteAll();
  assert.deepEqual([recorded.balancers.size, addresses.all().size], [0, 0]);
});

test('a group whose function may not be invoked fails in AWS’s words and can be deleted', async (context) => {
  const { client } = await serveBalancing(context);
  const { make } = driveTypes(elbv2ResourceTypes(client));
  await assert.rejects(
    make(TYPE('TargetGroup'), 'Group', { TargetType: 'lambda', Targets: [{ Id: FUNCTION }] }),
    (error: Error & { physicalId?: string }) =>
      /^elasticloadbalancing principal does not have permission to invoke/.test(error.message) &&
      /:targetgroup\//.test(error.physicalId ?? ''),
  );
});
