// Associations of subnets with route tables: associate, disassociate, replace. A subnet without an association uses
// its VPC's main table.

import type { Scope } from '../../../aws/scope.ts';
import type { Ec2 } from '../context.ts';
import { missingParameter } from '../faults.ts';
import type { RouteTableRecord } from '../model.ts';
import {
  associationConflict,
  differentNetworks,
  mainAssociation,
  noSuchAssociation,
  unsupported,
} from '../network-faults.ts';
import { newId } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';

/** Repeating an association returns it again. Throws Resource.AlreadyAssociated if the subnet has another table. */
export const AssociateRouteTable: Operation<'AssociateRouteTable'> = (ec2, input, context) => {
  if (input.GatewayId) throw unsupported('route tables of gateways');
  const { SubnetId } = input;
  if (!SubnetId) throw missingParameter('subnetId');
  return ec2.store.transaction(() => {
    const table = ec2.records.routeTables.existing(context, input.RouteTableId);
    const subnet = ec2.records.subnets.existing(context, SubnetId);
    if (subnet.vpcId !== table.vpcId) {
      throw differentNetworks(`route table ${table.routeTableId}`, `subnet ${SubnetId}`);
    }
    const present = associationOfSubnet(ec2, context, SubnetId);
    if (present && present.table.routeTableId !== table.routeTableId) {
      throw associationConflict(table.routeTableId);
    }
    if (present) return answer(present.associationId);
    const associationId = newId({ idPrefix: 'rtbassoc' });
    table.associations.push({ associationId, subnetId: SubnetId });
    ec2.records.routeTables.put(context, table);
    return answer(associationId);
  });
};

/** Throws InvalidParameterValue for the association of a main table. */
export const DisassociateRouteTable: Operation<'DisassociateRouteTable'> = (ec2, input, context) => {
  ec2.store.transaction(() => {
    const { table, association } = existingAssociation(ec2, context, input.AssociationId);
    if (association.subnetId === undefined) throw mainAssociation(association.associationId);
    ec2.records.routeTables.put(context, without(table, association.associationId));
  });
  return {};
};

/** The new association has a new id. Also changes the main table of a VPC. */
export const ReplaceRouteTableAssociation: Operation<'ReplaceRouteTableAssociation'> = (
  ec2,
  input,
  context,
) =>
  ec2.store.transaction(() => {
    const { table: old, association } = existingAssociation(ec2, context, input.AssociationId);
    const target = ec2.records.routeTables.existing(context, input.RouteTableId);
    if (target.vpcId !== old.vpcId) {
      throw differentNetworks(`route table ${target.routeTableId}`, `route table ${old.routeTableId}`);
    }
    if (target.routeTableId === old.routeTableId) {
      return { ...answer(association.associationId), NewAssociationId: association.associationId };
    }
    ec2.records.routeTables.put(context, without(old, association.associationId));
    const associationId = newId({ idPrefix: 'rtbassoc' });
    target.associations.push({ ...association, associationId });
    ec2.records.routeTables.put(context, target);
    const { AssociationState } = answer(associationId);
    return { NewAssociationId: associationId, AssociationState };
  });

const answer = (AssociationId: string) => ({
  AssociationId,
  AssociationState: { State: 'associated' as const },
});

const without = (table: RouteTableRecord, associationId: string): RouteTableRecord => ({
  ...table,
  associations: table.associations.filter((one) => one.associationId !== associationId),
});

function existingAssociation(ec2: Ec2, scope: Scope, id: string) {
  const [table] = ec2.records.routeTables.by(scope, 'association', id);
  const association = table?.associations.find((one) => one.associationId === id);
  if (!table || !association) throw noSuchAssociation(id);
  return { table, association };
}

function associationOfSubnet(ec2: Ec2, scope: Scope, subnetId: string) {
  const [table] = ec2.records.routeTables.by(scope, 'subnet', subnetId);
  const association = table?.associations.find((one) => one.subnetId === subnetId);
  return table && association && { table, associationId: association.associationId };
}
