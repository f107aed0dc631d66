// Decides which machines reach the outside: by the route table of their subnet, as on AWS. Pure.

import type { OpenInterface } from '../../network.ts';
import type { Routes, RouteTable } from '../../routes.ts';

const EVERYWHERE = '0.0.0.0/0';

/** Whether packets of this interface may leave. `routes` is absent where nobody knows them: then all may. */
export function mayLeave(
  { subnet, hasPublicAddress = false }: Pick<OpenInterface, 'subnet' | 'hasPublicAddress'>,
  routes: Routes | undefined,
): boolean {
  // AWS: functions without a VpcConfig run in a network of Lambda's, which has a way out.
  if (!subnet || !routes) return true;
  if (isPublic(routes, subnet)) return hasPublicAddress;
  const natGatewayId = defaultRouteOf(routes, subnet)?.natGatewayId;
  const nat = routes.natGateways.find((one) => one.id === natGatewayId);
  return Boolean(nat?.isPublic && isPublic(routes, { id: nat.subnetId, vpcId: nat.vpcId }));
}

/** AWS: a subnet is public when its table has a default route to the VPC's internet gateway. */
function isPublic(routes: Routes, subnet: { id: string; vpcId: string }): boolean {
  const gatewayId = defaultRouteOf(routes, subnet)?.gatewayId;
  const gateway = routes.internetGateways.find((one) => one.id === gatewayId);
  return gateway?.vpcIds.includes(subnet.vpcId) ?? false;
}

/** By the table that is associated with the subnet, else by the main table of its VPC. */
function defaultRouteOf(
  { tables }: Routes,
  subnet: { id: string; vpcId: string },
): RouteTable['routes'][number] | undefined {
  const table =
    tables.find(({ subnetIds }) => subnetIds.includes(subnet.id)) ??
    tables.find(({ vpcId, isMain }) => isMain && vpcId === subnet.vpcId);
  return table?.routes.find(({ destination }) => destination === EVERYWHERE);
}
