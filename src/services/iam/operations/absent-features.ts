// Operations that ask about features that Millpond does not have, such as MFA devices and account aliases. The answer
// is AWS's when an account has none. No operation creates one.

import type { Scope } from '../../../aws/scope.ts';
import type { Iam } from '../context.ts';
import { noPasswordPolicy, noSuchDevice } from '../faults.ts';
import type { Operation } from '../sdk.ts';

const END = { IsTruncated: false };

/** Returns `none`. Throws NoSuchEntity if the input names an unknown user. */
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
