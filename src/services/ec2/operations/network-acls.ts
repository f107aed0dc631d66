// CreateNetworkAcl and DeleteNetworkAcl. A new one lets nothing pass.

import { Fault } from '../../../wire/fault.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import type { Inventory } from '../inventory.ts';
import { LIMITS } from '../limits.ts';
import { closingEntries } from '../network-acls.ts';
import { hasDependencies, limitExceeded } from '../network-faults.ts';
import { NETWORK_ACL, newId } from '../resource-kinds.ts';
import type { Ec2 } from '../service.ts';
import { tagAtCreation } from '../tag-at-creation.ts';
import { viewNetworkAcl } from './describe-network-acls.ts';

export function createNetworkAcl(inventory: Inventory): HandlerOf<Ec2, 'CreateNetworkAcl'> {
  return (input, context) =>
    inventory.transaction(() => {
      const { vpcId } = inventory.vpcs.existing(context, input.VpcId);
      if (inventory.networkAcls.countBy(context, 'vpc', vpcId) >= LIMITS.networkAclsPerVpc) {
        throw limitExceeded('NetworkAclLimitExceeded', 'network ACLs');
      }
      const acl = {
        networkAclId: newId(NETWORK_ACL),
        vpcId,
        isDefault: false,
        entries: closingEntries(),
        associations: [],
      };
      inventory.networkAcls.put(context, acl);
      const tags = tagAtCreation(inventory, context, NETWORK_ACL, acl.networkAclId, input.TagSpecifications);
      return { NetworkAcl: viewNetworkAcl(acl, context, tags), ClientToken: input.ClientToken };
    });
}

export function deleteNetworkAcl(inventory: Inventory): HandlerOf<Ec2, 'DeleteNetworkAcl'> {
  return (input, context) => {
    inventory.transaction(() => {
      const acl = inventory.networkAcls.existing(context, input.NetworkAclId);
      if (acl.isDefault) throw isDefault(acl.networkAclId);
      if (acl.associations.length > 0) throw hasDependencies('networkAcl', acl.networkAclId);
      inventory.networkAcls.remove(context, acl.networkAclId);
    });
    return {};
  };
}

const isDefault = (id: string): Fault =>
  new Fault('InvalidParameterValue', `cannot delete default network ACL ${id}`);
