// UpdateSecurityGroupRuleDescriptionsIngress and -Egress: rules are named by id or by their contents.

import type { RequestContext } from '../../../wire/service.ts';
import type { Ec2 } from '../context.ts';
import { missingParameter, notFound } from '../faults.ts';
import type { SecurityGroupRule } from '../model.ts';
import { SECURITY_GROUP_RULE } from '../resource-kinds.ts';
import type { Input, Operation } from '../sdk.ts';
import { checkDescription, keyOf, rulesOf } from '../security-rules.ts';
import { noSuchRule, permissionsOf, securityGroupNamed } from './security-group-rules.ts';

type Update = Input<'UpdateSecurityGroupRuleDescriptionsIngress'>;

export const UpdateSecurityGroupRuleDescriptionsIngress: Operation<
  'UpdateSecurityGroupRuleDescriptionsIngress'
> = (ec2, input, context) => describe(ec2, context, input, false);

export const UpdateSecurityGroupRuleDescriptionsEgress: Operation<
  'UpdateSecurityGroupRuleDescriptionsEgress'
> = (ec2, input, context) => describe(ec2, context, input, true);

function describe(ec2: Ec2, context: RequestContext, input: Update, isEgress: boolean) {
  if (!input.IpPermissions?.length && !input.SecurityGroupRuleDescriptions?.length) {
    throw missingParameter('ipPermissions or securityGroupRuleDescriptions');
  }
  ec2.store.transaction(() => {
    const group = securityGroupNamed(ec2, context, input);
    const rules = group.rules.filter((one) => one.isEgress === isEgress);
    for (const { SecurityGroupRuleId: id = '', Description } of input.SecurityGroupRuleDescriptions ?? []) {
      checkDescription(Description);
      const rule = rules.find((one) => one.ruleId === id);
      if (!rule) throw notFound(SECURITY_GROUP_RULE, [id]);
      describeAs(rule, Description);
    }
    if (input.IpPermissions?.length) {
      for (const wanted of rulesOf(permissionsOf(ec2, context, input))) {
        const rule = rules.find((one) => keyOf(one) === keyOf(wanted));
        if (!rule) throw noSuchRule();
        describeAs(rule, wanted.description);
      }
    }
    ec2.records.securityGroups.put(context, group);
  });
  return { Return: true };
}

/** AWS: a request without a description removes the existing one. */
function describeAs(rule: SecurityGroupRule, description: string | undefined): void {
  if (description) rule.description = description;
  else delete rule.description;
}
