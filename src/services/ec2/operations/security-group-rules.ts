// Rules of security groups: authorize adds them, revoke removes them.

import type { IpPermission } from '@aws-sdk/client-ec2';
import type { Scope } from '../../../aws/scope.ts';
import { Fault } from '../../../wire/fault.ts';
import type { RequestContext } from '../../../wire/service.ts';
import type { Ec2 } from '../context.ts';
import { groupInDefaultVpc } from '../default-vpc.ts';
import { missingParameter, notFound } from '../faults.ts';
import { putTags } from '../inventory.ts';
import { LIMITS } from '../limits.ts';
import type { SecurityGroupRecord } from '../model.ts';
import { prefixListsOf } from '../prefix-lists.ts';
import { newId, PREFIX_LIST, SECURITY_GROUP_RULE } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';
import { duplicateRule, keyOf, type RuleContent, rulesOf } from '../security-rules.ts';
import { tagAtCreation } from '../tag-at-creation.ts';
import type { TagSpecification } from '../tags.ts';
import { viewRule } from './describe-security-group-rules.ts';

interface Named {
  GroupId?: string | undefined;
  GroupName?: string | undefined;
}

/** AWS: a request may also give one permission in separate members, as in the first version of the API. */
interface Permissions extends Named {
  IpPermissions?: IpPermission[] | undefined;
  IpProtocol?: string | undefined;
  FromPort?: number | undefined;
  ToPort?: number | undefined;
  CidrIp?: string | undefined;
  SourceSecurityGroupName?: string | undefined;
  TagSpecifications?: TagSpecification[] | undefined;
  SecurityGroupRuleIds?: string[] | undefined;
}

/** Throws InvalidPermission.Duplicate if the group has one of the rules; adds none of them then. */
export const AuthorizeSecurityGroupIngress: Operation<'AuthorizeSecurityGroupIngress'> = (
  ec2,
  input,
  context,
) => authorize(ec2, context, input, false);

/** Like AuthorizeSecurityGroupIngress. */
export const AuthorizeSecurityGroupEgress: Operation<'AuthorizeSecurityGroupEgress'> = (
  ec2,
  input,
  context,
) => authorize(ec2, context, input, true);

/** Throws InvalidPermission.NotFound for unknown rules, except in the default VPC. */
export const RevokeSecurityGroupIngress: Operation<'RevokeSecurityGroupIngress'> = (ec2, input, context) =>
  revoke(ec2, context, input, false);

/** Like RevokeSecurityGroupIngress. */
export const RevokeSecurityGroupEgress: Operation<'RevokeSecurityGroupEgress'> = (ec2, input, context) =>
  revoke(ec2, context, input, true);

function authorize(ec2: Ec2, context: RequestContext, input: Permissions, isEgress: boolean) {
  return ec2.store.transaction(() => {
    const group = securityGroupNamed(ec2, context, input);
    const wanted = rulesOf(permissionsOf(ec2, context, input));
    for (const rule of wanted) checkSource(ec2, context, group, rule);
    const present = group.rules.filter((rule) => rule.isEgress === isEgress);
    const keys = new Set(present.map(keyOf));
    const repeated = wanted.find((rule) => keys.has(keyOf(rule)));
    if (repeated) throw duplicateRule(repeated);
    if (present.length + wanted.length > LIMITS.rulesPerGroup) throw tooManyRules();
    const made = wanted.map((rule) => ({ ruleId: newId(SECURITY_GROUP_RULE), isEgress, ...rule }));
    ec2.records.securityGroups.put(context, { ...group, rules: [...group.rules, ...made] });
    return {
      Return: true,
      SecurityGroupRules: made.map((rule) => {
        const { ruleId } = rule;
        const tags = tagAtCreation(ec2, context, SECURITY_GROUP_RULE, ruleId, input.TagSpecifications);
        return viewRule(group.groupId, rule, context, tags);
      }),
    };
  });
}

