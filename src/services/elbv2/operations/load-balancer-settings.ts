// What can be changed of a load balancer: its subnets, security groups, address type and attributes.

import type { Scope } from '../../../aws/scope.ts';
import type { LoadBalancing } from '../context.ts';
import { BALANCER_ATTRIBUTES, changeAttributes, listAttributes } from '../domain/attributes.ts';
import { idIn } from '../domain/names.ts';
import { balancerNotFound, notSupported, subnetsOfSeveralVpcs, validation } from '../faults.ts';
import type { BalancerRecord } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { findSecurityGroups, findSubnets, subnetIdsIn, takeAddresses } from '../subnets.ts';
import { viewPlaces } from '../view.ts';

/** The balancer with this ARN. Throws ValidationError, LoadBalancerNotFound. */
export function balancerWith(
  { records }: Pick<LoadBalancing, 'records'>,
  scope: Scope,
  arn: string,
): BalancerRecord {
  const found = records.balancers.find(scope, idIn('balancer', scope, arn));
  if (!found) throw balancerNotFound(arn);
  return found;
}

function change(
  elb: LoadBalancing,
  scope: Scope,
  arn: string,
  to: (balancer: BalancerRecord) => BalancerRecord,
): BalancerRecord {
  return elb.store.transaction(() => {
    const changed = to(balancerWith(elb, scope, arn));
    elb.records.balancers.put(scope, changed);
    return changed;
  });
}

/** A subnet that stays keeps its address. */
export const SetSubnets: Operation<'SetSubnets'> = async (elb, input, context) => {
  const arn = input.LoadBalancerArn;
  const before = balancerWith(elb, context, arn);
  checkAddressType(input.IpAddressType);
  if (input.EnablePrefixForIpv6SourceNat === 'on') throw notSupported('IPv6 prefixes for source NAT');
  const { vpcId, subnets } = await findSubnets(elb.ec2, context, subnetIdsIn(input));
  if (vpcId !== before.vpcId) throw subnetsOfSeveralVpcs();
  const { places } = balancerWith(elb, context, arn);
  const held = new Map(places.map((place) => [place.subnetId, place]));
  const taken = takeAddresses(
    elb.addresses,
    subnets.filter(({ subnetId }) => !held.has(subnetId)),
  );
  const all = new Map([...places, ...taken].map((place) => [place.subnetId, place]));
  const changed = change(elb, context, arn, (balancer) => ({
    ...balancer,
    places: subnets.map(({ subnetId }) => all.get(subnetId)!),
  }));
  elb.names.publish(context, changed);
  await elb.balancing.changed(context, changed.id);
  const kept = new Set(subnets.map(({ subnetId }) => subnetId));
  await elb.balancing.left(places.filter(({ subnetId }) => !kept.has(subnetId)));
  return { AvailabilityZones: viewPlaces(changed.places), IpAddressType: 'ipv4' };
};

/** Throws LoadBalancerNotFound, InvalidSecurityGroup, InvalidConfigurationRequest. */
export const SetSecurityGroups: Operation<'SetSecurityGroups'> = async (elb, input, context) => {
  const { vpcId } = balancerWith(elb, context, input.LoadBalancerArn);
  if (input.EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic !== undefined) {
    throw notSupported(
      "the member 'EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic', which network load balancers have",
    );
  }
  if (input.SecurityGroups.length === 0) throw validation('At least one security group must be specified');
  const securityGroupIds = await findSecurityGroups(elb.ec2, context, vpcId, input.SecurityGroups);
  const changed = change(elb, context, input.LoadBalancerArn, (balancer) => ({
    ...balancer,
    securityGroupIds,
  }));
  await elb.balancing.changed(context, changed.id);
  return { SecurityGroupIds: securityGroupIds };
};

function checkAddressType(type: string | undefined): void {
  if (type !== undefined && type !== 'ipv4') throw notSupported(`the IP address type '${type}'`);
}

/** Only `ipv4`. */
export const SetIpAddressType: Operation<'SetIpAddressType'> = (elb, input, context) => {
  balancerWith(elb, context, input.LoadBalancerArn);
  checkAddressType(input.IpAddressType);
  return { IpAddressType: 'ipv4' };
};

export const DescribeLoadBalancerAttributes: Operation<'DescribeLoadBalancerAttributes'> = (
  elb,
  input,
  context,
) => {
  const { attributes } = balancerWith(elb, context, input.LoadBalancerArn);
  return { Attributes: listAttributes(BALANCER_ATTRIBUTES, attributes) };
};

/** Throws LoadBalancerNotFound, InvalidConfigurationRequest, NotImplemented. */
export const ModifyLoadBalancerAttributes: Operation<'ModifyLoadBalancerAttributes'> = async (
  elb,
  input,
  context,
) => {
  const changed = change(elb, context, input.LoadBalancerArn, (balancer) => ({
    ...balancer,
    attributes: changeAttributes(BALANCER_ATTRIBUTES, balancer.attributes, input.Attributes),
  }));
  await elb.balancing.changed(context, changed.id);
  return { Attributes: listAttributes(BALANCER_ATTRIBUTES, changed.attributes) };
};

/** None is reserved: capacity reservations are refused by name. */
export const DescribeCapacityReservation: Operation<'DescribeCapacityReservation'> = (
  elb,
  input,
  context,
) => {
  balancerWith(elb, context, input.LoadBalancerArn);
  return { CapacityReservationState: [] };
};
