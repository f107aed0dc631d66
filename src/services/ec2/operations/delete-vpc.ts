// DeleteVpc: goes with what came with it, if nothing else is left in it.

import type { Scope } from '../../../kernel/scope.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import type { Inventory } from '../inventory.ts';
import { hasDependencies } from '../network-faults.ts';
import { interfacesOf } from '../network-interfaces.ts';
import type { RouteTableRecord } from '../records.ts';
import type { Ec2 } from '../service.ts';

export function deleteVpc(inventory: Inventory): HandlerOf<Ec2, 'DeleteVpc'> {
  return (input, context) => {
    inventory.transaction(() => {
      const { vpcId } = inventory.vpcs.existing(context, input.VpcId);
      if (isInUse(inventory, context, vpcId)) throw hasDependencies('vpc', vpcId);
      for (const group of inventory.securityGroups.list(context).filter((one) => one.vpcId === vpcId)) {
        inventory.securityGroups.remove(context, group.groupId);
      }
      for (const table of inventory.routeTables.list(context).filter((one) => one.vpcId === vpcId)) {
        inventory.routeTables.remove(context, table.routeTableId);
      }
      inventory.vpcs.remove(context, vpcId);
    });
    return {};
  };
}

function isInUse(inventory: Inventory, scope: Scope, vpcId: string): boolean {
  const isHere = (one: { vpcId: string }) => one.vpcId === vpcId;
  return (
    inventory.subnets.list(scope).some(isHere) ||
    inventory.vpcEndpoints.list(scope).some(isHere) ||
    inventory.internetGateways.list(scope).some((gateway) => gateway.attachedTo.includes(vpcId)) ||
    inventory.securityGroups.list(scope).some((group) => isHere(group) && group.groupName !== 'default') ||
    inventory.routeTables.list(scope).some((table) => isHere(table) && !isMain(table)) ||
    interfacesOf(inventory, scope).some(isHere)
  );
}

export const isMain = (table: RouteTableRecord): boolean =>
  table.associations.some((association) => association.subnetId === undefined);
