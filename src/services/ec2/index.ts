// The manifest of EC2.

import { manifest, to } from '../manifest.ts';
import type { Sdk } from './sdk.ts';

/** EC2's manifest. Other services call it, and tell it of their network interfaces by `serviceInterfaces`. */
export const ec2 = manifest<Sdk>()({
  name: 'ec2',
  files: {
    service: new URL('./service.ts', import.meta.url),
    resourceTypes: new URL('./cloudformation.ts', import.meta.url),
  },
  calls: { ssm: to<typeof import('@aws-sdk/client-ssm')>('ssm') },
  hasNetworkRules: true,
  async build({ store, clock, serviceInterfaces, enforcement, outside }) {
    const { createEc2 } = await import('./service.ts');
    const networkChanged = () => {
      enforcement?.rulesChanged();
      outside?.routesChanged();
    };
    const service = createEc2({ store, clock, serviceInterfaces, networkChanged });
    return { service, networkRules: service.networkRules };
  },
  resourceTypes: async (own, _, { ssm }) =>
    (await import('./cloudformation.ts')).ec2ResourceTypes(own, { ssm }),
});
