// What is asked of an account's settings in a region. None of them can be changed here, so each is what AWS begins with.

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

/** AWS: t2 begins with `standard`, all later ones with `unlimited`. */
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
