// Route tables: create, delete.

import { LIMITS } from '../limits.ts';
import type { RouteTableRecord } from '../model.ts';
import { hasDependencies, limitExceeded } from '../network-faults.ts';
import { newId, ROUTE_TABLE } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';
import { tagAtCreation } from '../tag-at-creation.ts';
import { cidrBlocksOf, localRouteOf } from '../vpc-cidrs.ts';
import { viewRouteTable } from './describe-route-tables.ts';

/** A new table has the local routes of its VPC. Throws RouteTableLimitExceeded. */
export const CreateRouteTable: Operation<'CreateRouteTable'> = (ec2, input, context) =>
  ec2.store.transaction(() => {
    const vpc = ec2.records.vpcs.existing(context, input.VpcId);
    const siblings = ec2.records.routeTables.countBy(context, 'vpc', vpc.vpcId);
    if (siblings >= LIMITS.routeTablesPerVpc) {
      throw limitExceeded('RouteTableLimitExceeded', 'route tables');
    }
    const table: RouteTableRecord = {
      routeTableId: newId(ROUTE_TABLE),
      vpcId: vpc.vpcId,
      routes: cidrBlocksOf(vpc).map(localRouteOf),
      associations: [],
    };
    ec2.records.routeTables.put(context, table);
    const tags = tagAtCreation(ec2, context, ROUTE_TABLE, table.routeTableId, input.TagSpecifications);
    return { RouteTable: viewRouteTable(table, context, () => true, tags) };
  });

/** Throws DependencyViolation for a main or associated table. */
export const DeleteRouteTable: Operation<'DeleteRouteTable'> = (ec2, input, context) => {
  ec2.store.transaction(() => {
    const table = ec2.records.routeTables.existing(context, input.RouteTableId);
    if (table.associations.length > 0) throw hasDependencies('routeTable', table.routeTableId);
    for (const endpoint of ec2.records.vpcEndpoints.by(context, 'routeTable', table.routeTableId)) {
      const routeTableIds = endpoint.routeTableIds.filter((id) => id !== table.routeTableId);
      ec2.records.vpcEndpoints.put(context, { ...endpoint, routeTableIds });
    }
    ec2.records.routeTables.remove(context, table.routeTableId);
  });
  return {};
};
