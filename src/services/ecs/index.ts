// The manifest of ECS: its files, the services that it calls, and how it is built.

import { manifest, to } from '../manifest.ts';
import { isMetadataRequest } from './metadata/path.ts';
import type { Sdk } from './sdk.ts';

export const ecs = manifest<Sdk>()({
  name: 'ecs',
  files: {
    service: new URL('./service.ts', import.meta.url),
    resourceTypes: new URL('./cloudformation.ts', import.meta.url),
  },
  calls: {
    ec2: to<typeof import('@aws-sdk/client-ec2')>('ec2'),
    ecr: to<typeof import('@aws-sdk/client-ecr')>('ecr'),
    logs: to<typeof import('@aws-sdk/client-cloudwatch-logs')>('logs'),
    s3: to<typeof import('@aws-sdk/client-s3')>('s3'),
    ssm: to<typeof import('@aws-sdk/client-ssm')>('ssm'),
  },
  resumesWork: true,
  holdsAddresses: true,
  hasInterfaces: true,
  async build(
    { store, clock, log, containers, openInterface, addresses, network, ...surroundings },
    clients,
  ) {
    const { createEcs } = await import('./service.ts');
    const ecs = createEcs({
      ...{ store, clock, log, containers, ...clients },
      networks: { openInterface, addresses, network },
      layerFile: surroundings.layerFile,
      environmentOf: surroundings.functionEnvironment,
      apiUrl: surroundings.urlForFunctions,
      filesOf: surroundings.containerFiles,
    });
    await ecs.adopt();
    return ecs;
  },
  resourceTypes: async (client) => (await import('./cloudformation.ts')).ecsResourceTypes(client),
  takes: isMetadataRequest,
});
