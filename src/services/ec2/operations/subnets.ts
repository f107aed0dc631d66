// DeleteSubnet, if nothing has an address there; ModifySubnetAttribute.

import { Fault } from '../../../wire/fault.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import type { Inventory } from '../inventory.ts';
import { hasDependencies, unsupported } from '../network-faults.ts';
import { interfacesOf } from '../network-interfaces.ts';
import type { Ec2 } from '../service.ts';

export function deleteSubnet(inventory: Inventory): HandlerOf<Ec2, 'DeleteSubnet'> {
  return (input, context) => {
    inventory.transaction(() => {
      const { subnetId } = inventory.subnets.existing(context, input.SubnetId);
      if (interfacesOf(inventory, context).some((one) => one.subnetId === subnetId)) {
        throw hasDependencies('subnet', subnetId);
      }
      for (const table of inventory.routeTables.list(context)) {
        const left = table.associations.filter((association) => association.subnetId !== subnetId);
        if (left.length < table.associations.length) {
          inventory.routeTables.put(context, { ...table, associations: left });
        }
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
