// The manifest of CloudFormation: its name, the services it calls, and how to build it.

import { manifest, to } from '../manifest.ts';
import type { Sdk } from './sdk.ts';

/** CloudFormation gets the resource types of all other services and continues unfinished operations at its start. */
export const cloudformation = manifest<Sdk>()({
  name: 'cloudformation',
  files: { service: new URL('./service.ts', import.meta.url) },
  calls: {
    s3: to<typeof import('@aws-sdk/client-s3')>('s3'),
    lambda: to<typeof import('@aws-sdk/client-lambda')>('lambda'),
    ssm: to<typeof import('@aws-sdk/client-ssm')>('ssm'),
    ec2: to<typeof import('@aws-sdk/client-ec2')>('ec2'),
  },
  makesResources: true,
  resumesWork: true,
  async build({ store, clock, log, cloudformation: options, resourceTypes }, neighbours) {
    const { createCloudFormation } = await import('./service.ts');
    const types = await resourceTypes();
    const cloudformation = createCloudFormation({ store, clock, log, neighbours, options, types });
    await cloudformation.start();
    return { ...cloudformation, take: cloudformation.callbacks.take };
  },
});
