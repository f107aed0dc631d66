// The resource type AWS::EC2::SecurityGroup, with the rules in its properties. Rules of other resources stay.

import type { IpPermission } from '@aws-sdk/client-ec2';
import type { Scope } from '../../../aws/scope.ts';
import { physicalName } from '../../../control/physical-name.ts';
import { finishing, unless } from '../../../control/resource-attempts.ts';
import {
  changesOf,
  numberOf,
  objectsOf,
  requiredText,
  textOf,
} from '../../../control/resource-properties.ts';
import type { Properties, ResourceState, ResourceType } from '../../../control/resource-type.ts';
import { type Ec2Client, NOT_FOUND, retag, tagSpecifications, withToken } from './tokens-and-tags.ts';

const LONGEST_NAME = 255;

/** Its physical id is the group's id. */
export const securityGroupType = (ec2: Ec2Client): ResourceType => ({
  name: 'AWS::EC2::SecurityGroup',
  async create(request) {
    const { properties, scope } = request;
    const input = withToken(request, {
      GroupName: textOf(properties, 'GroupName') ?? physicalName(request, { maxLength: LONGEST_NAME }),
      Description: requiredText(properties, 'GroupDescription'),
      VpcId: textOf(properties, 'VpcId'),
      ...tagSpecifications(request, 'security-group'),
    });
    const { GroupId } = await ec2.call('CreateSecurityGroup', input, scope);
    return finishing(GroupId!, async () => {
      await changeRules(ec2, scope, GroupId!, {}, properties);
      return stateOf(ec2, scope, GroupId!);
    });
  },
  async update(request) {
    const { physicalId, before, properties, scope } = request;
    await changeRules(ec2, scope, physicalId, before, properties);
    await retag(ec2, request, physicalId);
    return stateOf(ec2, scope, physicalId);
  },
  async delete({ physicalId, scope }) {
    await unless(NOT_FOUND, ec2.call('DeleteSecurityGroup', { GroupId: physicalId }, scope));
  },
});

async function stateOf(ec2: Ec2Client, scope: Scope, groupId: string): Promise<ResourceState> {
  const { SecurityGroups } = await ec2.call('DescribeSecurityGroups', { GroupIds: [groupId] }, scope);
  const VpcId = SecurityGroups?.[0]?.VpcId ?? '';
  return { physicalId: groupId, attributes: { GroupId: groupId, Id: groupId, VpcId } };
}

/** AWS: a group without egress rules in its template allows all egress. */
const ALL_EGRESS: Properties = { IpProtocol: '-1', CidrIp: '0.0.0.0/0' };

const egressOf = (properties: Properties): Properties[] => {
  const given = objectsOf(properties, 'SecurityGroupEgress');
  return given.length > 0 ? given : [ALL_EGRESS];
};

const DUPLICATE = /^InvalidPermission\.Duplicate$/;

/** Changes one rule at a time, so that rules of an earlier attempt can be skipped. */
async function changeRules(
  ec2: Ec2Client,
  scope: Scope,
  GroupId: string,
  before: Properties,
  after: Properties,
): Promise<void> {
  const keyOf = (rule: Properties) => JSON.stringify(permissionOf(rule));
  const egress = changesOf(egressOf(before), egressOf(after), keyOf);
  const ingress = changesOf(
    objectsOf(before, 'SecurityGroupIngress'),
    objectsOf(after, 'SecurityGroupIngress'),
    keyOf,
  );
  const input = (rule: Properties) => ({ GroupId, IpPermissions: [permissionOf(rule)] });
  for (const rule of ingress.gone) {
    await unless(NOT_FOUND, ec2.call('RevokeSecurityGroupIngress', input(rule), scope));
  }
  for (const rule of egress.gone) {
    await unless(NOT_FOUND, ec2.call('RevokeSecurityGroupEgress', input(rule), scope));
  }
  for (const rule of ingress.come) {
    await unless(DUPLICATE, ec2.call('AuthorizeSecurityGroupIngress', input(rule), scope));
  }
  for (const rule of egress.come) {
    await unless(DUPLICATE, ec2.call('AuthorizeSecurityGroupEgress', input(rule), scope));
  }
}

/** The permission of a rule in a template, for both directions. */
export function permissionOf(rule: Properties): IpPermission {
  const Description = textOf(rule, 'Description');
  const described = Description === undefined ? {} : { Description };
  const cidr = textOf(rule, 'CidrIp');
  const cidr6 = textOf(rule, 'CidrIpv6');
  const list = textOf(rule, 'SourcePrefixListId') ?? textOf(rule, 'DestinationPrefixListId');
  const group = textOf(rule, 'SourceSecurityGroupId') ?? textOf(rule, 'DestinationSecurityGroupId');
  const groupName = textOf(rule, 'SourceSecurityGroupName');
  const from = numberOf(rule, 'FromPort');
  const to = numberOf(rule, 'ToPort');
  return {
    IpProtocol: requiredText(rule, 'IpProtocol'),
    ...(from !== undefined && { FromPort: from }),
    ...(to !== undefined && { ToPort: to }),
    ...(cidr !== undefined && { IpRanges: [{ CidrIp: cidr, ...described }] }),
    ...(cidr6 !== undefined && { Ipv6Ranges: [{ CidrIpv6: cidr6, ...described }] }),
    ...(list !== undefined && { PrefixListIds: [{ PrefixListId: list, ...described }] }),
    ...(group !== undefined && { UserIdGroupPairs: [{ GroupId: group, ...described }] }),
    ...(group === undefined &&
      groupName !== undefined && { UserIdGroupPairs: [{ GroupName: groupName, ...described }] }),
  };
}
