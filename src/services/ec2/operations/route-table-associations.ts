// Which subnet uses which route table: AssociateRouteTable, DisassociateRouteTable, ReplaceRouteTableAssociation.
// Without an association a subnet uses its VPC's main table.

import type { Scope } from '../../../aws/scope.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import { missingParameter } from '../faults.ts';
import type { Inventory } from '../inventory.ts';
import {
  associationConflict,
  differentNetworks,
  mainAssociation,
  noSuchAssociation,
  unsupported,
} from '../network-faults.ts';
import type { RouteTableRecord } from '../records.ts';
import { newId } from '../resource-kinds.ts';
import type { Ec2 } from '../service.ts';

export function associateRouteTable(inventory: Inventory): HandlerOf<Ec2, 'AssociateRouteTable'> {
  return (input, context) => {
    if (input.GatewayId) throw unsupported('route tables of gateways');
    const { SubnetId } = input;
    if (!SubnetId) throw missingParameter('subnetId');
    return inventory.transaction(() => {
      const table = inventory.routeTables.existing(context, input.RouteTableId);
      const subnet = inventory.subnets.existing(context, SubnetId);
      if (subnet.vpcId !== table.vpcId) {
        throw differentNetworks(`route table ${table.routeTableId}`, `subnet ${SubnetId}`);
      }
      const present = associationOfSubnet(inventory, context, SubnetId);
      if (present && present.table.routeTableId !== table.routeTableId) {
        throw associationConflict(table.routeTableId);
      }
      if (present) return answer(present.associationId);
      const associationId = newId({ idPrefix: 'rtbassoc' });
      table.associations.push({ associationId, subnetId: SubnetId });
      inventory.routeTables.put(context, table);
      return answer(associationId);
    });
  };
}

export function disassociateRouteTable(inventory: Inventory): HandlerOf<Ec2, 'DisassociateRouteTable'> {
  return (input, context) => {
    inventory.transaction(() => {
      const { table, association } = existingAssociation(inventory, context, input.AssociationId);
      if (association.subnetId === undefined) throw mainAssociation(association.associationId);
      inventory.routeTables.put(context, without(table, association.associationId));
    });
    return {};
  };
}

export function replaceRouteTableAssociation(
  inventory: Inventory,
): HandlerOf<Ec2, 'ReplaceRouteTableAssociation'> {
  return (input, context) =>
    inventory.transaction(() => {
      const { table: old, association } = existingAssociation(inventory, context, input.AssociationId);
      const target = inventory.routeTables.existing(context, input.RouteTableId);
      if (target.vpcId !== old.vpcId) {
        throw differentNetworks(`route table ${target.routeTableId}`, `route table ${old.routeTableId}`);
      }
      if (target.routeTableId === old.routeTableId) {
        return { ...answer(association.associationId), NewAssociationId: association.associationId };
      }
      inventory.routeTables.put(context, without(old, association.associationId));
      const associationId = newId({ idPrefix: 'rtbassoc' });
      target.associations.push({ ...association, associationId });
      inventory.routeTables.put(context, target);
      const { AssociationState } = answer(associationId);
      return { NewAssociationId: associationId, AssociationState };
    });
}

const answer = (AssociationId: string) => ({
  AssociationId,
  AssociationState: { State: 'associated' as const },
});

const without = (table: RouteTableRecord, associationId: string): RouteTableRecord => ({
  ...table,
  associations: table.associations.filter((one) => one.associationId !== associationId),
});

function existingAssociation(inventory: Inventory, scope: Scope, id: string) {
  const [table] = inventory.routeTables.by(scope, 'association', id);
  const association = table?.associations.find((one) => one.associationId === id);
  if (!table || !association) throw noSuchAssociation(id);
  return { table, association };
}

function associationOfSubnet(inventory: Inventory, scope: Scope, subnetId: string) {
  const [table] = inventory.routeTables.by(scope, 'subnet', subnetId);
  const association = table?.associations.find((one) => one.subnetId === subnetId);
  return table && association && { table, associationId: association.associationId };
}
