// Network ACLs: create, delete. A new one denies everything.

import { Fault } from '../../../wire/fault.ts';
import { LIMITS } from '../limits.ts';
import { closingEntries } from '../network-acls.ts';
import { hasDependencies, limitExceeded } from '../network-faults.ts';
import { NETWORK_ACL, newId } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';
import { tagAtCreation } from '../tag-at-creation.ts';
import { viewNetworkAcl } from './describe-network-acls.ts';

/** No subnet has it at first. Throws NetworkAclLimitExceeded. */
export const CreateNetworkAcl: Operation<'CreateNetworkAcl'> = (ec2, input, context) =>
  ec2.store.transaction(() => {
    const { vpcId } = ec2.records.vpcs.existing(context, input.VpcId);
    if (ec2.records.networkAcls.countBy(context, 'vpc', vpcId) >= LIMITS.networkAclsPerVpc) {
      throw limitExceeded('NetworkAclLimitExceeded', 'network ACLs');
    }
    const acl = {
      networkAclId: newId(NETWORK_ACL),
      vpcId,
      isDefault: false,
      entries: closingEntries(),
      associations: [],
    };
    ec2.records.networkAcls.put(context, acl);
    const tags = tagAtCreation(ec2, context, NETWORK_ACL, acl.networkAclId, input.TagSpecifications);
    return { NetworkAcl: viewNetworkAcl(acl, context, tags), ClientToken: input.ClientToken };
  });

/** Throws DependencyViolation while a subnet uses it, and InvalidParameterValue for a default ACL. */
export const DeleteNetworkAcl: Operation<'DeleteNetworkAcl'> = (ec2, input, context) => {
  ec2.store.transaction(() => {
    const acl = ec2.records.networkAcls.existing(context, input.NetworkAclId);
    if (acl.isDefault) throw isDefault(acl.networkAclId);
    if (acl.associations.length > 0) throw hasDependencies('networkAcl', acl.networkAclId);
    ec2.records.networkAcls.remove(context, acl.networkAclId);
  });
  return {};
};

const isDefault = (id: string): Fault =>
  new Fault('InvalidParameterValue', `cannot delete default network ACL ${id}`);
