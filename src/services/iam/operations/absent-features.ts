// What tools ask of users and accounts about features that Millpond does not have: AWS's answers where there is none of
// them. Making one is not there.

import type { Scope } from '../../../aws/scope.ts';
import type { Iam } from '../context.ts';
import { noPasswordPolicy, noSuchDevice } from '../faults.ts';
import type { Operation } from '../sdk.ts';

const END = { IsTruncated: false };

/** `none`, once the user that is named has been found. */
function noneOf<T>(iam: Iam, scope: Scope, user: string | undefined, none: T): T {
  if (user) iam.records.users.existing(scope, user);
  return none;
}

export const DeactivateMFADevice: Operation<'DeactivateMFADevice'> = (iam, input, context) => {
  noneOf(iam, context, input.UserName, undefined);
  throw noSuchDevice(input.SerialNumber);
};

export const DeleteVirtualMFADevice: Operation<'DeleteVirtualMFADevice'> = (_iam, input) => {
  throw noSuchDevice(input.SerialNumber);
};

export const GetAccountPasswordPolicy: Operation<'GetAccountPasswordPolicy'> = (_iam, _input, context) => {
  throw noPasswordPolicy(context.accountId);
};

export const ListAccountAliases: Operation<'ListAccountAliases'> = () => ({ AccountAliases: [], ...END });

export const ListMFADevices: Operation<'ListMFADevices'> = (iam, input, context) =>
  noneOf(iam, context, input.UserName, { MFADevices: [], ...END });

export const ListOpenIDConnectProviders: Operation<'ListOpenIDConnectProviders'> = () => ({
  OpenIDConnectProviderList: [],
});

export const ListSAMLProviders: Operation<'ListSAMLProviders'> = () => ({ SAMLProviderList: [] });

export const ListServerCertificates: Operation<'ListServerCertificates'> = () => ({
  ServerCertificateMetadataList: [],
  ...END,
});

export const ListServiceSpecificCredentials: Operation<'ListServiceSpecificCredentials'> = (
  iam,
  input,
  context,
) => noneOf(iam, context, input.UserName, { ServiceSpecificCredentials: [] });

export const ListSigningCertificates: Operation<'ListSigningCertificates'> = (iam, input, context) =>
  noneOf(iam, context, input.UserName, { Certificates: [], ...END });

export const ListSSHPublicKeys: Operation<'ListSSHPublicKeys'> = (iam, input, context) =>
  noneOf(iam, context, input.UserName, { SSHPublicKeys: [], ...END });

export const ListVirtualMFADevices: Operation<'ListVirtualMFADevices'> = () => ({
  VirtualMFADevices: [],
  ...END,
});
