// The network interfaces of other services, in the form of EC2's own. EC2 has no records of them.

import type { Scope } from '../../aws/scope.ts';
import { interfaceIdOf, type ServiceInterface } from '../../aws/service-interface.ts';
import { derivedHex } from '../../kernel/ids.ts';
import { parseCidr, renderAddress, sizeOf } from './cidr.ts';
import type { Ec2 } from './context.ts';
import { nameInVpc } from './indexes.ts';
import { remembering } from './instances.ts';
import type { SubnetRecord } from './model.ts';
import { type InterfaceFacts, interfaceWith, isTaken } from './network-interfaces.ts';
import { NETWORK_INTERFACE } from './resource-kinds.ts';
import { absent } from './resources.ts';

/** The interfaces in subnets that exist, sorted by owner. */
export async function serviceInterfacesIn(ec2: Ec2, scope: Scope): Promise<InterfaceFacts[]> {
  const { subnets, securityGroups } = ec2.records;
  const found = await ec2.serviceInterfaces(scope);
  const subnetOf = remembering((id) => subnets.find(scope, id));
  const defaultGroupOf = remembering(
    (vpcId) => securityGroups.by(scope, 'name', nameInVpc(vpcId, 'default'))[0]?.groupId,
  );
  const used = new Set(found.map(({ privateIp }) => privateIp));
  const facts = found.flatMap((one): InterfaceFacts[] => {
    const subnet = subnetOf(one.subnetId);
    if (!subnet) return [];
    const { subnetId, vpcId } = subnet;
    const privateIp = one.privateIp ?? freeAddress(ec2, scope, subnet, one, used);
    used.add(privateIp);
    return [
      {
        // Sorts after the ids of all other owners.
        ownerId: `~${one.key.replaceAll(' ', '/')}`,
        interfaceId: interfaceIdOf(scope, one.key),
        ...{ subnetId, vpcId, privateIp },
        groupIds: one.groupIds.length > 0 ? [...one.groupIds] : [defaultGroupOf(vpcId) ?? ''],
        type: one.type,
        description: one.description,
        requesterId: one.requesterId,
        createdAt: one.createdAt,
        sourceDestCheck: true,
      },
    ];
  });
  return facts.sort((a, b) => (a.ownerId < b.ownerId ? -1 : 1));
}

/** The interface with this id, whoever has it. Rejects with Malformed or NotFound. */
export async function existingInterface(ec2: Ec2, scope: Scope, id: string): Promise<InterfaceFacts> {
  const found =
    interfaceWith(ec2.records, scope, id) ??
    (await serviceInterfacesIn(ec2, scope)).find((one) => one.interfaceId === id);
  if (!found) throw absent(NETWORK_INTERFACE, id);
  return found;
}

/** AWS: the first four addresses of a subnet and the last one are reserved. */
const RESERVED = { first: 4, last: 1 };

/** The same one at each call, unless something else has it meanwhile. */
function freeAddress(
  ec2: Ec2,
  scope: Scope,
  { subnetId, cidrBlock }: SubnetRecord,
  { key }: ServiceInterface,
  used: ReadonlySet<string | undefined>,
): string {
  const cidr = parseCidr(cidrBlock)!;
  const count = Math.max(1, sizeOf(cidr) - RESERVED.first - RESERVED.last);
  const start = Number.parseInt(derivedHex(8, key), 16);
  for (let tried = 0; tried < count; tried++) {
    const address = renderAddress(cidr.first + RESERVED.first + ((start + tried) % count));
    if (!used.has(address) && !isTaken(ec2.records, scope, subnetId, address)) return address;
  }
  return renderAddress(cidr.first + RESERVED.first);
}
