// DescribeRouteTables: route tables with their routes and associations.

import type { RouteTable } from '@aws-sdk/client-ec2';
import type { Scope } from '../../../aws/scope.ts';
import { listTags } from '../../../aws/tags.ts';
import type { Ec2 } from '../context.ts';
import { type Describable, inTurns, recordsOf, select, selectionOf } from '../describe.ts';
import { remembering } from '../instances.ts';
import { tagReader } from '../inventory.ts';
import type { NatGatewayRecord, RouteRecord, RouteTableRecord } from '../model.ts';
import { countInterfaces } from '../network-interfaces.ts';
import { isPrefixListId } from '../prefix-lists.ts';
import { ROUTE_TABLE } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';

/** The state of each route follows from whether its target exists. */
export const DescribeRouteTables: Operation<'DescribeRouteTables'> = async (ec2, input, context) => {
  const tagsOf = tagReader(ec2, context);
  const isActive = activeTargets(ec2, context);
  const { items, nextToken } = await select(
    recordsOf(ec2.records.routeTables, context, { indexes: BY_INDEX, batch: BATCH }),
    describableRouteTables(context.accountId, isActive),
    selectionOf(input, input.RouteTableIds),
    tagsOf,
  );
  return {
    RouteTables: await inTurns(items, (table) =>
      viewRouteTable(table, context, isActive, tagsOf(table.routeTableId)),
    ),
    NextToken: nextToken,
  };
};

/** Whether the target of a route exists. */
export type IsActive = (table: RouteTableRecord, route: RouteRecord) => boolean;

/** AWS's view of a route table. */
export const viewRouteTable = (
  table: RouteTableRecord,
  scope: Scope,
  isActive: IsActive,
  tags: Record<string, string>,
): RouteTable => ({
  RouteTableId: table.routeTableId,
  VpcId: table.vpcId,
  OwnerId: scope.accountId,
  Routes: table.routes.map((route) => ({
    ...(isPrefixListId(route.destination)
      ? { DestinationPrefixListId: route.destination }
      : { DestinationCidrBlock: route.destination }),
    GatewayId: route.gatewayId,
    NatGatewayId: route.natGatewayId,
    InstanceId: route.instanceId,
    InstanceOwnerId: route.instanceId && scope.accountId,
    NetworkInterfaceId: route.networkInterfaceId,
    Origin: route.origin,
    State: stateOf(isActive(table, route)),
  })),
  Associations: table.associations.map((association) => ({
    RouteTableAssociationId: association.associationId,
    RouteTableId: table.routeTableId,
    SubnetId: association.subnetId,
    Main: association.subnetId === undefined,
    AssociationState: { State: 'associated' },
  })),
  PropagatingVgws: [],
  Tags: listTags(tags),
});

const stateOf = (isActive: boolean) => (isActive ? 'active' : 'blackhole');

/** AWS: a route whose target no longer exists stays, with the state `blackhole`. */
function activeTargets(ec2: Ec2, scope: Scope): IsActive {
  const isThere = remembering((target) => {
    switch (target.split('-')[0]) {
      case 'eni':
        return countInterfaces(ec2.records, scope, 'interface', target) > 0;
      case 'vpce':
        return ec2.records.vpcEndpoints.find(scope, target) !== undefined;
      case 'nat':
        return isAvailable(ec2.records.natGateways.find(scope, target));
      default:
        return false;
    }
  });
  const networksOf = remembering((id) => ec2.records.internetGateways.find(scope, id)?.attachedTo ?? []);
  return (table, route) => {
    const target = route.natGatewayId ?? route.networkInterfaceId ?? route.gatewayId ?? '';
    return target === 'local' || isThere(target) || networksOf(target).includes(table.vpcId);
  };
}

const isAvailable = (gateway: NatGatewayRecord | undefined) =>
  gateway !== undefined && gateway.deletedAt === undefined;

const BY_INDEX = {
  'association.route-table-association-id': 'association',
  'association.subnet-id': 'subnet',
  'vpc-id': 'vpc',
};

/** Small, since a table may have 50 routes and 200 associations. */
const BATCH = 25;

const describableRouteTables = (accountId: string, isActive: IsActive): Describable<RouteTableRecord> => ({
  kind: ROUTE_TABLE,
  idParameter: 'RouteTableIds',
  idOf: (table) => table.routeTableId,
  page: 100,
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
    'route.destination-cidr-block': (table) =>
      table.routes.map((route) => route.destination).filter((one) => !isPrefixListId(one)),
    'route.destination-ipv6-cidr-block': () => undefined,
    'route.destination-prefix-list-id': (table) =>
      table.routes.map((route) => route.destination).filter(isPrefixListId),
    'route.egress-only-internet-gateway-id': () => undefined,
    'route.gateway-id': (table) => table.routes.map((route) => route.gatewayId),
    'route.instance-id': (table) => table.routes.map((route) => route.instanceId),
    'route.nat-gateway-id': (table) => table.routes.map((route) => route.natGatewayId),
    'route.origin': (table) => table.routes.map((route) => route.origin),
    'route.state': (table) => table.routes.map((route) => stateOf(isActive(table, route))),
    'route.transit-gateway-id': () => undefined,
    'route.vpc-peering-connection-id': () => undefined,
    'vpc-id': (table) => table.vpcId,
  },
});
