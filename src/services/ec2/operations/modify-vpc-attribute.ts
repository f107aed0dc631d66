// ModifyVpcAttribute: one attribute at a time.

import { Fault } from '../../../wire/fault.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import type { Inventory } from '../inventory.ts';
import { unsupported } from '../network-faults.ts';
import type { Ec2 } from '../service.ts';

export function modifyVpcAttribute(inventory: Inventory): HandlerOf<Ec2, 'ModifyVpcAttribute'> {
  return (input, context) => {
    const { EnableDnsHostnames: hostnames, EnableDnsSupport: support } = input;
    if (input.EnableNetworkAddressUsageMetrics?.Value) throw unsupported('network address usage metrics');
    const given = [hostnames, support, input.EnableNetworkAddressUsageMetrics].filter(
      (one) => one?.Value !== undefined,
    );
    if (given.length !== 1) throw oneAttribute();
    inventory.transaction(() => {
      const vpc = inventory.vpcs.existing(context, input.VpcId);
      if (support?.Value !== undefined) vpc.enableDnsSupport = support.Value;
      if (hostnames?.Value !== undefined) vpc.enableDnsHostnames = hostnames.Value;
      inventory.vpcs.put(context, vpc);
    });
    return {};
  };
}

const oneAttribute = (): Fault =>
  new Fault('InvalidParameterCombination', 'Fields for multiple attribute types specified, or none.');
