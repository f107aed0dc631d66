// The network ACL of each subnet: the default ACL of its VPC, or the one that ReplaceNetworkAclAssociation sets.

import type { Scope } from '../../../aws/scope.ts';
import type { Ec2 } from '../context.ts';
import { missingParameter } from '../faults.ts';
import type { NetworkAclRecord, SubnetRecord } from '../model.ts';
import { differentNetworks, noSuchAssociation } from '../network-faults.ts';
import { newId } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';

/** The new association has a new id. */
export const ReplaceNetworkAclAssociation: Operation<'ReplaceNetworkAclAssociation'> = (
  ec2,
  input,
  context,
) => {
  const { AssociationId } = input;
  if (!AssociationId) throw missingParameter('associationId');
  return ec2.store.transaction(() => {
    const target = ec2.records.networkAcls.existing(context, input.NetworkAclId);
    const [old] = ec2.records.networkAcls.by(context, 'association', AssociationId);
    const association = old?.associations.find((one) => one.associationId === AssociationId);
    if (!old || !association) throw noSuchAssociation(AssociationId);
    if (target.vpcId !== old.vpcId) {
      throw differentNetworks(`network acl ${target.networkAclId}`, `network acl ${old.networkAclId}`);
    }
    if (target.networkAclId === old.networkAclId) return { NewAssociationId: AssociationId };
    const associations = old.associations.filter((one) => one.associationId !== AssociationId);
    ec2.records.networkAcls.put(context, { ...old, associations });
    return { NewAssociationId: join(ec2, context, target, association.subnetId) };
  });
};

/** Associates a new subnet with its VPC's default ACL. Call it within a transaction. */
export function joinDefaultAcl(ec2: Ec2, scope: Scope, { vpcId, subnetId }: SubnetRecord): void {
  const acl = ec2.records.networkAcls.by(scope, 'vpc', vpcId).find((one) => one.isDefault);
  if (acl) join(ec2, scope, acl, subnetId);
}

function join(ec2: Ec2, scope: Scope, acl: NetworkAclRecord, subnetId: string): string {
  const associationId = newId({ idPrefix: 'aclassoc' });
  const associations = [...acl.associations, { associationId, subnetId }];
  ec2.records.networkAcls.put(scope, { ...acl, associations });
  return associationId;
}
