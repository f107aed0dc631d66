// Settings of an account in a region. They cannot be changed, so each has AWS's default.

import { invalidValue } from '../faults.ts';
import type { Operation } from '../sdk.ts';

export const GetEbsEncryptionByDefault: Operation<'GetEbsEncryptionByDefault'> = () => ({
  EbsEncryptionByDefault: false,
});

export const GetInstanceMetadataDefaults: Operation<'GetInstanceMetadataDefaults'> = () => ({
  AccountLevel: {},
});

export const GetSerialConsoleAccessStatus: Operation<'GetSerialConsoleAccessStatus'> = () => ({
  SerialConsoleAccessEnabled: false,
});

const FAMILIES = ['t2', 't3', 't3a', 't4g'];

/** AWS: the default is `standard` for t2 and `unlimited` for all later families. */
export const GetDefaultCreditSpecification: Operation<'GetDefaultCreditSpecification'> = (_ec2, input) => {
  const family: string = input.InstanceFamily;
  if (!FAMILIES.includes(family)) throw invalidValue(family, 'InstanceFamily');
  return {
    InstanceFamilyCreditSpecification: {
      InstanceFamily: input.InstanceFamily,
      CpuCredits: family === 't2' ? 'standard' : 'unlimited',
    },
  };
};
