// The resource types AWS::EC2::RouteTable, Route and SubnetRouteTableAssociation.

import { createOnce, unless } from '../../../control/resource-attempts.ts';
import { requiredText, textOf } from '../../../control/resource-properties.ts';
import type { Properties, ResourceState, ResourceType } from '../../../control/resource-type.ts';
import { type Ec2Client, NOT_FOUND, retag, tagSpecifications, withToken } from './tokens-and-tags.ts';

/** Its physical id is the table's id. */
export const routeTableType = (ec2: Ec2Client): ResourceType => ({
  name: 'AWS::EC2::RouteTable',
  async create(request) {
    const VpcId = requiredText(request.properties, 'VpcId');
    const { RouteTable } = await ec2.call(
      'CreateRouteTable',
      withToken(request, { VpcId, ...tagSpecifications(request, 'route-table') }),
      request.scope,
    );
    return identified(RouteTable!.RouteTableId!, 'RouteTableId');
  },
  async update(request) {
    await retag(ec2, request, request.physicalId);
    return identified(request.physicalId, 'RouteTableId');
  },
  async delete({ physicalId, scope }) {
    await unless(NOT_FOUND, ec2.call('DeleteRouteTable', { RouteTableId: physicalId }, scope));
  },
});

const TARGETS = [
  'CarrierGatewayId',
  'CoreNetworkArn',
  'EgressOnlyInternetGatewayId',
  'GatewayId',
  'InstanceId',
  'LocalGatewayId',
  'NatGatewayId',
  'NetworkInterfaceId',
  'TransitGatewayId',
  'VpcEndpointId',
  'VpcPeeringConnectionId',
];
const DESTINATIONS = ['DestinationCidrBlock', 'DestinationIpv6CidrBlock', 'DestinationPrefixListId'];

/** Absent members are left out, so that EC2 refuses unsupported targets by name. */
const members = (properties: Properties, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const text = textOf(properties, name);
      return text === undefined ? [] : [[name, text]];
    }),
  );

/** Its physical id is `TABLE|DESTINATION`. */
export const routeType = (ec2: Ec2Client): ResourceType => ({
  name: 'AWS::EC2::Route',
  async create({ properties, scope, isRetry }) {
    const input = routeInput(properties);
    await createOnce({ isRetry }, /^RouteAlreadyExists$/, ec2.call('CreateRoute', input, scope));
    return routeState(properties);
  },
  async update({ properties, scope }) {
    await ec2.call('ReplaceRoute', routeInput(properties), scope);
    return routeState(properties);
  },
  async delete({ properties, scope }) {
    const RouteTableId = requiredText(properties, 'RouteTableId');
    const input = { RouteTableId, ...members(properties, DESTINATIONS) };
    await unless(NOT_FOUND, ec2.call('DeleteRoute', input, scope));
  },
});

const routeInput = (properties: Properties) => ({
  RouteTableId: requiredText(properties, 'RouteTableId'),
  ...members(properties, [...TARGETS, ...DESTINATIONS]),
});

function routeState(properties: Properties): ResourceState {
  const [destination = ''] = Object.values(members(properties, DESTINATIONS));
  return {
    physicalId: `${requiredText(properties, 'RouteTableId')}|${destination}`,
    attributes: { CidrBlock: destination },
  };
}

/** Its physical id is the association's id. */
export const routeTableAssociationType = (ec2: Ec2Client): ResourceType => ({
  name: 'AWS::EC2::SubnetRouteTableAssociation',
  async create({ properties, scope }) {
    const RouteTableId = requiredText(properties, 'RouteTableId');
    const SubnetId = requiredText(properties, 'SubnetId');
    // Repeating an association returns the same id.
    const { AssociationId } = await ec2.call('AssociateRouteTable', { RouteTableId, SubnetId }, scope);
    return identified(AssociationId!, 'Id');
  },
  async delete({ physicalId, scope }) {
    await unless(NOT_FOUND, ec2.call('DisassociateRouteTable', { AssociationId: physicalId }, scope));
  },
});

/** A resource whose only attribute is its physical id. */
export const identified = (physicalId: string, attribute: string): ResourceState => ({
  physicalId,
  attributes: { [attribute]: physicalId },
});
