// What tools read of a topic or an account that Millpond has none of: data protection, platform applications.

import { findTopic } from '../context.ts';
import type { Operation } from '../sdk.ts';

/** AWS: a topic without a policy has an empty one. */
export const GetDataProtectionPolicy: Operation<'GetDataProtectionPolicy'> = (sns, input, context) => {
  findTopic(sns, context, input.ResourceArn, 'ResourceArn');
  return { DataProtectionPolicy: '' };
};

export const ListPlatformApplications: Operation<'ListPlatformApplications'> = () => ({
  PlatformApplications: [],
});
