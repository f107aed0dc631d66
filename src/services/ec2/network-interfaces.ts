// The network interfaces that instances, NAT gateways and interface endpoints bring along. None is kept as a record of
// its own: they are read off their owners', found by the owners' indexes.

import type { Scope } from '../../aws/scope.ts';
import { notFound } from './faults.ts';
import { placeOf } from './indexes.ts';
import type { InstanceRecord, NatGatewayRecord, VpcEndpointRecord } from './model.ts';
import type { Records } from './records.ts';
import { INSTANCE, NETWORK_INTERFACE } from './resource-kinds.ts';

export interface InterfaceFacts {
  /** The instance, NAT gateway or endpoint that it belongs to. */
  ownerId: string;
  interfaceId: string;
  subnetId: string;
  vpcId: string;
  privateIp: string;
  groupIds: string[];
  type: 'interface' | 'nat_gateway' | 'vpc_endpoint';
  description: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  sourceDestCheck: boolean;
  publicIp?: string;
  instanceId?: string;
  attachmentId?: string;
}

type Owners = Pick<Records, 'instances' | 'natGateways' | 'vpcEndpoints' | 'addresses'>;

/** The indexes that all owners of interfaces have (indexes.ts). */
type Way = 'interface' | 'subnet' | 'vpc' | 'group' | 'place';

/** How many owners have an interface there. */
export const countInterfaces = (owners: Owners, scope: Scope, way: Way, key: string): number =>
  owners.instances.countBy(scope, way, key) +
  owners.natGateways.countBy(scope, way, key) +
  owners.vpcEndpoints.countBy(scope, way, key);

/** Those of the owners that the index gives: of an endpoint all, wherever they are. */
export const interfacesBy = (owners: Owners, scope: Scope, way: Way, key: string): InterfaceFacts[] => [
  ...owners.instances.by(scope, way, key).flatMap((one) => ofInstance(owners, scope, one)),
  ...owners.natGateways.by(scope, way, key).flatMap((one) => ofNatGateway(owners, scope, one)),
  ...owners.vpcEndpoints.by(scope, way, key).flatMap(ofEndpoint),
];

export const interfaceWith = (owners: Owners, scope: Scope, interfaceId: string) =>
  interfacesBy(owners, scope, 'interface', interfaceId).find((one) => one.interfaceId === interfaceId);

/** The interface itself, or that of the instance. Throws NotFound for either. */
export function interfaceAsked(
  owners: Owners,
  scope: Scope,
  { InstanceId, NetworkInterfaceId = '' }: { InstanceId?: string; NetworkInterfaceId?: string },
): InterfaceFacts {
  if (InstanceId) {
    const [found] = ofInstance(owners, scope, owners.instances.existing(scope, InstanceId));
    if (!found) throw notFound(INSTANCE, [InstanceId]);
    return found;
  }
  const found = interfaceWith(owners, scope, NetworkInterfaceId);
  if (!found) throw notFound(NETWORK_INTERFACE, [NetworkInterfaceId]);
  return found;
}

export const isTaken = (owners: Owners, scope: Scope, subnetId: string, privateIp: string): boolean =>
  countInterfaces(owners, scope, 'place', placeOf(subnetId, privateIp)) > 0;

export function ofInstance(owners: Owners, scope: Scope, instance: InstanceRecord): InterfaceFacts[] {
  if (instance.state === 'terminated') return [];
  return [
    {
      ...placeAt(instance.instanceId, instance),
      groupIds: instance.groupIds,
      type: 'interface',
      description: '',
      createdAt: instance.launchedAt,
      sourceDestCheck: instance.sourceDestCheck,
      instanceId: instance.instanceId,
      attachmentId: instance.attachmentId,
      ...publicIpOf(owners, scope, instance.interfaceId, instance.publicIp),
    },
  ];
}

export function ofNatGateway(owners: Owners, scope: Scope, gateway: NatGatewayRecord): InterfaceFacts[] {
  if (gateway.deletedAt !== undefined) return [];
  return [
    {
      ...placeAt(gateway.natGatewayId, gateway),
      groupIds: [],
      type: 'nat_gateway',
      description: `Interface for NAT Gateway ${gateway.natGatewayId}`,
      createdAt: gateway.createdAt,
      sourceDestCheck: false,
      ...publicIpOf(owners, scope, gateway.interfaceId),
    },
  ];
}

export const ofEndpoint = (endpoint: VpcEndpointRecord): InterfaceFacts[] =>
  endpoint.subnets.map((place) => ({
    ...placeAt(endpoint.vpcEndpointId, { ...place, vpcId: endpoint.vpcId }),
    groupIds: endpoint.groupIds,
    type: 'vpc_endpoint',
    description: `VPC Endpoint Interface ${endpoint.vpcEndpointId}`,
    createdAt: endpoint.createdAt,
    sourceDestCheck: true,
  }));

const placeAt = (
  ownerId: string,
  one: Pick<InterfaceFacts, 'interfaceId' | 'subnetId' | 'vpcId' | 'privateIp'>,
) => ({
  ownerId,
  interfaceId: one.interfaceId,
  subnetId: one.subnetId,
  vpcId: one.vpcId,
  privateIp: one.privateIp,
});

/** An elastic address, or else the one that it came with. */
function publicIpOf({ addresses }: Owners, scope: Scope, interfaceId: string, own?: string) {
  const publicIp = addresses.by(scope, 'interface', interfaceId)[0]?.publicIp ?? own;
  return publicIp === undefined ? {} : { publicIp };
}
