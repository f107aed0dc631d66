// CreateRouteTable and DeleteRouteTable; a table that is main or associated cannot be deleted.

import type { HandlerOf } from '../../../wire/service.ts';
import type { Inventory } from '../inventory.ts';
import { LIMITS } from '../limits.ts';
import { hasDependencies, limitExceeded } from '../network-faults.ts';
import type { RouteTableRecord } from '../records.ts';
import { newId, ROUTE_TABLE } from '../resource-kinds.ts';
import type { Ec2 } from '../service.ts';
import { tagAtCreation } from '../tag-at-creation.ts';
import { cidrBlocksOf, localRouteOf } from '../vpc-cidrs.ts';
import { viewRouteTable } from './describe-route-tables.ts';

export function createRouteTable(inventory: Inventory): HandlerOf<Ec2, 'CreateRouteTable'> {
  return (input, context) =>
    inventory.transaction(() => {
      const vpc = inventory.vpcs.existing(context, input.VpcId);
      const siblings = inventory.routeTables.countBy(context, 'vpc', vpc.vpcId);
      if (siblings >= LIMITS.routeTablesPerVpc) {
        throw limitExceeded('RouteTableLimitExceeded', 'route tables');
      }
      const table: RouteTableRecord = {
        routeTableId: newId(ROUTE_TABLE),
        vpcId: vpc.vpcId,
        routes: cidrBlocksOf(vpc).map(localRouteOf),
        associations: [],
      };
      inventory.routeTables.put(context, table);
      const tags = tagAtCreation(
        inventory,
        context,
        ROUTE_TABLE,
        table.routeTableId,
        input.TagSpecifications,
      );
      return { RouteTable: viewRouteTable(table, context, () => true, tags) };
    });
}

export function deleteRouteTable(inventory: Inventory): HandlerOf<Ec2, 'DeleteRouteTable'> {
  return (input, context) => {
    inventory.transaction(() => {
      const table = inventory.routeTables.existing(context, input.RouteTableId);
      if (table.associations.length > 0) throw hasDependencies('routeTable', table.routeTableId);
      for (const endpoint of inventory.vpcEndpoints.by(context, 'routeTable', table.routeTableId)) {
        const routeTableIds = endpoint.routeTableIds.filter((id) => id !== table.routeTableId);
        inventory.vpcEndpoints.put(context, { ...endpoint, routeTableIds });
      }
      inventory.routeTables.remove(context, table.routeTableId);
    });
    return {};
  };
}
