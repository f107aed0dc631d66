// Features of task definitions and RunTask that Millpond does not have: they are refused by name, never ignored. Pure.

import type { ContainerDefinition, RunTaskRequest, Volume } from '@aws-sdk/client-ecs';
import { invalidParameter, unsupported } from '../faults.ts';
import type { DefinitionContent } from './model.ts';

type Check<T> = readonly [what: string, isUsed: (given: T) => unknown];

const isGiven = (list: readonly unknown[] | undefined): boolean => list !== undefined && list.length > 0;

const OF_DEFINITION: readonly Check<DefinitionContent>[] = [
  ['inferenceAccelerators', (given) => isGiven(given.inferenceAccelerators)],
  ['proxyConfiguration', (given) => given.proxyConfiguration],
  ['pidMode', (given) => given.pidMode],
  ['ipcMode', (given) => given.ipcMode],
  ['enableFaultInjection', (given) => given.enableFaultInjection],
  ['placementConstraints', (given) => isGiven(given.placementConstraints)],
  ['Windows', (given) => given.runtimePlatform?.operatingSystemFamily?.startsWith('WINDOWS')],
  ['managed instances', (given) => given.requiresCompatibilities?.includes('MANAGED_INSTANCES')],
];

const OF_VOLUME: readonly Check<Volume>[] = [
  ['host.sourcePath of a volume', (given) => given.host?.sourcePath],
  ['dockerVolumeConfiguration', (given) => given.dockerVolumeConfiguration],
  ['efsVolumeConfiguration', (given) => given.efsVolumeConfiguration],
  ['s3filesVolumeConfiguration', (given) => given.s3filesVolumeConfiguration],
  ['fsxWindowsFileServerVolumeConfiguration', (given) => given.fsxWindowsFileServerVolumeConfiguration],
  ['configuredAtLaunch', (given) => given.configuredAtLaunch],
];

const OF_CONTAINER: readonly Check<ContainerDefinition>[] = [
  ['repositoryCredentials', (given) => given.repositoryCredentials],
  ['links', (given) => isGiven(given.links)],
  ['restartPolicy', (given) => given.restartPolicy?.enabled],
  ['hostname', (given) => given.hostname],
  ['disableNetworking', (given) => given.disableNetworking],
  ['privileged', (given) => given.privileged],
  ['dnsServers', (given) => isGiven(given.dnsServers)],
  ['dnsSearchDomains', (given) => isGiven(given.dnsSearchDomains)],
  ['extraHosts', (given) => isGiven(given.extraHosts)],
  ['dockerSecurityOptions', (given) => isGiven(given.dockerSecurityOptions)],
  ['interactive', (given) => given.interactive],
  ['pseudoTerminal', (given) => given.pseudoTerminal],
  ['systemControls', (given) => isGiven(given.systemControls)],
  ['resourceRequirements', (given) => isGiven(given.resourceRequirements)],
  ['firelensConfiguration', (given) => given.firelensConfiguration],
  ['credentialSpecs', (given) => isGiven(given.credentialSpecs)],
  [
    'linuxParameters',
    (given) => Object.values(given.linuxParameters ?? {}).some((value) => value !== undefined),
  ],
  ['containerPortRange', (given) => given.portMappings?.some((one) => one.containerPortRange)],
  [
    'secrets of Secrets Manager',
    (given) => given.secrets?.some((one) => isOfSecretsManager(one.valueFrom ?? '')),
  ],
];

const isOfSecretsManager = (valueFrom: string): boolean => /^arn:[^:]*:secretsmanager:/.test(valueFrom);

const OF_RUN_TASK: readonly Check<Partial<RunTaskRequest>>[] = [
  ['enableExecuteCommand', (given) => given.enableExecuteCommand],
  ['volumeConfigurations', (given) => isGiven(given.volumeConfigurations)],
  ['inferenceAcceleratorOverrides', (given) => isGiven(given.overrides?.inferenceAcceleratorOverrides)],
  [
    'resourceRequirements of an override',
    (given) => given.overrides?.containerOverrides?.some((one) => isGiven(one.resourceRequirements)),
  ],
];

/** Throws ClientException for the first feature that Millpond does not have. */
export function refuseAbsentFeatures(content: DefinitionContent): void {
  refuse(OF_DEFINITION, content);
  for (const volume of content.volumes ?? []) refuse(OF_VOLUME, volume);
  for (const container of content.containerDefinitions) refuse(OF_CONTAINER, container);
}

/** Throws ClientException, and InvalidParameterException for what no task on Fargate can have. */
export function refuseOfRunTask(input: Partial<RunTaskRequest>): void {
  refuse(OF_RUN_TASK, input);
  // AWS: tasks on Fargate are spread over the zones.
  if (isGiven(input.placementConstraints) || isGiven(input.placementStrategy)) {
    throw invalidParameter(
      'Placement constraints and strategies are not supported with FARGATE launch type.',
    );
  }
}

function refuse<T>(checks: readonly Check<T>[], given: T): void {
  const found = checks.find(([, isUsed]) => isUsed(given));
  if (found) throw unsupported(found[0]);
}
