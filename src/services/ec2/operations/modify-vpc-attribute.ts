// ModifyVpcAttribute.

import { Fault } from '../../../wire/fault.ts';
import { unsupported } from '../network-faults.ts';
import type { Operation } from '../sdk.ts';

/** AWS: a request changes exactly one attribute. */
export const ModifyVpcAttribute: Operation<'ModifyVpcAttribute'> = (ec2, input, context) => {
  const { EnableDnsHostnames: hostnames, EnableDnsSupport: support } = input;
  if (input.EnableNetworkAddressUsageMetrics?.Value) throw unsupported('network address usage metrics');
  const given = [hostnames, support, input.EnableNetworkAddressUsageMetrics].filter(
    (one) => one?.Value !== undefined,
  );
  if (given.length !== 1) throw oneAttribute();
  ec2.store.transaction(() => {
    const vpc = ec2.records.vpcs.existing(context, input.VpcId);
    if (support?.Value !== undefined) vpc.enableDnsSupport = support.Value;
    if (hostnames?.Value !== undefined) vpc.enableDnsHostnames = hostnames.Value;
    ec2.records.vpcs.put(context, vpc);
  });
  return {};
};

const oneAttribute = (): Fault =>
  new Fault('InvalidParameterCombination', 'Fields for multiple attribute types specified, or none.');
