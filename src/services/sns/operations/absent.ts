// Operations on features that Millpond does not have and that tools read nevertheless: data protection and platform
// applications. The answers are empty.

import { findTopic } from '../context.ts';
import type { Operation } from '../sdk.ts';

/** AWS: a topic without a data protection policy returns an empty one. */
export const GetDataProtectionPolicy: Operation<'GetDataProtectionPolicy'> = (sns, input, context) => {
  findTopic(sns, context, input.ResourceArn, 'ResourceArn');
  return { DataProtectionPolicy: '' };
};

/** Millpond has no mobile push. */
export const ListPlatformApplications: Operation<'ListPlatformApplications'> = () => ({
  PlatformApplications: [],
});
