// CreateRoute, ReplaceRoute and DeleteRoute: where a route table sends what is bound for a block of addresses.

import type { Scope } from '../../../aws/scope.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import { contains, parseCidr, renderCidr } from '../cidr.ts';
import { missingParameter, notFound } from '../faults.ts';
import type { Inventory } from '../inventory.ts';
import { LIMITS } from '../limits.ts';
import {
  differentNetworks,
  limitExceeded,
  localRoute,
  malformedCidr,
  noSuchRoute,
  oneTargetOnly,
  routeExists,
  routeInsideVpc,
  unsupported,
} from '../network-faults.ts';
import { interfaceAsked } from '../network-interfaces.ts';
import type { RouteRecord, RouteTableRecord } from '../records.ts';
import type { Ec2 } from '../service.ts';
import { cidrBlocksOf } from '../vpc-cidrs.ts';

export function createRoute(inventory: Inventory): HandlerOf<Ec2, 'CreateRoute'> {
  return (input, context) => {
    inventory.transaction(() => {
      const table = inventory.routeTables.existing(context, input.RouteTableId);
      const route = routeOf(inventory, context, table, input);
      if (table.routes.some((one) => one.destination === route.destination))
        throw routeExists(route.destination);
      if (table.routes.length >= LIMITS.routesPerTable) throw limitExceeded('RouteLimitExceeded', 'routes');
      inventory.routeTables.put(context, { ...table, routes: [...table.routes, route] });
    });
    return { Return: true };
  };
}

export function replaceRoute(inventory: Inventory): HandlerOf<Ec2, 'ReplaceRoute'> {
  return (input, context) => {
    if (input.LocalTarget) throw unsupported('routes that are reset to their local target');
    inventory.transaction(() => {
      const table = inventory.routeTables.existing(context, input.RouteTableId);
      const route = routeOf(inventory, context, table, input);
      const at = existingRoute(table, route.destination);
      inventory.routeTables.put(context, { ...table, routes: table.routes.with(at, route) });
    });
    return {};
  };
}

export function deleteRoute(inventory: Inventory): HandlerOf<Ec2, 'DeleteRoute'> {
  return (input, context) => {
    inventory.transaction(() => {
      const table = inventory.routeTables.existing(context, input.RouteTableId);
      const destination = destinationOf(input);
      const at = existingRoute(table, destination);
      if (table.routes[at]!.gatewayId === 'local') throw localRoute(destination, table.routeTableId);
      inventory.routeTables.put(context, { ...table, routes: table.routes.toSpliced(at, 1) });
    });
    return {};
  };
}

function existingRoute(table: RouteTableRecord, destination: string): number {
  const at = table.routes.findIndex((route) => route.destination === destination);
  if (at < 0) throw noSuchRoute(destination, table.routeTableId);
  return at;
}

interface Destination {
  DestinationCidrBlock?: string | undefined;
  DestinationIpv6CidrBlock?: string | undefined;
  DestinationPrefixListId?: string | undefined;
}

interface Target extends Destination {
  GatewayId?: string | undefined;
  NatGatewayId?: string | undefined;
  InstanceId?: string | undefined;
  NetworkInterfaceId?: string | undefined;
}

function destinationOf(input: Destination): string {
  if (input.DestinationIpv6CidrBlock) throw unsupported('routes of IPv6');
  if (input.DestinationPrefixListId)
    throw unsupported('routes to prefix lists other than those of endpoints');
  const text = input.DestinationCidrBlock;
  if (!text) throw missingParameter('destinationCidrBlock');
  const cidr = parseCidr(text);
  if (!cidr) throw malformedCidr(text, 'destinationCidrBlock');
  return renderCidr(cidr);
}

const OTHER_TARGETS = [
  'CarrierGatewayId',
  'CoreNetworkArn',
  'EgressOnlyInternetGatewayId',
  'LocalGatewayId',
  'OdbNetworkArn',
  'TransitGatewayId',
  'VpcEndpointId',
  'VpcPeeringConnectionId',
];

function routeOf(inventory: Inventory, scope: Scope, table: RouteTableRecord, input: Target): RouteRecord {
  const other = OTHER_TARGETS.find((name) => name in input);
  if (other) throw unsupported(`routes with ${other}`);
  const destination = destinationOf(input);
  const targets = [input.GatewayId, input.NatGatewayId, input.InstanceId, input.NetworkInterfaceId];
  if (targets.filter(Boolean).length !== 1) throw oneTargetOnly();
  const target = targetOf(inventory, scope, table, input);
  const vpc = inventory.vpcs.existing(scope, table.vpcId);
  const isInside = cidrBlocksOf(vpc).some((block) => contains(parseCidr(block)!, parseCidr(destination)!));
  if (isInside && !target.networkInterfaceId) throw routeInsideVpc(destination);
  return { destination, ...target, origin: 'CreateRoute' };
}

type TargetRecord = Omit<RouteRecord, 'destination' | 'origin'>;

/** Throws when it does not exist or lies in another network. */
function targetOf(inventory: Inventory, scope: Scope, table: RouteTableRecord, input: Target): TargetRecord {
  const { GatewayId, NatGatewayId } = input;
  const routeTable = `route table ${table.routeTableId}`;
  if (GatewayId) {
    const gateway = inventory.internetGateways.existing(scope, GatewayId);
    if (!gateway.attachedTo.includes(table.vpcId)) {
      throw differentNetworks(routeTable, `network gateway ${GatewayId}`);
    }
    return { gatewayId: GatewayId };
  }
  if (NatGatewayId) {
    const nat = inventory.natGateways.existing(scope, NatGatewayId);
    if (nat.deletedAt) throw notFound(inventory.natGateways.kind, [NatGatewayId]);
    if (nat.vpcId !== table.vpcId) throw differentNetworks(routeTable, `NAT gateway ${NatGatewayId}`);
    return { natGatewayId: NatGatewayId };
  }
  const face = interfaceAsked(inventory, scope, input);
  if (face.vpcId !== table.vpcId) throw differentNetworks(routeTable, `interface ${face.interfaceId}`);
  return {
    ...(face.instanceId !== undefined && { instanceId: face.instanceId }),
    networkInterfaceId: face.interfaceId,
  };
}
