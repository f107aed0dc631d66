// DeleteVpc: goes with what came with it, if nothing else is left in it.

import type { Scope } from '../../../aws/scope.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import type { Inventory } from '../inventory.ts';
import { hasDependencies } from '../network-faults.ts';
import { countInterfaces } from '../network-interfaces.ts';
import type { RouteTableRecord } from '../records.ts';
import type { Ec2 } from '../service.ts';

export function deleteVpc(inventory: Inventory): HandlerOf<Ec2, 'DeleteVpc'> {
  return (input, context) => {
    inventory.transaction(() => {
      const { vpcId } = inventory.vpcs.existing(context, input.VpcId);
      if (isInUse(inventory, context, vpcId)) throw hasDependencies('vpc', vpcId);
      for (const group of inventory.securityGroups.by(context, 'vpc', vpcId)) {
        inventory.securityGroups.remove(context, group.groupId);
      }
      for (const table of inventory.routeTables.by(context, 'vpc', vpcId)) {
        inventory.routeTables.remove(context, table.routeTableId);
      }
      for (const acl of inventory.networkAcls.by(context, 'vpc', vpcId)) {
        inventory.networkAcls.remove(context, acl.networkAclId);
      }
      inventory.vpcs.remove(context, vpcId);
    });
    return {};
  };
}

/** What came with the VPC keeps nobody from deleting it: its default group and ACL, its main route table. */
function isInUse(inventory: Inventory, scope: Scope, vpcId: string): boolean {
  const count = (kind: { countBy(scope: Scope, index: string, key: string): number }) =>
    kind.countBy(scope, 'vpc', vpcId);
  return (
    count(inventory.subnets) > 0 ||
    count(inventory.vpcEndpoints) > 0 ||
    count(inventory.internetGateways) > 0 ||
    count(inventory.securityGroups) > 1 ||
    count(inventory.networkAcls) > 1 ||
    inventory.routeTables.by(scope, 'vpc', vpcId).some((table) => !isMain(table)) ||
    countInterfaces(inventory, scope, 'vpc', vpcId) > 0
  );
}

export const isMain = (table: RouteTableRecord): boolean =>
  table.associations.some((association) => association.subnetId === undefined);
