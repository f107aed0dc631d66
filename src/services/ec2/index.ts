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
  resumesWork: true,
  holdsAddresses: true,
  async build({ store, clock, log, serviceInterfaces, enforcement, outside, ...surroundings }) {
    const { createEc2, partOf } = await import('./service.ts');
    const { openInterface, addresses, network, amiImages } = surroundings;
    const networkChanged = () => {
      enforcement?.rulesChanged();
      outside?.routesChanged();
    };
    const ec2 = createEc2({
      ...{ store, clock, serviceInterfaces, networkChanged },
      machines: {
        ...{ log: log.child({ service: 'ec2' }), networks: { openInterface, addresses, network } },
        instances: surroundings.instances,
        environmentOf: surroundings.instanceEnvironment,
        filesOf: surroundings.containerFiles,
        imageOf: (imageId) => amiImages[imageId],
        changed: () => {},
      },
    });
    await ec2.machines?.controller.adopt();
    return partOf(ec2);
  },
  resourceTypes: async (own, _, { ssm }) =>
    (await import('./cloudformation.ts')).ec2ResourceTypes(own, { ssm }),
});
