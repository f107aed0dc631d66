// The manifest of Elastic Load Balancing: its files, the services that it calls, and how it is built.

import { manifest, to } from '../manifest.ts';
import type { Sdk } from './sdk.ts';

export const elbv2 = manifest<Sdk>()({
  name: 'elasticloadbalancing',
  files: {
    service: new URL('./service.ts', import.meta.url),
    resourceTypes: new URL('./cloudformation.ts', import.meta.url),
  },
  calls: {
    ec2: to<typeof import('@aws-sdk/client-ec2')>('ec2'),
    lambda: to<typeof import('@aws-sdk/client-lambda')>('lambda'),
    cloudwatch: to<typeof import('@aws-sdk/client-cloudwatch')>('monitoring'),
  },
  resumesWork: true,
  holdsAddresses: true,
  hasInterfaces: true,
  async build({ store, clock, log, loadBalancers, network, addresses, enforcement, zones }, clients) {
    const { createLoadBalancing } = await import('./service.ts');
    const elb = createLoadBalancing({
      ...{ store, clock, log, loadBalancers, network, addresses, enforcement, zones, ...clients },
    });
    await elb.hold();
    return elb;
  },
  resourceTypes: async (client) => (await import('./cloudformation.ts')).elbv2ResourceTypes(client),
});
