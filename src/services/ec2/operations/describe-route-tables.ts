// Route tables with their routes and associations.

import type { Handler, Input, Output } from '../../../wire/service.ts';
import { type Describable, select, selectionOf } from '../describe.ts';
import type { Inventory } from '../inventory.ts';
import type { RouteTableRecord } from '../records.ts';
import { ROUTE_TABLE } from '../resource-kinds.ts';
import type { Ec2 } from '../service.ts';
import { renderTags } from '../tags.ts';

type DescribeRouteTables = Handler<Input<Ec2, 'DescribeRouteTables'>, Output<Ec2, 'DescribeRouteTables'>>;

export function describeRouteTables(inventory: Inventory): DescribeRouteTables {
  return (input, context) => {
    const tagsOf = inventory.tagLookup(context);
    const { items, nextToken } = select(
      inventory.routeTables(context),
      describableRouteTables(context.accountId),
      selectionOf(input, input.RouteTableIds),
      tagsOf,
    );
    return {
      RouteTables: items.map((table) => ({
        RouteTableId: table.routeTableId,
        VpcId: table.vpcId,
        OwnerId: context.accountId,
        Routes: table.routes.map((route) => ({
          DestinationCidrBlock: route.destination,
          GatewayId: route.gatewayId,
          Origin: route.origin,
          State: 'active',
        })),
        Associations: table.associations.map((association) => ({
          RouteTableAssociationId: association.associationId,
          RouteTableId: table.routeTableId,
          SubnetId: association.subnetId,
          Main: association.subnetId === undefined,
          AssociationState: { State: 'associated' },
        })),
        PropagatingVgws: [],
        Tags: renderTags(tagsOf(table.routeTableId)),
      })),
      NextToken: nextToken,
    };
  };
}

const describableRouteTables = (accountId: string): Describable<RouteTableRecord> => ({
  kind: ROUTE_TABLE,
  idParameter: 'RouteTableIds',
  idOf: (table) => table.routeTableId,
  maxPage: 100,
  filters: {
    'association.gateway-id': () => undefined,
    'association.main': (table) => table.associations.map(({ subnetId }) => subnetId === undefined),
    'association.route-table-association-id': (table) =>
      table.associations.map(({ associationId }) => associationId),
    'association.route-table-id': (table) => table.associations.map(() => table.routeTableId),
    'association.subnet-id': (table) => table.associations.map(({ subnetId }) => subnetId),
    'owner-id': () => accountId,
    'route-table-id': (table) => table.routeTableId,
    'route.carrier-gateway-id': () => undefined,
    'route.destination-cidr-block': (table) => table.routes.map((route) => route.destination),
    'route.destination-ipv6-cidr-block': () => undefined,
    'route.destination-prefix-list-id': () => undefined,
    'route.egress-only-internet-gateway-id': () => undefined,
    'route.gateway-id': (table) => table.routes.map((route) => route.gatewayId),
    'route.instance-id': () => undefined,
    'route.nat-gateway-id': () => undefined,
    'route.origin': (table) => table.routes.map((route) => route.origin),
    'route.state': (table) => table.routes.map(() => 'active'),
    'route.transit-gateway-id': () => undefined,
    'route.vpc-peering-connection-id': () => undefined,
    'vpc-id': (table) => table.vpcId,
  },
});
