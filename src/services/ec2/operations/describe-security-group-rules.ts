// DescribeSecurityGroupRules: the rules of all security groups, one by one.

import type { SecurityGroupRule as RuleView } from '@aws-sdk/client-ec2';
import { renderArn } from '../../../aws/arn.ts';
import type { Scope } from '../../../aws/scope.ts';
import { listTags } from '../../../aws/tags.ts';
import { type Describable, partsOf, recordsOf, select, selectionOf } from '../describe.ts';
import { tagReader } from '../inventory.ts';
import type { SecurityGroupRecord, SecurityGroupRule } from '../model.ts';
import { SECURITY_GROUP_RULE } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';
import { BATCH } from './describe-security-groups.ts';

/** A rule with the group that it belongs to. `groupId` is the group that the rule refers to. */
type OwnedRule = SecurityGroupRule & { ownerGroupId: string };

export const DescribeSecurityGroupRules: Operation<'DescribeSecurityGroupRules'> = async (
  ec2,
  input,
  context,
) => {
  const tagsOf = tagReader(ec2, context);
  const groups = recordsOf(ec2.records.securityGroups, context, {
    indexes: { 'group-id': 'id', 'security-group-rule-id': 'rule' },
    batch: BATCH,
  });
  const rules = partsOf(groups, {
    find: (id) =>
      ec2.records.securityGroups
        .by(context, 'rule', id)
        .flatMap(rulesIn)
        .find((rule) => rule.ruleId === id),
    parts: rulesIn,
  });
  const selection = selectionOf(input, input.SecurityGroupRuleIds);
  const { items, nextToken } = await select(rules, DESCRIBABLE, selection, tagsOf);
  return {
    SecurityGroupRules: items.map((rule) => viewRule(rule.ownerGroupId, rule, context, tagsOf(rule.ruleId))),
    NextToken: nextToken,
  };
};

/** AWS's view of a rule. `groupId` is the group that it belongs to. */
export const viewRule = (
  groupId: string,
  rule: SecurityGroupRule,
  scope: Scope,
  tags: Record<string, string>,
): RuleView => ({
  SecurityGroupRuleId: rule.ruleId,
  SecurityGroupRuleArn: renderArn('ec2', scope, `security-group-rule/${rule.ruleId}`),
  GroupId: groupId,
  GroupOwnerId: scope.accountId,
  IsEgress: rule.isEgress,
  IpProtocol: rule.protocol,
  FromPort: rule.fromPort ?? -1,
  ToPort: rule.toPort ?? -1,
  CidrIpv4: rule.cidrIpv4,
  CidrIpv6: rule.cidrIpv6,
  PrefixListId: rule.prefixListId,
  ReferencedGroupInfo: rule.groupId ? { GroupId: rule.groupId, UserId: scope.accountId } : undefined,
  Description: rule.description,
  Tags: listTags(tags),
});

const rulesIn = (group: SecurityGroupRecord): OwnedRule[] =>
  group.rules
    .map((rule) => ({ ...rule, ownerGroupId: group.groupId }))
    .sort((a, b) => (a.ruleId < b.ruleId ? -1 : 1));

const DESCRIBABLE: Describable<OwnedRule> = {
  kind: SECURITY_GROUP_RULE,
  idParameter: 'SecurityGroupRuleIds',
  idOf: (rule) => rule.ruleId,
  sortKeyOf: (rule) => `${rule.ownerGroupId} ${rule.ruleId}`,
  filters: {
    'group-id': (rule) => rule.ownerGroupId,
    'security-group-rule-id': (rule) => rule.ruleId,
  },
};
