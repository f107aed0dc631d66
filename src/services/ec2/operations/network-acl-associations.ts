// Which network ACL a subnet is in: at first its VPC's default one, then the one that ReplaceNetworkAclAssociation says.

import type { Scope } from '../../../aws/scope.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import { missingParameter } from '../faults.ts';
import type { Inventory } from '../inventory.ts';
import { differentNetworks, noSuchAssociation } from '../network-faults.ts';
import type { NetworkAclRecord, SubnetRecord } from '../records.ts';
import { newId } from '../resource-kinds.ts';
import type { Ec2 } from '../service.ts';

export function replaceNetworkAclAssociation(
  inventory: Inventory,
): HandlerOf<Ec2, 'ReplaceNetworkAclAssociation'> {
  return (input, context) => {
    const { AssociationId } = input;
    if (!AssociationId) throw missingParameter('associationId');
    return inventory.transaction(() => {
      const target = inventory.networkAcls.existing(context, input.NetworkAclId);
      const [old] = inventory.networkAcls.by(context, 'association', AssociationId);
      const association = old?.associations.find((one) => one.associationId === AssociationId);
      if (!old || !association) throw noSuchAssociation(AssociationId);
      if (target.vpcId !== old.vpcId) {
        throw differentNetworks(`network acl ${target.networkAclId}`, `network acl ${old.networkAclId}`);
      }
      if (target.networkAclId === old.networkAclId) return { NewAssociationId: AssociationId };
      const associations = old.associations.filter((one) => one.associationId !== AssociationId);
      inventory.networkAcls.put(context, { ...old, associations });
      return { NewAssociationId: join(inventory, context, target, association.subnetId) };
    });
  };
}

export function joinDefaultAcl(inventory: Inventory, scope: Scope, { vpcId, subnetId }: SubnetRecord): void {
  const acl = inventory.networkAcls.by(scope, 'vpc', vpcId).find((one) => one.isDefault);
  if (acl) join(inventory, scope, acl, subnetId);
}

function join(inventory: Inventory, scope: Scope, acl: NetworkAclRecord, subnetId: string): string {
  const associationId = newId({ idPrefix: 'aclassoc' });
  const associations = [...acl.associations, { associationId, subnetId }];
  inventory.networkAcls.put(scope, { ...acl, associations });
  return associationId;
}
