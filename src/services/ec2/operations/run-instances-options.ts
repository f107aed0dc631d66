// Further options of RunInstances. They are stored and returned, or refused by name.

import { invalidValue, missingParameter } from '../faults.ts';
import { checkCredits, isBurstable, metadataOf } from '../instance-options.ts';
import type { InstanceRecord, MetadataOptions } from '../model.ts';
import { unsupported } from '../network-faults.ts';
import type { Input } from '../sdk.ts';

type RunInstances = Input<'RunInstances'>;

type Options = Pick<InstanceRecord, 'stopProtected' | 'shutdownBehavior' | 'metadata' | 'cpuCredits' | 'cpu'>;

/** Throws InvalidParameterValue or MissingParameter. */
export function optionsOf(input: RunInstances, instanceType: string, ofImage: MetadataOptions): Options {
  const behavior: string | undefined = input.InstanceInitiatedShutdownBehavior;
  if (behavior !== undefined && behavior !== 'stop' && behavior !== 'terminate') {
    throw invalidValue(behavior, 'instanceInitiatedShutdownBehavior');
  }
  const credits = checkCredits(input.CreditSpecification?.CpuCredits);
  // AWS: credits are ignored for types without credits.
  return {
    metadata: metadataOf(ofImage, input.MetadataOptions),
    ...(input.DisableApiStop && { stopProtected: true }),
    ...(behavior && { shutdownBehavior: behavior }),
    ...cpuAsked(input.CpuOptions),
    ...(credits && isBurstable({ instanceType }) && { cpuCredits: credits }),
  };
}

function cpuAsked(asked: RunInstances['CpuOptions']): Pick<InstanceRecord, 'cpu'> {
  if (asked?.AmdSevSnp === 'enabled') throw unsupported('AMD SEV-SNP');
  if (asked?.NestedVirtualization === 'enabled') throw unsupported('nested virtualization');
  const { CoreCount: cores, ThreadsPerCore: threads } = asked ?? {};
  if (cores === undefined && threads === undefined) return {};
  // AWS: a request gives both or neither.
  if (cores === undefined || threads === undefined) throw missingParameter('CoreCount and ThreadsPerCore');
  if (!Number.isInteger(cores) || cores < 1) throw invalidValue(String(cores), 'CoreCount');
  if (threads !== 1 && threads !== 2) throw invalidValue(String(threads), 'ThreadsPerCore');
  return { cpu: { cores, threads } };
}

/** Throws UnsupportedOperation if the request enables a feature that instances do not have here. */
export function refuseUnsupported(input: RunInstances): void {
  const placement = input.Placement ?? {};
  const asked: Record<string, unknown> = {
    'spot instances': input.InstanceMarketOptions,
    hibernation: input.HibernationOptions?.Configured,
    enclaves: input.EnclaveOptions?.Enabled,
    'kernels and RAM disks of instances': input.KernelId ?? input.RamdiskId,
    'IPv6 addresses': input.Ipv6AddressCount || input.Ipv6Addresses?.length,
    'licenses of instances': input.LicenseSpecifications?.length,
    'elastic GPUs': input.ElasticGpuSpecification?.length,
    'elastic inference accelerators': input.ElasticInferenceAccelerators?.length,
    'placement groups': placement.GroupName || placement.GroupId || placement.PartitionNumber,
    'dedicated hosts': placement.HostId ?? placement.HostResourceGroupArn ?? placement.Affinity,
    'dedicated instances':
      placement.Tenancy !== undefined && placement.Tenancy !== 'default' ? placement.Tenancy : undefined,
    'resource names as host names':
      input.PrivateDnsNameOptions?.HostnameType === 'resource-name' ||
      input.PrivateDnsNameOptions?.EnableResourceNameDnsARecord ||
      input.PrivateDnsNameOptions?.EnableResourceNameDnsAAAARecord,
    'instances without recovery': input.MaintenanceOptions?.AutoRecovery === 'disabled',
    'network performance options':
      (input.NetworkPerformanceOptions?.BandwidthWeighting ?? 'default') !== 'default',
    'instances beside capacity reservations':
      (input.CapacityReservationSpecification?.CapacityReservationPreference ?? 'open') !== 'open',
    'targeted capacity reservations': input.CapacityReservationSpecification?.CapacityReservationTarget,
  };
  const found = Object.entries(asked).find(([, value]) => value);
  if (found) throw unsupported(found[0]);
}
