// What is asked of an account's settings in a region. None of them can be changed here, so each is what AWS begins with.

import type { HandlerOf } from '../../../wire/service.ts';
import { invalidValue } from '../faults.ts';
import type { Ec2 } from '../service.ts';

export const getEbsEncryptionByDefault: HandlerOf<Ec2, 'GetEbsEncryptionByDefault'> = () => ({
  EbsEncryptionByDefault: false,
});

export const getInstanceMetadataDefaults: HandlerOf<Ec2, 'GetInstanceMetadataDefaults'> = () => ({
  AccountLevel: {},
});

export const getSerialConsoleAccessStatus: HandlerOf<Ec2, 'GetSerialConsoleAccessStatus'> = () => ({
  SerialConsoleAccessEnabled: false,
});

const FAMILIES = ['t2', 't3', 't3a', 't4g'];

/** AWS: t2 begins with `standard`, all later ones with `unlimited`. */
export const getDefaultCreditSpecification: HandlerOf<Ec2, 'GetDefaultCreditSpecification'> = (input) => {
  const family: string = input.InstanceFamily;
  if (!FAMILIES.includes(family)) throw invalidValue(family, 'InstanceFamily');
  return {
    InstanceFamilyCreditSpecification: {
      InstanceFamily: input.InstanceFamily,
      CpuCredits: family === 't2' ? 'standard' : 'unlimited',
    },
  };
};