function revoke(ec2: Ec2, context: RequestContext, input: Permissions, isEgress: boolean) {
  return ec2.store.transaction(() => {
    const group = securityGroupNamed(ec2, context, input);
    const present = group.rules.filter((rule) => rule.isEgress === isEgress);
    const ids = new Set(input.SecurityGroupRuleIds ?? []);
    const unknownId = [...ids].find((id) => !present.some((rule) => rule.ruleId === id));
    if (unknownId !== undefined) throw notFound(SECURITY_GROUP_RULE, [unknownId]);
    const named = ids.size > 0 ? [] : rulesOf(permissionsOf(ec2, context, input));
    const keys = new Set(named.map(keyOf));
    const gone = present.filter((rule) => ids.has(rule.ruleId) || keys.has(keyOf(rule)));
    const held = new Set(present.map(keyOf));
    const unknown = named.filter((rule) => !held.has(keyOf(rule)));
    // AWS: unknown rules are reported in the default VPC, and an error in any other.
    if (unknown.length > 0 && !ec2.records.vpcs.existing(context, group.vpcId).isDefault) throw noSuchRule();
    const rules = group.rules.filter((rule) => !gone.includes(rule));
    ec2.records.securityGroups.put(context, { ...group, rules });
    for (const { ruleId } of gone) {
      putTags(ec2, context, {
        resourceId: ruleId,
        resourceType: SECURITY_GROUP_RULE.resourceType,
        tags: {},
      });
    }
    return { Return: true, UnknownIpPermissions: unknown.map(permissionOf) };
  });
}

/** Finds the group by id, or by name in the default VPC. Throws NotFound or MissingParameter. */
export function securityGroupNamed(ec2: Ec2, scope: Scope, input: Named): SecurityGroupRecord {
  if (input.GroupId) return ec2.records.securityGroups.existing(scope, input.GroupId);
  if (!input.GroupName) throw missingParameter('groupName or groupId');
  return groupInDefaultVpc(ec2, scope, input.GroupName);
}

/** The permissions of the request, with group names replaced by ids. Throws MissingParameter if there are none. */
export function permissionsOf(ec2: Ec2, scope: Scope, input: Permissions): IpPermission[] {
  const single: IpPermission = {
    IpProtocol: input.IpProtocol,
    FromPort: input.FromPort,
    ToPort: input.ToPort,
    ...(input.CidrIp && { IpRanges: [{ CidrIp: input.CidrIp }] }),
    ...(input.SourceSecurityGroupName && {
      UserIdGroupPairs: [{ GroupName: input.SourceSecurityGroupName }],
    }),
  };
  // AWS: with a group as the only source, the protocol is every protocol.
  if (input.SourceSecurityGroupName) single.IpProtocol ??= '-1';
  const isSingle = input.IpProtocol || input.CidrIp || input.SourceSecurityGroupName;
  const given = input.IpPermissions?.length ? input.IpPermissions : isSingle ? [single] : [];
  if (given.length === 0) throw missingParameter('ipPermissions');
  return given.map((permission) => ({
    ...permission,
    UserIdGroupPairs: (permission.UserIdGroupPairs ?? []).map((pair) =>
      pair.GroupId ? pair : { ...pair, GroupId: securityGroupNamed(ec2, scope, pair).groupId },
    ),
  }));
}

/** Throws if the rule's group or prefix list does not exist, or if the group is in another VPC. */
export function checkSource(ec2: Ec2, scope: Scope, group: SecurityGroupRecord, rule: RuleContent): void {
  if (rule.groupId) {
    const source = ec2.records.securityGroups.existing(scope, rule.groupId);
    if (source.vpcId !== group.vpcId) throw differentVpcs();
  }
  const { prefixListId } = rule;
  if (prefixListId && !prefixListsOf(scope.region).some((one) => one.prefixListId === prefixListId)) {
    throw notFound(PREFIX_LIST, [prefixListId]);
  }
}

const permissionOf = (rule: RuleContent): IpPermission => ({
  IpProtocol: rule.protocol,
  FromPort: rule.fromPort,
  ToPort: rule.toPort,
  IpRanges: rule.cidrIpv4 ? [{ CidrIp: rule.cidrIpv4 }] : [],
  Ipv6Ranges: rule.cidrIpv6 ? [{ CidrIpv6: rule.cidrIpv6 }] : [],
  PrefixListIds: rule.prefixListId ? [{ PrefixListId: rule.prefixListId }] : [],
  UserIdGroupPairs: rule.groupId ? [{ GroupId: rule.groupId }] : [],
});

const tooManyRules = (): Fault =>
  new Fault(
    'RulesPerSecurityGroupLimitExceeded',
    'The maximum number of rules per security group has been reached.',
  );

/** For a rule that the group does not have. */
export const noSuchRule = (): Fault =>
  new Fault('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.');

const differentVpcs = (): Fault =>
  new Fault('InvalidParameter', 'You have specified two resources that belong to different networks.');
