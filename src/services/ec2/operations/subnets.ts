// Subnets: delete, and modify their attributes.

import { Fault } from '../../../wire/fault.ts';
import { hasDependencies, unsupported } from '../network-faults.ts';
import { countInterfaces } from '../network-interfaces.ts';
import type { Operation } from '../sdk.ts';
import { serviceInterfacesIn } from '../service-interfaces.ts';

/** Throws DependencyViolation while an interface has an address in the subnet: of a cache node or function, too. */
export const DeleteSubnet: Operation<'DeleteSubnet'> = async (ec2, input, context) => {
  const ofServices = await serviceInterfacesIn(ec2, context);
  ec2.store.transaction(() => {
    const { subnetId } = ec2.records.subnets.existing(context, input.SubnetId);
    const isUsed =
      ofServices.some((one) => one.subnetId === subnetId) ||
      countInterfaces(ec2.records, context, 'subnet', subnetId) > 0;
    if (isUsed) {
      throw hasDependencies('subnet', subnetId);
    }
    const withoutIt = <A extends { subnetId?: string }>(associations: A[]) =>
      associations.filter((association) => association.subnetId !== subnetId);
    for (const table of ec2.records.routeTables.by(context, 'subnet', subnetId)) {
      ec2.records.routeTables.put(context, { ...table, associations: withoutIt(table.associations) });
    }
    for (const acl of ec2.records.networkAcls.by(context, 'subnet', subnetId)) {
      ec2.records.networkAcls.put(context, { ...acl, associations: withoutIt(acl.associations) });
    }
    ec2.records.subnets.remove(context, subnetId);
  });
  return {};
};

/** Other attributes are refused if the request enables them. */
const MODIFIABLE = new Set(['SubnetId', 'MapPublicIpOnLaunch', 'DryRun']);

/** Throws UnsupportedOperation for an attribute that subnets do not have here. */
export const ModifySubnetAttribute: Operation<'ModifySubnetAttribute'> = (ec2, input, context) => {
  for (const [name, value] of Object.entries(input)) {
    const isOff = typeof value === 'object' && value !== null && 'Value' in value && !value.Value;
    const isDefault = name === 'PrivateDnsHostnameTypeOnLaunch' && value === 'ip-name';
    if (!MODIFIABLE.has(name) && value !== undefined && !isOff && !isDefault) {
      throw unsupported(`the subnet attribute ${name}`);
    }
  }
  ec2.store.transaction(() => {
    const subnet = ec2.records.subnets.existing(context, input.SubnetId);
    const value = input.MapPublicIpOnLaunch?.Value;
    if (value !== undefined) ec2.records.subnets.put(context, { ...subnet, mapPublicIpOnLaunch: value });
    else if (Object.keys(input).length < 2) throw noAttribute();
  });
  return {};
};

const noAttribute = (): Fault => new Fault('InvalidParameterCombination', 'No attributes specified.');
