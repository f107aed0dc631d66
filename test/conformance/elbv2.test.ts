// Tags, limits, security policies and the bounds of requests of Elastic Load Balancing, as the SDK for JavaScript sees them.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { makeBalancer, serveBalancing } from '../support/balancers.ts';
import { refuses } from '../support/ec2.ts';

it('everything has tags', async (test) => {
  const served = await serveBalancing(test);
  const { elb } = served;
  const { LoadBalancerArn, TargetGroupArn, ListenerArn } = await makeBalancer(served);
  const { Rules } = await elb.describeRules({ ListenerArn });
  const ResourceArns = [LoadBalancerArn, TargetGroupArn, ListenerArn, Rules![0]!.RuleArn!];
  await elb.addTags({ ResourceArns, Tags: [{ Key: 'a', Value: '1' }, { Key: 'b' }] });
  await elb.removeTags({ ResourceArns: ResourceArns.slice(0, 1), TagKeys: ['a', 'none'] });
  const { TagDescriptions } = await elb.describeTags({ ResourceArns });
  assert.deepEqual(
    TagDescriptions!.map(({ ResourceArn, Tags }) => [ResourceArn, Tags!.map(({ Key }) => Key).join()]),
    ResourceArns.map((arn, place) => [arn, place === 0 ? 'b' : 'a,b']),
  );
  const twice = [{ Key: 'a' }, { Key: 'a' }];
  await refuses(elb.addTags({ ResourceArns, Tags: twice }), 'DuplicateTagKeysException');
  const many = Array.from({ length: 51 }, (_, place) => ({ Key: `k${place}`, Value: '' }));
  await refuses(elb.addTags({ ResourceArns, Tags: many }), 'TooManyTagsException');
  await refuses(
    elb.describeTags({ ResourceArns: [LoadBalancerArn.replace('front', 'back')] }),
    'LoadBalancerNotFoundException',
  );
});

it('a request names only so many things', async (test) => {
  const served = await serveBalancing(test);
  const { elb } = served;
  const { TargetGroupArn, LoadBalancerArn } = await makeBalancer(served);
  const many = (count: number) => Array.from({ length: count }, (_, place) => `x${place}`);
  const Targets = many(1_001).map((Id) => ({ Id }));
  await refuses(
    elb.describeLoadBalancers({ Names: many(21) }),
    'ValidationError',
    /At most 20 load balancers/,
  );
  await refuses(elb.describeTargetGroups({ Names: many(1_001) }), 'ValidationError', /At most 1000/);
  await refuses(elb.describeRules({ RuleArns: many(1_001) }), 'ValidationError', /At most 1000/);
  await refuses(elb.registerTargets({ TargetGroupArn, Targets }), 'ValidationError', /At most 1000/);
  await refuses(elb.deregisterTargets({ TargetGroupArn, Targets }), 'ValidationError', /At most 1000/);
  await refuses(
    elb.setSubnets({ LoadBalancerArn, Subnets: many(21) }),
    'ValidationError',
    /At most 20 subnets/,
  );
  await refuses(elb.describeTags({ ResourceArns: many(21) }), 'ValidationError', /At most 20 resource ARNs/);
});

it('limits and security policies are AWS’s', async (test) => {
  const { elb } = await serveBalancing(test);
  const { Limits } = await elb.describeAccountLimits({});
  assert.equal(Limits!.find(({ Name }) => Name === 'application-load-balancers')!.Max, '50');
  const { SslPolicies } = await elb.describeSSLPolicies({ Names: ['ELBSecurityPolicy-TLS13-1-2-2021-06'] });
  assert.deepEqual(
    [SslPolicies![0]!.SslProtocols, SslPolicies![0]!.Ciphers!.map(({ Name }) => Name)],
    [
      ['TLSv1.3', 'TLSv1.2'],
      [
        ...['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'],
        ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES128-SHA256'],
        ...['ECDHE-RSA-AES128-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
        ...['ECDHE-ECDSA-AES256-SHA384', 'ECDHE-RSA-AES256-SHA384'],
      ],
    ],
  );
  await refuses(elb.describeSSLPolicies({ Names: ['x'] }), 'SSLPolicyNotFoundException');
});
