// DeleteSubnet, if nothing has an address there, cache nodes included; ModifySubnetAttribute.

import { Fault } from '../../../wire/fault.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import type { Inventory } from '../inventory.ts';
import { hasDependencies, unsupported } from '../network-faults.ts';
import { countInterfaces } from '../network-interfaces.ts';
import type { NodePlaces } from '../node-places.ts';
import type { Ec2 } from '../service.ts';

export function deleteSubnet(inventory: Inventory, nodes: NodePlaces): HandlerOf<Ec2, 'DeleteSubnet'> {
  return async (input, context) => {
    const isUsedByNodes = (await nodes(context)).subnetIds.has(input.SubnetId);
    inventory.transaction(() => {
      const { subnetId } = inventory.subnets.existing(context, input.SubnetId);
      if (isUsedByNodes || countInterfaces(inventory, context, 'subnet', subnetId) > 0) {
        throw hasDependencies('subnet', subnetId);
      }
      const withoutIt = <A extends { subnetId?: string }>(associations: A[]) =>
        associations.filter((association) => association.subnetId !== subnetId);
      for (const table of inventory.routeTables.by(context, 'subnet', subnetId)) {
        inventory.routeTables.put(context, { ...table, associations: withoutIt(table.associations) });
      }
      for (const acl of inventory.networkAcls.by(context, 'subnet', subnetId)) {
        inventory.networkAcls.put(context, { ...acl, associations: withoutIt(acl.associations) });
      }
      inventory.subnets.remove(context, subnetId);
    });
    return {};
  };
}

/** What a subnet here has; all others of ModifySubnetAttribute are refused when they switch something on. */
const MODIFIABLE = new Set(['SubnetId', 'MapPublicIpOnLaunch', 'DryRun']);

export function modifySubnetAttribute(inventory: Inventory): HandlerOf<Ec2, 'ModifySubnetAttribute'> {
  return (input, context) => {
    for (const [name, value] of Object.entries(input)) {
      const isOff = typeof value === 'object' && value !== null && 'Value' in value && !value.Value;
      const isDefault = name === 'PrivateDnsHostnameTypeOnLaunch' && value === 'ip-name';
      if (!MODIFIABLE.has(name) && value !== undefined && !isOff && !isDefault) {
        throw unsupported(`the subnet attribute ${name}`);
      }
    }
    inventory.transaction(() => {
      const subnet = inventory.subnets.existing(context, input.SubnetId);
      const value = input.MapPublicIpOnLaunch?.Value;
      if (value !== undefined) inventory.subnets.put(context, { ...subnet, mapPublicIpOnLaunch: value });
      else if (Object.keys(input).length < 2) throw noAttribute();
    });
    return {};
  };
}

const noAttribute = (): Fault => new Fault('InvalidParameterCombination', 'No attributes specified.');
