// Lambda's manifest: its files, the services that it calls, and how it is built.

import { join } from 'node:path';
import { backTo, manifest, to } from '../manifest.ts';
import type { Sdk } from './sdk.ts';

/** See control/manifest.ts. */
export const lambda = manifest<Sdk>()({
  name: 'lambda',
  files: {
    service: new URL('./service.ts', import.meta.url),
    resourceTypes: new URL('./cloudformation.ts', import.meta.url),
  },
  calls: {
    ec2: to<typeof import('@aws-sdk/client-ec2')>('ec2'),
    s3: to<typeof import('@aws-sdk/client-s3')>('s3'),
    logs: to<typeof import('@aws-sdk/client-cloudwatch-logs')>('logs'),
    cloudwatch: to<typeof import('@aws-sdk/client-cloudwatch')>('monitoring'),
    // Where events go that were given up. SNS also calls functions.
    sqs: to<typeof import('@aws-sdk/client-sqs')>('sqs'),
    sns: backTo<typeof import('@aws-sdk/client-sns')>('sns'),
  },
  resumesWork: true,
  hasInterfaces: true,
  async build(
    { store, clock, log, functions, functionEnvironment, isOwnHost, dataDir, ...network },
    clients,
  ) {
    const { createLambda } = await import('./service.ts');
    const lambda = createLambda({
      ...{ store, clock, log, functions, isOwnHost, ...clients },
      directory: join(dataDir, 'lambda'),
      environmentOf: functionEnvironment,
      ...(network.openInterface && {
        openInterface: network.openInterface,
        networks: { hostUrl: network.url, insideUrl: network.urlForFunctions },
      }),
    });
    await lambda.start();
    return lambda;
  },
  resourceTypes: async (client) => (await import('./cloudformation.ts')).lambdaResourceTypes(client),
});
