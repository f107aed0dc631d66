// ModifySecurityGroupRules: changes the contents of rules. Their ids, directions and tags stay.

import type { SecurityGroupRuleRequest } from '@aws-sdk/client-ec2';
import { Fault } from '../../../wire/fault.ts';
import { missingParameter } from '../faults.ts';
import { SECURITY_GROUP_RULE } from '../resource-kinds.ts';
import { absent } from '../resources.ts';
import type { Operation } from '../sdk.ts';
import { duplicateRule, keyOf, type RuleContent, rulesOf } from '../security-rules.ts';
import { checkSource } from './security-group-rules.ts';

/** Throws InvalidPermission.Duplicate if two rules become equal. */
export const ModifySecurityGroupRules: Operation<'ModifySecurityGroupRules'> = (ec2, input, context) => {
  const asked = input.SecurityGroupRules;
  if (!asked.length) throw missingParameter('SecurityGroupRule');
  ec2.store.transaction(() => {
    const group = ec2.records.securityGroups.existing(context, input.GroupId);
    const rules = [...group.rules];
    for (const { SecurityGroupRuleId: id = '', SecurityGroupRule: content } of asked) {
      const at = rules.findIndex((rule) => rule.ruleId === id);
      const before = rules[at];
      if (!before) throw absent(SECURITY_GROUP_RULE, id);
      const after = contentOf(content ?? {});
      checkSource(ec2, context, group, after);
      rules[at] = { ruleId: id, isEgress: before.isEgress, ...after };
    }
    const seen = new Set<string>();
    for (const rule of rules) {
      const key = `${rule.isEgress} ${keyOf(rule)}`;
      if (seen.has(key)) throw duplicateRule(rule);
      seen.add(key);
    }
    ec2.records.securityGroups.put(context, { ...group, rules });
  });
  return { Return: true };
};

function contentOf(given: SecurityGroupRuleRequest): RuleContent {
  const Description = given.Description === undefined ? {} : { Description: given.Description };
  const sources = [given.CidrIpv4, given.CidrIpv6, given.PrefixListId, given.ReferencedGroupId].filter(
    (one) => one !== undefined,
  );
  if (sources.length !== 1) throw oneSource();
  const [rule] = rulesOf([
    {
      IpProtocol: given.IpProtocol,
      FromPort: given.FromPort,
      ToPort: given.ToPort,
      IpRanges: given.CidrIpv4 ? [{ CidrIp: given.CidrIpv4, ...Description }] : [],
      Ipv6Ranges: given.CidrIpv6 ? [{ CidrIpv6: given.CidrIpv6, ...Description }] : [],
      PrefixListIds: given.PrefixListId ? [{ PrefixListId: given.PrefixListId, ...Description }] : [],
      UserIdGroupPairs: given.ReferencedGroupId ? [{ GroupId: given.ReferencedGroupId, ...Description }] : [],
    },
  ]);
  return rule!;
}

const oneSource = (): Fault =>
  new Fault(
    'InvalidParameterCombination',
    'Exactly one of CidrIpv4, CidrIpv6, PrefixListId and ReferencedGroupId must be given.',
  );
