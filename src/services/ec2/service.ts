// EC2, as far as caches need it: where they can live. Read-only but for tags; every account has the default network.

import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { dryRunSucceeded } from './faults.ts';
import { openInventory } from './inventory.ts';
import { describeAccountAttributes } from './operations/describe-account-attributes.ts';
import { describeAvailabilityZones } from './operations/describe-availability-zones.ts';
import { describeDhcpOptions } from './operations/describe-dhcp-options.ts';
import { describeInternetGateways } from './operations/describe-internet-gateways.ts';
import { describeNetworkInterfaces } from './operations/describe-network-interfaces.ts';
import { describeRegions } from './operations/describe-regions.ts';
import { describeRouteTables } from './operations/describe-route-tables.ts';
import { describeSecurityGroupRules } from './operations/describe-security-group-rules.ts';
import { describeSecurityGroups } from './operations/describe-security-groups.ts';
import { describeSubnets } from './operations/describe-subnets.ts';
import { describeVpcAttribute } from './operations/describe-vpc-attribute.ts';
import { describeVpcs } from './operations/describe-vpcs.ts';
import { createTags, deleteTags, describeTags } from './operations/tags.ts';

export type Ec2 = typeof import('@aws-sdk/client-ec2');

export function createEc2({ store, clock }: { store: Store; clock: Clock }): Service {
  const inventory = openInventory(store, clock);
  return withDryRun(
    defineService<Ec2>('ec2', {
      CreateTags: createTags(inventory),
      DeleteTags: deleteTags(inventory),
      DescribeAccountAttributes: describeAccountAttributes(inventory),
      DescribeAvailabilityZones: describeAvailabilityZones,
      DescribeDhcpOptions: describeDhcpOptions(inventory),
      DescribeInternetGateways: describeInternetGateways(inventory),
      DescribeNetworkInterfaces: describeNetworkInterfaces,
      DescribeRegions: describeRegions,
      DescribeRouteTables: describeRouteTables(inventory),
      DescribeSecurityGroupRules: describeSecurityGroupRules(inventory),
      DescribeSecurityGroups: describeSecurityGroups(inventory),
      DescribeSubnets: describeSubnets(inventory),
      DescribeTags: describeTags(inventory),
      DescribeVpcAttribute: describeVpcAttribute(inventory),
      DescribeVpcs: describeVpcs(inventory),
    }),
  );
}

/** AWS: with DryRun every operation answers with an error, if only to say that it would have succeeded. */
function withDryRun(service: Service): Service {
  const operations = Object.entries(service.operations).map(([name, handle]): [string, typeof handle] => [
    name,
    (input, context) => {
      if (input.DryRun) throw dryRunSucceeded();
      return handle(input, context);
    },
  ]);
  return { name: service.name, operations: Object.fromEntries(operations) };
}
