// DescribeSecurityGroups: security groups with their rules as permissions. A permission combines all sources of one
// protocol and port range.

import { renderArn } from '../../../aws/arn.ts';
import { listTags } from '../../../aws/tags.ts';
import { groupInDefaultVpc } from '../default-vpc.ts';
import { type Describable, inTurns, recordsOf, select, selectionOf } from '../describe.ts';
import type { FilterReaders } from '../filters.ts';
import { tagReader } from '../inventory.ts';
import type { SecurityGroupRecord, SecurityGroupRule } from '../model.ts';
import { SECURITY_GROUP } from '../resource-kinds.ts';
import type { Operation, Output } from '../sdk.ts';

type GroupView = NonNullable<Output<'DescribeSecurityGroups'>['SecurityGroups']>[number];
type Permission = NonNullable<GroupView['IpPermissions']>[number];

/** Ids and names may be given together. Throws VPCIdNotSpecified for names without a default VPC. */
export const DescribeSecurityGroups: Operation<'DescribeSecurityGroups'> = async (ec2, input, context) => {
  const tagsOf = tagReader(ec2, context);
  const named = (input.GroupNames ?? []).map((name) => groupInDefaultVpc(ec2, context, name).groupId);
  const { items, nextToken } = await select(
    recordsOf(ec2.records.securityGroups, context, { indexes: BY_INDEX, batch: BATCH }),
    describableGroups(context.accountId),
    selectionOf(input, [...(input.GroupIds ?? []), ...named]),
    tagsOf,
  );
  return {
    SecurityGroups: await inTurns(items, (group) => ({
      GroupId: group.groupId,
      GroupName: group.groupName,
      Description: group.description,
      VpcId: group.vpcId,
      OwnerId: context.accountId,
      SecurityGroupArn: renderArn('ec2', context, `security-group/${group.groupId}`),
      IpPermissions: permissionsOf(group, false, context.accountId),
      IpPermissionsEgress: permissionsOf(group, true, context.accountId),
      Tags: listTags(tagsOf(group.groupId)),
    })),
    NextToken: nextToken,
  };
};

function permissionsOf(group: SecurityGroupRecord, isEgress: boolean, accountId: string): Permission[] {
  const permissions = new Map<string, Required<Omit<Permission, 'FromPort' | 'ToPort'>> & Permission>();
  for (const rule of group.rules.filter((candidate) => candidate.isEgress === isEgress)) {
    const key = `${rule.protocol} ${rule.fromPort} ${rule.toPort}`;
    let permission = permissions.get(key);
    if (!permission) permissions.set(key, (permission = emptyPermission(rule)));
    const description = rule.description === undefined ? {} : { Description: rule.description };
    if (rule.cidrIpv4) permission.IpRanges?.push({ CidrIp: rule.cidrIpv4, ...description });
    if (rule.cidrIpv6) permission.Ipv6Ranges?.push({ CidrIpv6: rule.cidrIpv6, ...description });
    if (rule.prefixListId) {
      permission.PrefixListIds?.push({ PrefixListId: rule.prefixListId, ...description });
    }
    if (rule.groupId) {
      permission.UserIdGroupPairs?.push({ GroupId: rule.groupId, UserId: accountId, ...description });
    }
  }
  return [...permissions.values()];
}

const emptyPermission = (rule: SecurityGroupRule) => ({
  IpProtocol: rule.protocol,
  ...(rule.fromPort !== undefined && { FromPort: rule.fromPort }),
  ...(rule.toPort !== undefined && { ToPort: rule.toPort }),
  IpRanges: [],
  Ipv6Ranges: [],
  PrefixListIds: [],
  UserIdGroupPairs: [],
});

const BY_INDEX = { 'vpc-id': 'vpc' };

/** Records in each batch of groups. Small, since a group may have 120 rules. */
export const BATCH = 20;

const describableGroups = (accountId: string): Describable<SecurityGroupRecord> => ({
  kind: SECURITY_GROUP,
  idParameter: 'GroupIds',
  idOf: (group) => group.groupId,
  filters: {
    description: (group) => group.description,
    'group-id': (group) => group.groupId,
    groupId: (group) => group.groupId,
    'group-name': (group) => group.groupName,
    groupName: (group) => group.groupName,
    'owner-id': () => accountId,
    'vpc-id': (group) => group.vpcId,
    ...ruleReaders('ip-permission', false, accountId),
    ...ruleReaders('egress.ip-permission', true, accountId),
  },
});

function ruleReaders(
  prefix: string,
  isEgress: boolean,
  accountId: string,
): FilterReaders<SecurityGroupRecord> {
  const read =
    <V>(held: (rule: SecurityGroupRule) => V) =>
    (group: SecurityGroupRecord): V[] =>
      group.rules.filter((rule) => rule.isEgress === isEgress).map(held);
  return {
    [`${prefix}.cidr`]: read((rule) => rule.cidrIpv4),
    [`${prefix}.from-port`]: read((rule) => rule.fromPort),
    [`${prefix}.group-id`]: read((rule) => rule.groupId),
    [`${prefix}.group-name`]: () => undefined,
    [`${prefix}.ipv6-cidr`]: read((rule) => rule.cidrIpv6),
    [`${prefix}.prefix-list-id`]: read((rule) => rule.prefixListId),
    [`${prefix}.protocol`]: read((rule) => rule.protocol),
    [`${prefix}.to-port`]: read((rule) => rule.toPort),
    [`${prefix}.user-id`]: read((rule) => (rule.groupId ? accountId : undefined)),
  };
}
