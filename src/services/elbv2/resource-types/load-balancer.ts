// AWS::ElasticLoadBalancingV2::LoadBalancer.

import { physicalName } from '../../../control/physical-name.ts';
import { finishing, unless } from '../../../control/resource-attempts.ts';
import { textOf } from '../../../control/resource-properties.ts';
import type {
  ExistingResource,
  Properties,
  ResourceRequest,
  ResourceState,
  ResourceType,
} from '../../../control/resource-type.ts';
import { BALANCER_ATTRIBUTES } from '../domain/attributes.ts';
import { notSupported } from '../faults.ts';
import type { Input } from '../sdk.ts';
import { attributeChanges, type ElbClient, GENERATED_NAME, membersOf, newTags, retag } from './properties.ts';

const SETTINGS = [
  ...['EnablePrefixForIpv6SourceNat', 'IpAddressType', 'Scheme', 'SecurityGroups'],
  ...['SubnetMappings', 'Subnets', 'Type'],
];
const ATTRIBUTES = 'LoadBalancerAttributes';

export const loadBalancerType = (elb: ElbClient): ResourceType => ({
  name: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  async create(request) {
    const { properties, scope } = request;
    checkSupported(properties);
    const Name = textOf(properties, 'Name') ?? physicalName(request, GENERATED_NAME);
    // A repeated request finds the balancer, because it has the same settings.
    const { LoadBalancers } = await elb.call(
      'CreateLoadBalancer',
      { ...membersOf(properties, SETTINGS), ...newTags(request), Name } as Input<'CreateLoadBalancer'>,
      scope,
    );
    const arn = LoadBalancers![0]!.LoadBalancerArn!;
    return await finishing(arn, async () => {
      await setAttributes(elb, { ...request, physicalId: arn }, {});
      return await stateOf(elb, request, arn);
    });
  },
  async update(request) {
    const { physicalId: LoadBalancerArn, properties, before, scope } = request;
    checkSupported(properties);
    const has = (name: string) => JSON.stringify(properties[name]) !== JSON.stringify(before[name]);
    if (has('Subnets') || has('SubnetMappings')) {
      const members = membersOf(properties, ['Subnets', 'SubnetMappings']);
      await elb.call('SetSubnets', { ...members, LoadBalancerArn } as Input<'SetSubnets'>, scope);
    }
    if (has('SecurityGroups')) {
      const members = { SecurityGroups: [], ...membersOf(properties, ['SecurityGroups']) };
      await elb.call(
        'SetSecurityGroups',
        { ...members, LoadBalancerArn } as Input<'SetSecurityGroups'>,
        scope,
      );
    }
    if (has('IpAddressType')) {
      const IpAddressType = (textOf(properties, 'IpAddressType') ?? 'ipv4') as 'ipv4';
      await elb.call('SetIpAddressType', { LoadBalancerArn, IpAddressType }, scope);
    }
    await setAttributes(elb, request, before);
    await retag(elb, request);
    return await stateOf(elb, request, LoadBalancerArn);
  },
  async delete({ physicalId, scope }) {
    await unless(
      /^LoadBalancerNotFoundException$/,
      elb.call('DeleteLoadBalancer', { LoadBalancerArn: physicalId }, scope),
    );
  },
});

function checkSupported(properties: Properties): void {
  for (const name of [
    'Ipv4IpamPoolId',
    'MinimumLoadBalancerCapacity',
    'EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic',
  ]) {
    if (properties[name] !== undefined) throw notSupported(`the property ${name}`);
  }
}

async function setAttributes(
  elb: ElbClient,
  { physicalId: LoadBalancerArn, properties, scope }: ExistingResource,
  before: Properties,
): Promise<void> {
  const Attributes = attributeChanges(BALANCER_ATTRIBUTES, [before, properties], ATTRIBUTES);
  if (Attributes.length === 0) return;
  await elb.call('ModifyLoadBalancerAttributes', { LoadBalancerArn, Attributes }, scope);
}

async function stateOf(elb: ElbClient, { scope }: ResourceRequest, arn: string): Promise<ResourceState> {
  const { LoadBalancers } = await elb.call('DescribeLoadBalancers', { LoadBalancerArns: [arn] }, scope);
  const balancer = LoadBalancers![0]!;
  if (balancer.State?.Code === 'failed') throw new Error(balancer.State.Reason);
  return {
    physicalId: arn,
    attributes: {
      CanonicalHostedZoneID: balancer.CanonicalHostedZoneId!,
      DNSName: balancer.DNSName!,
      LoadBalancerArn: arn,
      LoadBalancerFullName: arn.slice(arn.indexOf(':loadbalancer/') + ':loadbalancer/'.length),
      LoadBalancerName: balancer.LoadBalancerName!,
      SecurityGroups: balancer.SecurityGroups ?? [],
    },
  };
}
