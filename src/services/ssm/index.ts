// The manifest of SSM.

import { backTo, manifest } from '../manifest.ts';
import type { Sdk } from './sdk.ts';
import { sessionIdIn } from './sessions/channel-path.ts';

/** SSM's manifest. Its sessions are in instances of EC2, which calls SSM for its parameters. */
export const ssm = manifest<Sdk>()({
  name: 'ssm',
  files: {
    service: new URL('./service.ts', import.meta.url),
    resourceTypes: new URL('./cloudformation.ts', import.meta.url),
  },
  calls: { ec2: backTo<typeof import('@aws-sdk/client-ec2')>('ec2') },
  async build({ store, clock, secret, instances, url }, { ec2 }) {
    const { openSsm } = await import('./service.ts');
    return openSsm({ store, clock, secret, instances, url, ec2 });
  },
  takesWebSockets: ({ url }) => sessionIdIn(url) !== '',
  resourceTypes: async (client) => (await import('./cloudformation.ts')).ssmResourceTypes(client),
});
