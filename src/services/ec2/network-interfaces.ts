// The network interfaces of instances, NAT gateways and interface endpoints. They are not records: they are derived
// from their owners' records and found by the owners' indexes. service-interfaces.ts has those of other services.

import type { Scope } from '../../aws/scope.ts';
import { notFound } from './faults.ts';
import { placeOf } from './indexes.ts';
import type { InstanceRecord, NatGatewayRecord, VpcEndpointRecord } from './model.ts';
import type { Records } from './records.ts';
import { INSTANCE, NETWORK_INTERFACE } from './resource-kinds.ts';

/** A network interface. */
export interface InterfaceFacts {
  /** The id of its instance, NAT gateway or endpoint; for the interface of a service, a text that begins with `~`. */
  ownerId: string;
  interfaceId: string;
  subnetId: string;
  vpcId: string;
  privateIp: string;
  groupIds: string[];
  type: 'interface' | 'lambda' | 'nat_gateway' | 'vpc_endpoint';
  description: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  sourceDestCheck: boolean;
  publicIp?: string;
  instanceId?: string;
  attachmentId?: string;
  /** The service that the interface belongs to. */
  requesterId?: string;
}

/** The collections whose records have interfaces, and the addresses associated with them. */
type Owners = Pick<Records, 'instances' | 'natGateways' | 'vpcEndpoints' | 'addresses'>;

/** The indexes that all owners of interfaces have: see indexes.ts. */
type InterfaceIndex = 'interface' | 'subnet' | 'vpc' | 'group' | 'place';

/** The number of owners with such an interface. */
export const countInterfaces = (owners: Owners, scope: Scope, index: InterfaceIndex, key: string): number =>
  owners.instances.countBy(scope, index, key) +
  owners.natGateways.countBy(scope, index, key) +
  owners.vpcEndpoints.countBy(scope, index, key);

/**
 * The interfaces of the owners that the index finds. An endpoint contributes all its interfaces, in other subnets
 * too.
 */
export const interfacesBy = (
  owners: Owners,
  scope: Scope,
  index: InterfaceIndex,
  key: string,
): InterfaceFacts[] => [
  ...owners.instances.by(scope, index, key).flatMap((one) => ofInstance(owners, scope, one)),
  ...owners.natGateways.by(scope, index, key).flatMap((one) => ofNatGateway(owners, scope, one)),
  ...owners.vpcEndpoints.by(scope, index, key).flatMap(ofEndpoint),
];

/** The interface with this id, if there is one. */
export const interfaceWith = (owners: Owners, scope: Scope, interfaceId: string) =>
  interfacesBy(owners, scope, 'interface', interfaceId).find((one) => one.interfaceId === interfaceId);

/** The interface with the given id, or that of the given instance. Throws NotFound. */
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

/** Whether an interface has this private address. */
export const isTaken = (owners: Owners, scope: Scope, subnetId: string, privateIp: string): boolean =>
  countInterfaces(owners, scope, 'place', placeOf(subnetId, privateIp)) > 0;

/** No interface if the instance is terminated. */
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

/** No interface if the gateway is deleted. */
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

/** One interface in each subnet; none for a gateway endpoint. */
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

/** The elastic address, or else the interface's own public address. */
function publicIpOf({ addresses }: Owners, scope: Scope, interfaceId: string, own?: string) {
  const publicIp = addresses.by(scope, 'interface', interfaceId)[0]?.publicIp ?? own;
  return publicIp === undefined ? {} : { publicIp };
}
