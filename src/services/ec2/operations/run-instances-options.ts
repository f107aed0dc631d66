// What RunInstances may say of an instance besides its place and kind: kept and shown, or refused by name.

import type { Input } from '../../../wire/service.ts';
import { invalidValue } from '../faults.ts';
import { checkCredits, isBurstable, metadataOf } from '../instance-options.ts';
import { unsupported } from '../network-faults.ts';
import type { InstanceRecord } from '../records.ts';
import type { Ec2 } from '../service.ts';

type RunInstances = Input<Ec2, 'RunInstances'>;

type Options = Pick<InstanceRecord, 'stopProtected' | 'shutdownBehavior' | 'metadata' | 'cpuCredits'>;

export function optionsOf(input: RunInstances, instanceType: string): Options {
  const behavior: string | undefined = input.InstanceInitiatedShutdownBehavior;
  if (behavior !== undefined && behavior !== 'stop' && behavior !== 'terminate') {
    throw invalidValue(behavior, 'instanceInitiatedShutdownBehavior');
  }
  const credits = checkCredits(input.CreditSpecification?.CpuCredits);
  // AWS: credits of a type that has none are passed over.
  return {
    metadata: metadataOf(undefined, input.MetadataOptions),
    ...(input.DisableApiStop && { stopProtected: true }),
    ...(behavior && { shutdownBehavior: behavior }),
    ...(credits && isBurstable({ instanceType }) && { cpuCredits: credits }),
  };
}

/** Those that no instance here can have, once they are switched on. */
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
    'targeted capacity reservations': input.CapacityReservationSpecification?.CapacityReservationTarget,
  };
  const found = Object.entries(asked).find(([, value]) => value);
  if (found) throw unsupported(found[0]);
}
