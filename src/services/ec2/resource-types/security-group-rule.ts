// The resource types AWS::EC2::SecurityGroupIngress and SecurityGroupEgress: one rule each.

import type { Scope } from '../../../aws/scope.ts';
import { isRefused, unless } from '../../../control/resource-attempts.ts';
import { textOf } from '../../../control/resource-properties.ts';
import type { Properties, ResourceType } from '../../../control/resource-type.ts';
import { identified } from './routing.ts';
import { permissionOf } from './security-group.ts';
import { type Ec2Client, NOT_FOUND } from './tokens-and-tags.ts';

type Direction = 'Ingress' | 'Egress';

/** Its physical id is the rule's id. */
export const securityGroupRuleType = (ec2: Ec2Client, direction: Direction): ResourceType => ({
  name: `AWS::EC2::SecurityGroup${direction}`,
  async create({ properties, scope, isRetry }) {
    try {
      return identified(await authorize(ec2, scope, direction, properties), 'Id');
    } catch (error) {
      if (!isRetry || !isRefused(error, /^InvalidPermission\.Duplicate$/)) throw error;
      return identified(await reauthorize(ec2, scope, direction, properties), 'Id');
    }
  },
  // Only the description changes in place.
  async update({ physicalId, properties, scope }) {
    const Description = textOf(properties, 'Description') ?? '';
    const input = {
      ...groupOf(properties),
      SecurityGroupRuleDescriptions: [{ SecurityGroupRuleId: physicalId, Description }],
    };
    if (direction === 'Ingress') await ec2.call('UpdateSecurityGroupRuleDescriptionsIngress', input, scope);
    else await ec2.call('UpdateSecurityGroupRuleDescriptionsEgress', input, scope);
    return identified(physicalId, 'Id');
  },
  async delete({ physicalId, properties, scope }) {
    const input = { ...groupOf(properties), SecurityGroupRuleIds: [physicalId] };
    const revoked =
      direction === 'Ingress'
        ? ec2.call('RevokeSecurityGroupIngress', input, scope)
        : ec2.call('RevokeSecurityGroupEgress', { ...input, GroupId: input.GroupId ?? '' }, scope);
    await unless(NOT_FOUND, revoked);
  },
});

const groupOf = (properties: Properties) => ({
  GroupId: textOf(properties, 'GroupId'),
  GroupName: textOf(properties, 'GroupName'),
});

async function authorize(
  ec2: Ec2Client,
  scope: Scope,
  direction: Direction,
  properties: Properties,
): Promise<string> {
  const input = { ...groupOf(properties), IpPermissions: [permissionOf(properties)] };
  const { SecurityGroupRules } =
    direction === 'Ingress'
      ? await ec2.call('AuthorizeSecurityGroupIngress', input, scope)
      : await ec2.call('AuthorizeSecurityGroupEgress', { ...input, GroupId: input.GroupId ?? '' }, scope);
  return SecurityGroupRules![0]!.SecurityGroupRuleId!;
}

/**
 * Replaces the rule of an earlier attempt, since its id is unknown and the rule can only be identified by its
 * contents.
 */
async function reauthorize(
  ec2: Ec2Client,
  scope: Scope,
  direction: Direction,
  properties: Properties,
): Promise<string> {
  const input = { ...groupOf(properties), IpPermissions: [permissionOf(properties)] };
  if (direction === 'Ingress') await ec2.call('RevokeSecurityGroupIngress', input, scope);
  else await ec2.call('RevokeSecurityGroupEgress', { ...input, GroupId: input.GroupId ?? '' }, scope);
  return authorize(ec2, scope, direction, properties);
}
