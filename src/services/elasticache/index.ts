import { manifest, to } from '../manifest.ts';
import type { Sdk } from './sdk.ts';
import { createElastiCache } from './service.ts';

/** ElastiCache's manifest: the services it calls, how it is built, and its resource types. */
export const elasticache = manifest<Sdk>()({
  name: 'elasticache',
  files: { resourceTypes: new URL('./cloudformation.ts', import.meta.url) },
  calls: {
    ec2: to<typeof import('@aws-sdk/client-ec2')>('ec2'),
    sns: to<typeof import('@aws-sdk/client-sns')>('sns'),
    cloudwatch: to<typeof import('@aws-sdk/client-cloudwatch')>('monitoring'),
    route53: to<typeof import('@aws-sdk/client-route-53')>('route53'),
    // Called by feeds.
    lambda: to<typeof import('@aws-sdk/client-lambda')>('lambda'),
    sqs: to<typeof import('@aws-sdk/client-sqs')>('sqs'),
    dynamodb: to<typeof import('@aws-sdk/client-dynamodb')>('dynamodb'),
  },
  hasInterfaces: true,
  async build({ store, clock, log, nodes, endpoints, zones, enforcement, feeds }, clients) {
    const { ec2, sns, cloudwatch, route53 } = clients;
    const route53Elsewhere = endpoints.route53 ? route53 : undefined;
    const elasticache = createElastiCache({
      ...{ store, clock, log, ec2, sns, cloudwatch, ...nodes, route53Elsewhere, enforcement, feeds },
    });
    elasticache.endpoints.answerIn(zones);
    return elasticache;
  },
  async resourceTypes(client, { endpoints, elasticache, store }) {
    const { createElastiCacheTypes } = await import('./cloudformation.ts');
    const { feeds, groups } = elasticache().elasticache;
    const untilSettled = endpoints.elasticache ? undefined : groups.untilSettled;
    return createElastiCacheTypes({ client, untilSettled, feeds, store });
  },
});
