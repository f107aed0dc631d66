// The manifest of EC2.

import { manifest, to } from '../manifest.ts';
import { isInstancesRequest } from './machines/routes-path.ts';
import type { Sdk } from './sdk.ts';

/** EC2's manifest. Other services call it, and tell it of their network interfaces by `serviceInterfaces`. */
export const ec2 = manifest<Sdk>()({
  name: 'ec2',
  files: {
    service: new URL('./service.ts', import.meta.url),
    resourceTypes: new URL('./cloudformation.ts', import.meta.url),
  },
  calls: {
    iam: to<typeof import('@aws-sdk/client-iam')>('iam'),
    ssm: to<typeof import('@aws-sdk/client-ssm')>('ssm'),
    sts: to<typeof import('@aws-sdk/client-sts')>('sts'),
  },
  hasMetadata: true,
  hasNetworkRules: true,
  resumesWork: true,
  workIn: 'ec2/instance',
  holdsAddresses: true,
  async build({ store, clock, serviceInterfaces, enforcement, outside, ...surroundings }, { iam, sts }) {
    const { openPart } = await import('./part.ts');
    const { openInterface, addresses, network, amiImages, secret, peerAmong } = surroundings;
    const log = surroundings.log.child({ service: 'ec2' });
    const networkChanged = () => {
      enforcement?.rulesChanged();
      outside?.routesChanged();
    };
    return openPart({
      ...{ store, clock, serviceInterfaces, networkChanged, log },
      ...{ zones: surroundings.zones, dataDir: surroundings.dataDir },
      machines: {
        ...{ log, networks: { openInterface, addresses, network } },
        instances: surroundings.instances,
        environmentOf: surroundings.instanceEnvironment,
        filesOf: surroundings.containerFiles,
        imageOf: (imageId) => amiImages[imageId],
        changed: () => {},
      },
      metadata: {
        ...{ iam, sts, secret, peerAmong, log },
        loopbackAddress: openInterface ? undefined : network.serverAddress,
      },
    });
  },
  takes: isInstancesRequest,
  resourceTypes: async (own, _, { ssm }) =>
    (await import('./cloudformation.ts')).ec2ResourceTypes(own, { ssm }),
});
