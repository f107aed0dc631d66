// Route 53's manifest: the files it consists of, the services it calls, and how it is built.

import { manifest, to } from '../manifest.ts';
import type { Sdk } from './sdk.ts';

export const route53 = manifest<Sdk>()({
  name: 'route53',
  files: {
    service: new URL('./service.ts', import.meta.url),
    resourceTypes: new URL('./cloudformation.ts', import.meta.url),
  },
  calls: { ec2: to<typeof import('@aws-sdk/client-ec2')>('ec2') },
  resumesWork: true,
  async build({ store, clock, region, zones, nodes, elasticache }, { ec2 }) {
    const { createRoute53 } = await import('./service.ts');
    const computedRecordSets = () => elasticache().endpoints.replicaNames();
    const route53 = await createRoute53({
      store,
      clock,
      ec2,
      region,
      computedRecordSets,
      reserved: [nodes.options.domain],
    });
    route53.answerIn(zones);
    return route53;
  },
  resourceTypes: async (client) => (await import('./cloudformation.ts')).route53ResourceTypes(client),
});
