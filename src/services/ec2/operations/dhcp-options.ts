// Sets of DHCP options: create, delete, and associate with a VPC. No DHCP server uses them.

import type { Scope } from '../../../aws/scope.ts';
import { Fault } from '../../../wire/fault.ts';
import type { Ec2 } from '../context.ts';
import { defaultNetworkOf } from '../default-network.ts';
import { missingParameter } from '../faults.ts';
import { LIMITS } from '../limits.ts';
import type { DhcpOptionsRecord } from '../model.ts';
import { hasDependencies, limitExceeded } from '../network-faults.ts';
import { DHCP_OPTIONS, newId } from '../resource-kinds.ts';
import type { Input, Operation } from '../sdk.ts';
import { tagAtCreation } from '../tag-at-creation.ts';
import { viewDhcpOptions } from './describe-dhcp-options.ts';

/** Throws InvalidParameterValue for an unknown option or too many values. */
export const CreateDhcpOptions: Operation<'CreateDhcpOptions'> = (ec2, input, context) => {
  const options = optionsOf(input.DhcpConfigurations);
  return ec2.store.transaction(() => {
    if (ec2.records.dhcpOptions.count(context) >= LIMITS.dhcpOptions) {
      throw limitExceeded('DhcpOptionsLimitExceeded', 'DHCP options sets');
    }
    const set = { dhcpOptionsId: newId(DHCP_OPTIONS), options };
    ec2.records.dhcpOptions.put(context, set);
    const id = set.dhcpOptionsId;
    const tags = tagAtCreation(ec2, context, DHCP_OPTIONS, id, input.TagSpecifications);
    return { DhcpOptions: viewDhcpOptions(set, context, tags) };
  });
};

/** Throws DependencyViolation while a VPC uses the set. */
export const DeleteDhcpOptions: Operation<'DeleteDhcpOptions'> = (ec2, input, context) => {
  ec2.store.transaction(() => {
    const { dhcpOptionsId } = ec2.records.dhcpOptions.existing(context, input.DhcpOptionsId);
    if (ec2.records.vpcs.countBy(context, 'dhcpOptions', dhcpOptionsId) > 0) {
      throw hasDependencies('dhcpOptions', dhcpOptionsId);
    }
    ec2.records.dhcpOptions.remove(context, dhcpOptionsId);
  });
  return {};
};

/** AWS: the id `default` means no options, and is what a VPC without options shows. */
export const AssociateDhcpOptions: Operation<'AssociateDhcpOptions'> = (ec2, input, context) => {
  ec2.store.transaction(() => {
    const asked = input.DhcpOptionsId;
    const dhcpOptionsId =
      asked === 'default' ? asked : ec2.records.dhcpOptions.existing(context, asked).dhcpOptionsId;
    ec2.records.vpcs.change(context, input.VpcId, (vpc) => ({ ...vpc, dhcpOptionsId }));
  });
  return {};
};

/** The id of the region's default set, which new VPCs get; `default` if it was deleted. */
export function regionsDhcpOptions(ec2: Ec2, scope: Scope): string {
  const { dhcpOptionsId } = defaultNetworkOf(scope).dhcpOptions;
  return ec2.records.dhcpOptions.find(scope, dhcpOptionsId) ? dhcpOptionsId : 'default';
}

/** Option -> the maximum number of its values. */
const KEYS = new Map([
  ['domain-name', 1],
  ['domain-name-servers', 4],
  ['ipv6-address-preferred-lease-time', 1],
  ['netbios-name-servers', 4],
  ['netbios-node-type', 1],
  ['ntp-servers', 4],
]);
const NODE_TYPES = ['1', '2', '4', '8'];
const LONGEST_VALUE = 1_024;

function optionsOf(given: Input<'CreateDhcpOptions'>['DhcpConfigurations']): DhcpOptionsRecord['options'] {
  if (!given?.length) throw missingParameter('dhcpConfiguration');
  const options = given.map(({ Key: key = '', Values: values = [] }) => {
    const most = KEYS.get(key);
    if (most === undefined) throw invalid(`Value (${key}) for parameter key is invalid. Unknown DHCP option`);
    if (values.length === 0) throw missingParameter('value');
    if (values.length > most)
      throw invalid(`Too many values for the DHCP option ${key}; it may have ${most}.`);
    const wrong = values.find(
      (value) => value.length > LONGEST_VALUE || (key === 'netbios-node-type' && !NODE_TYPES.includes(value)),
    );
    if (wrong !== undefined) {
      throw invalid(`Value (${wrong.slice(0, LONGEST_VALUE)}) for parameter value is invalid. ${key}`);
    }
    return { key, values };
  });
  if (new Set(options.map(({ key }) => key)).size < options.length) {
    throw invalid('The same DHCP option must not appear multiple times');
  }
  return options;
}

const invalid = (message: string): Fault => new Fault('InvalidParameterValue', message);
