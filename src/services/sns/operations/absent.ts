// What tools read of a topic or an account that Millpond has none of: data protection, platform applications.

import { findTopic, type Operation, type Sns } from '../sns.ts';

/** AWS: a topic without a policy has an empty one. */
export const getDataProtectionPolicy =
  (sns: Sns): Operation<'GetDataProtectionPolicy'> =>
  (input, context) => {
    findTopic(sns, context, input.ResourceArn, 'ResourceArn');
    return { DataProtectionPolicy: '' };
  };

export const listPlatformApplications = (): Operation<'ListPlatformApplications'> => () => ({
  PlatformApplications: [],
});
