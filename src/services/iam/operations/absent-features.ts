// What tools ask of users and accounts about features that Millpond does not have: AWS's answers where there is none of
// them. Making one is not there.

import type { Scope } from '../../../aws/scope.ts';
import type { Handlers } from '../../../wire/service.ts';
import type { Directory } from '../directory.ts';
import { noPasswordPolicy, noSuchDevice } from '../faults.ts';
import type { Iam } from '../service.ts';

const END = { IsTruncated: false };

export function absentFeatures({ users }: Directory): Handlers<Iam> {
  const noneOf = <T>(scope: Scope, user: string | undefined, none: T): T => {
    if (user) users.existing(scope, user);
    return none;
  };
  return {
    DeactivateMFADevice: (input, context) => {
      noneOf(context, input.UserName, undefined);
      throw noSuchDevice(input.SerialNumber);
    },
    DeleteVirtualMFADevice: (input) => {
      throw noSuchDevice(input.SerialNumber);
    },
    GetAccountPasswordPolicy: (_input, context) => {
      throw noPasswordPolicy(context.accountId);
    },
    ListAccountAliases: () => ({ AccountAliases: [], ...END }),
    ListMFADevices: (input, context) => noneOf(context, input.UserName, { MFADevices: [], ...END }),
    ListOpenIDConnectProviders: () => ({ OpenIDConnectProviderList: [] }),
    ListSAMLProviders: () => ({ SAMLProviderList: [] }),
    ListServerCertificates: () => ({ ServerCertificateMetadataList: [], ...END }),
    ListServiceSpecificCredentials: (input, context) =>
      noneOf(context, input.UserName, { ServiceSpecificCredentials: [] }),
    ListSigningCertificates: (input, context) =>
      noneOf(context, input.UserName, { Certificates: [], ...END }),
    ListSSHPublicKeys: (input, context) => noneOf(context, input.UserName, { SSHPublicKeys: [], ...END }),
    ListVirtualMFADevices: () => ({ VirtualMFADevices: [], ...END }),
  };
}
