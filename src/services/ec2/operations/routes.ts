// Routes: create, replace, delete. A route says where a table sends packets for a block of addresses.

import type { Scope } from '../../../aws/scope.ts';
import { contains, parseCidr, renderCidr } from '../cidr.ts';
import type { Ec2 } from '../context.ts';
import { missingParameter, notFound } from '../faults.ts';
import { LIMITS } from '../limits.ts';
import type { RouteRecord, RouteTableRecord } from '../model.ts';
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
import type { Operation } from '../sdk.ts';
import { cidrBlocksOf } from '../vpc-cidrs.ts';

/** Throws RouteAlreadyExists. */
export const CreateRoute: Operation<'CreateRoute'> = (ec2, input, context) => {
  ec2.store.transaction(() => {
    const table = ec2.records.routeTables.existing(context, input.RouteTableId);
    const route = routeOf(ec2, context, table, input);
    if (table.routes.some((one) => one.destination === route.destination))
      throw routeExists(route.destination);
    if (table.routes.length >= LIMITS.routesPerTable) throw limitExceeded('RouteLimitExceeded', 'routes');
    ec2.records.routeTables.put(context, { ...table, routes: [...table.routes, route] });
  });
  return { Return: true };
};

/** Throws InvalidRoute.NotFound. */
export const ReplaceRoute: Operation<'ReplaceRoute'> = (ec2, input, context) => {
  if (input.LocalTarget) throw unsupported('routes that are reset to their local target');
  ec2.store.transaction(() => {
    const table = ec2.records.routeTables.existing(context, input.RouteTableId);
    const route = routeOf(ec2, context, table, input);
    const at = existingRoute(table, route.destination);
    ec2.records.routeTables.put(context, { ...table, routes: table.routes.with(at, route) });
  });
  return {};
};

/** Throws InvalidRoute.NotFound, and InvalidParameterValue for a local route. */
export const DeleteRoute: Operation<'DeleteRoute'> = (ec2, input, context) => {
  ec2.store.transaction(() => {
    const table = ec2.records.routeTables.existing(context, input.RouteTableId);
    const destination = destinationOf(input);
    const at = existingRoute(table, destination);
    if (table.routes[at]!.gatewayId === 'local') throw localRoute(destination, table.routeTableId);
    ec2.records.routeTables.put(context, { ...table, routes: table.routes.toSpliced(at, 1) });
  });
  return {};
};

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

function routeOf(ec2: Ec2, scope: Scope, table: RouteTableRecord, input: Target): RouteRecord {
  const other = OTHER_TARGETS.find((name) => name in input);
  if (other) throw unsupported(`routes with ${other}`);
  const destination = destinationOf(input);
  const targets = [input.GatewayId, input.NatGatewayId, input.InstanceId, input.NetworkInterfaceId];
  if (targets.filter(Boolean).length !== 1) throw oneTargetOnly();
  const target = targetOf(ec2, scope, table, input);
  const vpc = ec2.records.vpcs.existing(scope, table.vpcId);
  const isInside = cidrBlocksOf(vpc).some((block) => contains(parseCidr(block)!, parseCidr(destination)!));
  if (isInside && !target.networkInterfaceId) throw routeInsideVpc(destination);
  return { destination, ...target, origin: 'CreateRoute' };
}

type TargetRecord = Omit<RouteRecord, 'destination' | 'origin'>;

/** Throws NotFound, or InvalidParameterValue for a target in another VPC. */
function targetOf(ec2: Ec2, scope: Scope, table: RouteTableRecord, input: Target): TargetRecord {
  const { GatewayId, NatGatewayId } = input;
  const routeTable = `route table ${table.routeTableId}`;
  if (GatewayId) {
    const gateway = ec2.records.internetGateways.existing(scope, GatewayId);
    if (!gateway.attachedTo.includes(table.vpcId)) {
      throw differentNetworks(routeTable, `network gateway ${GatewayId}`);
    }
    return { gatewayId: GatewayId };
  }
  if (NatGatewayId) {
    const nat = ec2.records.natGateways.existing(scope, NatGatewayId);
    if (nat.deletedAt) throw notFound(ec2.records.natGateways.kind, [NatGatewayId]);
    if (nat.vpcId !== table.vpcId) throw differentNetworks(routeTable, `NAT gateway ${NatGatewayId}`);
    return { natGatewayId: NatGatewayId };
  }
  const face = interfaceAsked(ec2.records, scope, input);
  if (face.vpcId !== table.vpcId) throw differentNetworks(routeTable, `interface ${face.interfaceId}`);
  return {
    ...(face.instanceId !== undefined && { instanceId: face.instanceId }),
    networkInterfaceId: face.interfaceId,
  };
}
