// UpdateSecurityGroupRuleDescriptionsIngress and -Egress: rules named by id.

import type { HandlerOf, Input, RequestContext } from '../../../wire/service.ts';
import { notFound } from '../faults.ts';
import type { Inventory } from '../inventory.ts';
import { unsupported } from '../network-faults.ts';
import { SECURITY_GROUP_RULE } from '../resource-kinds.ts';
import { checkDescription } from '../security-rules.ts';
import type { Ec2 } from '../service.ts';
import { securityGroupNamed } from './security-group-rules.ts';

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
  if (input.IpPermissions?.length) throw unsupported('descriptions of rules that are not named by their ids');
  inventory.transaction(() => {
    const group = securityGroupNamed(inventory, context, input);
    for (const { SecurityGroupRuleId: id = '', Description } of input.SecurityGroupRuleDescriptions ?? []) {
      checkDescription(Description);
      const rule = group.rules.find((one) => one.ruleId === id && one.isEgress === isEgress);
      if (!rule) throw notFound(SECURITY_GROUP_RULE, [id]);
      if (Description) rule.description = Description;
      else delete rule.description;
    }
    inventory.securityGroups.put(context, group);
  });
  return { Return: true };
}
