// The rules of all security groups, one by one.

import { renderArn } from '../../../kernel/arn.ts';
import type { Handler, Input, Output } from '../../../wire/service.ts';
import { type Describable, select, selectionOf } from '../describe.ts';
import type { Inventory } from '../inventory.ts';
import type { SecurityGroupRule } from '../records.ts';
import { SECURITY_GROUP_RULE } from '../resource-kinds.ts';
import type { Ec2 } from '../service.ts';
import { renderTags } from '../tags.ts';

type DescribeSecurityGroupRules = Handler<
  Input<Ec2, 'DescribeSecurityGroupRules'>,
  Output<Ec2, 'DescribeSecurityGroupRules'>
>;

/** A rule with the group that it belongs to (`groupId` of a rule is the group it refers to). */
type OwnedRule = SecurityGroupRule & { ownerGroupId: string };

export function describeSecurityGroupRules(inventory: Inventory): DescribeSecurityGroupRules {
  return (input, context) => {
    const tagsOf = inventory.tagLookup(context);
    const rules = inventory
      .securityGroups(context)
      .flatMap((group) => group.rules.map((rule) => ({ ...rule, ownerGroupId: group.groupId })));
    const selection = selectionOf(input, input.SecurityGroupRuleIds);
    const { items, nextToken } = select(rules, DESCRIBABLE, selection, tagsOf);
    return {
      SecurityGroupRules: items.map((rule) => ({
        SecurityGroupRuleId: rule.ruleId,
        SecurityGroupRuleArn: renderArn('ec2', context, `security-group-rule/${rule.ruleId}`),
        GroupId: rule.ownerGroupId,
        GroupOwnerId: context.accountId,
        IsEgress: rule.isEgress,
        IpProtocol: rule.protocol,
        FromPort: rule.fromPort ?? -1,
        ToPort: rule.toPort ?? -1,
        CidrIpv4: rule.cidrIpv4,
        CidrIpv6: rule.cidrIpv6,
        PrefixListId: rule.prefixListId,
        ReferencedGroupInfo: rule.groupId ? { GroupId: rule.groupId, UserId: context.accountId } : undefined,
        Description: rule.description,
        Tags: renderTags(tagsOf(rule.ruleId)),
      })),
      NextToken: nextToken,
    };
  };
}

const DESCRIBABLE: Describable<OwnedRule> = {
  kind: SECURITY_GROUP_RULE,
  idParameter: 'SecurityGroupRuleIds',
  idOf: (rule) => rule.ruleId,
  filters: {
    'group-id': (rule) => rule.ownerGroupId,
    'security-group-rule-id': (rule) => rule.ruleId,
  },
};
