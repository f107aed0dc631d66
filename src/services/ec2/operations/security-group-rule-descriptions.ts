// UpdateSecurityGroupRuleDescriptionsIngress and -Egress: rules named by id or by what they let through.

import type { HandlerOf, Input, RequestContext } from '../../../wire/service.ts';
import { missingParameter, notFound } from '../faults.ts';
import type { Inventory } from '../inventory.ts';
import type { SecurityGroupRule } from '../records.ts';
import { SECURITY_GROUP_RULE } from '../resource-kinds.ts';
import { checkDescription, keyOf, rulesOf } from '../security-rules.ts';
import type { Ec2 } from '../service.ts';
import { noSuchRule, permissionsOf, securityGroupNamed } from './security-group-rules.ts';

type Update = Input<Ec2, 'UpdateSecurityGroupRuleDescriptionsIngress'>;

export const updateSecurityGroupRuleDescriptionsIngress =
  (inventory: Inventory): HandlerOf<Ec2, 'UpdateSecurityGroupRuleDescriptionsIngress'> =>
  (input, context) =>
    describe(inventory, context, input, false);

export const updateSecurityGroupRuleDescriptionsEgress =
  (inventory: Inventory): HandlerOf<Ec2, 'UpdateSecurityGroupRuleDescriptionsEgress'> =>
  (input, context) =>
    describe(inventory, context, input, true);

function describe(inventory: Inventory, context: RequestContext, input: Update, isEgress: boolean) {
  if (!input.IpPermissions?.length && !input.SecurityGroupRuleDescriptions?.length) {
    throw missingParameter('ipPermissions or securityGroupRuleDescriptions');
  }
  inventory.transaction(() => {
    const group = securityGroupNamed(inventory, context, input);
    const rules = group.rules.filter((one) => one.isEgress === isEgress);
    for (const { SecurityGroupRuleId: id = '', Description } of input.SecurityGroupRuleDescriptions ?? []) {
      checkDescription(Description);
      const rule = rules.find((one) => one.ruleId === id);
      if (!rule) throw notFound(SECURITY_GROUP_RULE, [id]);
      describeAs(rule, Description);
    }
    if (input.IpPermissions?.length) {
      for (const wanted of rulesOf(permissionsOf(inventory, context, input))) {
        const rule = rules.find((one) => keyOf(one) === keyOf(wanted));
        if (!rule) throw noSuchRule();
        describeAs(rule, wanted.description);
      }
    }
    inventory.securityGroups.put(context, group);
  });
  return { Return: true };
}

/** AWS: none at all removes the one that there is. */
function describeAs(rule: SecurityGroupRule, description: string | undefined): void {
  if (description) rule.description = description;
  else delete rule.description;
}
