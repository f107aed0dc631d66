// The VPCs, subnets, security groups and routes of all accounts and regions, for a network that enforces them.

import type { NetworkFacts, Routes } from '../../network/routes.ts';
import type { Rule } from '../../network/security-facts.ts';
import type { SecurityGroupRule } from './model.ts';
import { prefixListsOf } from './prefix-lists.ts';
import type { Records } from './records.ts';

/** Reads all records. */
export async function networkRulesOf(
  records: Pick<
    Records,
    'vpcs' | 'subnets' | 'securityGroups' | 'routeTables' | 'internetGateways' | 'natGateways'
  >,
): Promise<NetworkFacts> {
  const vpcs = await all(records.vpcs);
  const subnets = await all(records.subnets);
  const groups = await all(records.securityGroups);
  return {
    vpcs: vpcs.map(({ value: { vpcId, cidrBlock, furtherCidrs = [] } }) => ({
      vpcId,
      cidrs: [cidrBlock, ...furtherCidrs.map((one) => one.cidrBlock)],
    })),
    subnets: subnets.map(({ value: { subnetId, vpcId } }) => ({ subnetId, vpcId })),
    groups: groups.map(({ scope: { region }, value: { groupId, groupName, vpcId, rules } }) => ({
      ...{ groupId, vpcId, isDefault: groupName === 'default' },
      rules: rules.map((rule) => ruleOf(rule, region)),
    })),
    routes: await routesOf(records),
  };
}

async function routesOf(
  records: Pick<Records, 'routeTables' | 'internetGateways' | 'natGateways'>,
): Promise<Routes> {
  const tables = await all(records.routeTables);
  const internetGateways = await all(records.internetGateways);
  const natGateways = await all(records.natGateways);
  return {
    tables: tables.map(({ value: { vpcId, associations, routes } }) => ({
      ...{ vpcId, routes, isMain: associations.some(({ subnetId }) => subnetId === undefined) },
      subnetIds: associations.flatMap(({ subnetId }) => subnetId ?? []),
    })),
    internetGateways: internetGateways.map(({ value: { internetGatewayId, attachedTo } }) => ({
      ...{ id: internetGatewayId, vpcIds: attachedTo },
    })),
    natGateways: natGateways
      .filter(({ value: { deletedAt } }) => deletedAt === undefined)
      .map(({ value: { natGatewayId, vpcId, subnetId, connectivity } }) => ({
        ...{ id: natGatewayId, vpcId, subnetId, isPublic: connectivity === 'public' },
      })),
  };
}

const ruleOf = (rule: SecurityGroupRule, region: string): Rule => ({
  isEgress: rule.isEgress,
  protocol: rule.protocol,
  fromPort: rule.fromPort,
  toPort: rule.toPort,
  cidr: rule.cidrIpv4,
  groupId: rule.groupId,
  prefixList: prefixListsOf(region).find((one) => one.prefixListId === rule.prefixListId)?.cidrs,
});

async function all<E>(resources: { everywhere(): AsyncIterable<E[]> }): Promise<E[]> {
  const entries: E[] = [];
  for await (const batch of resources.everywhere()) entries.push(...batch);
  return entries;
}
