// Load balancers: create, describe, delete.

import { randomInt } from 'node:crypto';
import type { Scope } from '../../../aws/scope.ts';
import { randomHex } from '../../../kernel/ids.ts';
import type { LoadBalancing } from '../context.ts';
import { attributeOf, BALANCER_ATTRIBUTES } from '../domain/attributes.ts';
import { arnOf, checkBalancerName, idIn, within } from '../domain/names.ts';
import { balancerExists, balancersNotFound, deletionProtected, notSupported, validation } from '../faults.ts';
import { named } from '../named-things.ts';
import { balancerPages, pageRequest } from '../paging.ts';
import type { BalancerRecord } from '../records.ts';
import type { Input, Operation } from '../sdk.ts';
import {
  findSecurityGroups,
  findSubnets,
  requireInternetGateway,
  subnetIdsIn,
  takeAddresses,
} from '../subnets.ts';
import { tagging } from '../tags.ts';
import { viewBalancer } from '../view.ts';

/** AWS: a repeated request with the same settings answers with the balancer that exists. */
export const CreateLoadBalancer: Operation<'CreateLoadBalancer'> = async (elb, input, context) => {
  checkSupported(input);
  checkBalancerName(input.Name);
  const tags = tagging.add({}, input.Tags, context);
  const { scheme, vpcId, subnets, securityGroupIds } = await settingsOf(elb, input, context);
  const same = (found: BalancerRecord): boolean =>
    found.scheme === scheme &&
    isSameSet(
      found.places.map(({ subnetId }) => subnetId),
      subnets.map(({ subnetId }) => subnetId),
    ) &&
    isSameSet(found.securityGroupIds, securityGroupIds);
  const [existing] = elb.records.balancers.by(context, 'name', input.Name);
  if (existing) {
    if (!same(existing)) throw balancerExists(input.Name);
    return { LoadBalancers: [viewBalancer(elb, context, existing)] };
  }
  const places = takeAddresses(elb.addresses, subnets);
  const record: BalancerRecord = {
    id: `app/${input.Name}/${randomHex(16)}`,
    ...{ name: input.Name, number: randomInt(10 ** 8, 2 ** 31), scheme, vpcId },
    createdAt: elb.clock.now(),
    ...{ places, securityGroupIds, attributes: {}, tags },
  };
  try {
    elb.store.transaction(() => elb.records.balancers.add(context, record));
  } catch (error) {
    for (const { address } of places) elb.addresses.release(address);
    throw error;
  }
  elb.names.publish(context, record);
  elb.metrics.balancersChanged();
  // AWS answers before the balancer is active.
  const answer = viewBalancer(elb, context, record);
  await elb.balancing.changed(context, record.id);
  return { LoadBalancers: [answer] };
};

function checkSupported(input: Input<'CreateLoadBalancer'>): void {
  const { Type = 'application', IpAddressType = 'ipv4' } = input;
  if (Type !== 'application') throw notSupported(`load balancers of the type '${Type}'`);
  if (IpAddressType !== 'ipv4') throw notSupported(`the IP address type '${IpAddressType}'`);
  if (input.CustomerOwnedIpv4Pool !== undefined) throw notSupported('customer-owned address pools');
  if (input.IpamPools !== undefined) throw notSupported('pools of IPAM');
  if (input.EnablePrefixForIpv6SourceNat === 'on') throw notSupported('IPv6 prefixes for source NAT');
}

async function settingsOf({ ec2 }: LoadBalancing, input: Input<'CreateLoadBalancer'>, scope: Scope) {
  const scheme = input.Scheme ?? 'internet-facing';
  const { vpcId, subnets } = await findSubnets(ec2, scope, subnetIdsIn(input));
  if (scheme === 'internet-facing') await requireInternetGateway(ec2, scope, vpcId);
  const securityGroupIds = await findSecurityGroups(ec2, scope, vpcId, input.SecurityGroups);
  return { scheme, vpcId, subnets, securityGroupIds };
}

const isSameSet = (one: readonly string[], other: readonly string[]): boolean =>
  new Set(one).symmetricDifference(new Set(other)).size === 0;

/** Throws LoadBalancerNotFound when one of those asked for does not exist. */
export const DescribeLoadBalancers: Operation<'DescribeLoadBalancers'> = async (elb, input, context) => {
  // AWS: 20 ARNs or names.
  const arns = named(input.LoadBalancerArns, 'load balancers', 20);
  const names = named(input.Names, 'load balancers', 20);
  if (arns.length > 0 && names.length > 0) {
    throw validation('Load balancer names and load balancer ARNs cannot be specified at the same time');
  }
  const { balancers } = elb.records;
  const request = pageRequest(input);
  const asked = [
    ...arns.map((arn) => balancers.find(context, idIn('balancer', context, arn)) ?? missing([arn])),
    ...names.map((name) => balancers.by(context, 'name', name)[0] ?? missing([name])),
  ];
  const { items, token } =
    asked.length > 0
      ? balancerPages.ofSorted(sortedById(asked), ({ id }) => id, request)
      : await balancerPages.ofCollection(balancers, context, request);
  return {
    LoadBalancers: items.map((balancer) => viewBalancer(elb, context, balancer)),
    ...(token !== undefined && { NextMarker: token }),
  };
};

function missing(asked: readonly string[]): never {
  throw balancersNotFound(asked);
}

/** Without duplicates, sorted by id. */
export const sortedById = <T extends { id: string }>(items: readonly T[]): T[] =>
  [...new Map(items.map((item) => [item.id, item])).values()].sort((a, b) => (a.id < b.id ? -1 : 1));

/** AWS: it is no error when there is no such balancer. Its listeners and rules are deleted with it. */
export const DeleteLoadBalancer: Operation<'DeleteLoadBalancer'> = async (elb, input, context) => {
  const id = idIn('balancer', context, input.LoadBalancerArn);
  const { balancers, listeners, rules } = elb.records;
  const deleted = elb.store.transaction(() => {
    const balancer = balancers.find(context, id);
    if (!balancer) return undefined;
    if (attributeOf(BALANCER_ATTRIBUTES, balancer.attributes, 'deletion_protection.enabled') === 'true') {
      throw deletionProtected(arnOf('balancer', context, id));
    }
    for (const rule of rules.list(context, { prefix: within(id) })) rules.remove(context, rule.id);
    for (const listener of listeners.list(context, { prefix: within(id) })) {
      listeners.remove(context, listener.id);
    }
    balancers.remove(context, id);
    return balancer;
  });
  if (deleted) await elb.balancing.deleted(context, deleted);
  return {};
};
