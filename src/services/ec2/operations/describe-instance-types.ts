// DescribeInstanceTypes: common instance types.

import { Fault } from '../../../wire/fault.ts';
import { type Listable, list, selectionOf } from '../describe.ts';
import { INSTANCE_TYPES, type InstanceType, instanceTypeOf } from '../instance-types.ts';
import type { Operation } from '../sdk.ts';

/** Throws InvalidInstanceType for a type outside of the table, although RunInstances accepts it. */
export const DescribeInstanceTypes: Operation<'DescribeInstanceTypes'> = async (_ec2, input) => {
  const asked: string[] = input.InstanceTypes ?? [];
  const unknown = asked.filter((name) => !instanceTypeOf(name));
  if (unknown.length > 0) throw invalidTypes(unknown);
  const types = asked.length > 0 ? asked.map((name) => instanceTypeOf(name)!) : INSTANCE_TYPES;
  const { items, nextToken } = await list(types, LISTABLE, selectionOf(input, undefined), () => ({}));
  return {
    InstanceTypes: items.map((type) => ({
      InstanceType: type.name as 't3.micro',
      CurrentGeneration: isCurrent(type),
      FreeTierEligible: type.name === 't3.micro',
      BareMetal: false,
      Hypervisor: 'nitro',
      SupportedUsageClasses: ['on-demand', 'spot'],
      SupportedRootDeviceTypes: ['ebs'],
      SupportedVirtualizationTypes: ['hvm'],
      ProcessorInfo: { SupportedArchitectures: [type.architecture] },
      VCpuInfo: { DefaultVCpus: type.vcpus },
      MemoryInfo: { SizeInMiB: type.memoryMiB },
      InstanceStorageSupported: false,
      BurstablePerformanceSupported: type.burstable,
      NetworkInfo: { MaximumNetworkInterfaces: 1, Ipv6Supported: false },
    })),
    NextToken: nextToken,
  };
};

const isCurrent = (type: InstanceType): boolean => !/^[mct]1\./.test(type.name);

const LISTABLE: Listable<InstanceType> = {
  list: 'instance types',
  idOf: (type) => type.name,
  page: 100,
  filters: {
    'bare-metal': () => false,
    'burstable-performance-supported': (type) => type.burstable,
    'current-generation': isCurrent,
    hypervisor: () => 'nitro',
    'instance-type': (type) => type.name,
    'memory-info.size-in-mib': (type) => type.memoryMiB,
    'processor-info.supported-architecture': (type) => type.architecture,
    'supported-root-device-type': () => 'ebs',
    'supported-usage-class': () => ['on-demand', 'spot'],
    'supported-virtualization-type': () => 'hvm',
    'vcpu-info.default-vcpus': (type) => type.vcpus,
  },
};

const invalidTypes = (names: readonly string[]): Fault =>
  new Fault(
    'InvalidInstanceType',
    `The following supplied instance types do not exist: [${names.join(', ')}]`,
  );
