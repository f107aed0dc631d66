// ECS's resource types for CloudFormation: AWS::ECS::Cluster and AWS::ECS::TaskDefinition. They call ECS's own API.

import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { physicalName } from '../../control/physical-name.ts';
import { finishing, unless } from '../../control/resource-attempts.ts';
import {
  flagOf,
  listOf,
  numberOf,
  objectOf,
  objectsOf,
  tagsOf,
  textOf,
} from '../../control/resource-properties.ts';
import type {
  ExistingResource,
  Properties,
  ResourceRequest,
  ResourceState,
  ResourceType,
  Value,
} from '../../control/resource-type.ts';
import type { Client } from '../../wire/client.ts';
import type { Sdk } from './sdk.ts';
import { TOKEN_TAG, viewTags } from './tagging.ts';

type EcsClient = Client<Sdk>;

/** The physical id of a cluster is its name, that of a task definition its ARN. */
export const ecsResourceTypes = (ecs: EcsClient): ResourceType[] => [clusterType(ecs), definitionType(ecs)];

const MOST_NAME_LETTERS = 255;

const clusterType = (ecs: EcsClient): ResourceType => ({
  name: 'AWS::ECS::Cluster',
  async create(request) {
    const clusterName =
      textOf(request.properties, 'ClusterName') ?? physicalName(request, { maxLength: MOST_NAME_LETTERS });
    // AWS: a cluster with this name that exists is answered as it is; a repeated creation finds it so.
    const { cluster } = await ecs.call(
      'CreateCluster',
      { clusterName, ...clusterSettings(request.properties), tags: renderedTags(request) },
      request.scope,
    );
    return { physicalId: clusterName, attributes: { Arn: cluster!.clusterArn! } };
  },
  async update(request) {
    const { physicalId: cluster, properties, scope } = request;
    const {
      settings,
      capacityProviders = [],
      defaultCapacityProviderStrategy = [],
      ...others
    } = clusterSettings(properties);
    const { cluster: updated } = await ecs.call(
      'UpdateCluster',
      { cluster, settings: settings ?? [{ name: 'containerInsights', value: 'disabled' }], ...others },
      scope,
    );
    await ecs.call(
      'PutClusterCapacityProviders',
      { cluster, capacityProviders, defaultCapacityProviderStrategy },
      scope,
    );
    await retag(ecs, request, updated!.clusterArn!);
    return { physicalId: cluster, attributes: { Arn: updated!.clusterArn! } };
  },
  // Tasks of a user, which end by themselves or are stopped.
  inTheWay: /^ClusterContainsTasksException$/,
  async delete({ physicalId: cluster, scope }) {
    await unless(/^ClusterNotFoundException$/, ecs.call('DeleteCluster', { cluster }, scope));
  },
});

function clusterSettings(properties: Properties) {
  const settings = objectsOf(properties, 'ClusterSettings').map((each) => ({
    ...{ name: textOf(each, 'Name') as 'containerInsights', value: textOf(each, 'Value') },
  }));
  const strategy = objectsOf(properties, 'DefaultCapacityProviderStrategy').map((each) => ({
    ...{
      capacityProvider: textOf(each, 'CapacityProvider'),
      weight: numberOf(each, 'Weight'),
      base: numberOf(each, 'Base'),
    },
  }));
  const namespace = textOf(objectOf(properties, 'ServiceConnectDefaults') ?? {}, 'Namespace');
  const configuration = objectOf(properties, 'Configuration');
  const capacityProviders = listOf(properties, 'CapacityProviders');
  return {
    ...(settings.length > 0 && { settings }),
    ...(capacityProviders && { capacityProviders }),
    ...(strategy.length > 0 && { defaultCapacityProviderStrategy: strategy }),
    ...(namespace !== undefined && { serviceConnectDefaults: { namespace } }),
    ...(configuration && { configuration: lowerNames(configuration, '') as object }),
  };
}

const definitionType = (ecs: EcsClient): ResourceType => ({
  name: 'AWS::ECS::TaskDefinition',
  async create(request) {
    const { properties, scope, isRetry } = request;
    const family = textOf(properties, 'Family') ?? physicalName(request, { maxLength: MOST_NAME_LETTERS });
    const earlier = isRetry ? await registeredEarlier(ecs, request, family) : undefined;
    if (earlier !== undefined) return stateOf(earlier);
    const tags = [...renderedTags(request), { key: TOKEN_TAG, value: request.token }];
    const input = { ...definitionOf(properties), family, tags } as RegisterTaskDefinitionRequest;
    const { taskDefinition } = await ecs.call('RegisterTaskDefinition', input as never, scope);
    const arn = taskDefinition!.taskDefinitionArn!;
    return finishing(arn, async () => stateOf(arn));
  },
  // AWS: only the tags of a revision can change.
  async update(request) {
    await retag(ecs, request, request.physicalId);
    return stateOf(request.physicalId);
  },
  async delete({ physicalId: taskDefinition, scope }) {
    await unless(/^ClientException$/, ecs.call('DeregisterTaskDefinition', { taskDefinition }, scope));
  },
});

const stateOf = (arn: string): ResourceState => ({ physicalId: arn, attributes: { TaskDefinitionArn: arn } });

async function registeredEarlier(
  ecs: EcsClient,
  { scope, token }: ResourceRequest,
  family: string,
): Promise<string | undefined> {
  const asked = ecs.call('DescribeTaskDefinition', { taskDefinition: family, include: ['TAGS'] }, scope);
  const found = await unless(/^ClientException$/, asked);
  const isOurs = found?.tags?.some(({ key, value }) => key === TOKEN_TAG && value === token);
  return isOurs ? found!.taskDefinition!.taskDefinitionArn! : undefined;
}

const OF_DEFINITION = [
  'ContainerDefinitions',
  'EphemeralStorage',
  'PlacementConstraints',
  'ProxyConfiguration',
  'InferenceAccelerators',
  'RuntimePlatform',
  'Volumes',
];

function definitionOf(properties: Properties): object {
  const texts = ['Cpu', 'Memory', 'TaskRoleArn', 'ExecutionRoleArn', 'NetworkMode', 'PidMode', 'IpcMode'];
  const input: Record<string, unknown> = {};
  for (const name of texts) {
    const text = textOf(properties, name);
    if (text !== undefined) input[lower(name)] = text;
  }
  const compatibilities = listOf(properties, 'RequiresCompatibilities');
  if (compatibilities) input.requiresCompatibilities = compatibilities;
  if (flagOf(properties, 'EnableFaultInjection')) input.enableFaultInjection = true;
  for (const name of OF_DEFINITION) {
    const value = properties[name];
    if (value !== undefined && value !== null) input[lower(name)] = lowerNames(value, lower(name));
  }
  return input;
}

/** Members whose values are maps of the user: their names stay. */
const MAPS = new Set(['options', 'dockerLabels', 'driverOpts', 'labels']);
/** Members of the API that are numbers and flags, which templates may give as texts. */
const NUMBERS = new Set([
  ...[
    'cpu',
    'memory',
    'memoryReservation',
    'containerPort',
    'hostPort',
    'startTimeout',
    'stopTimeout',
    'softLimit',
  ],
  ...[
    'hardLimit',
    'interval',
    'timeout',
    'retries',
    'startPeriod',
    'sizeInGiB',
    'maxSwap',
    'swappiness',
    'size',
  ],
  ...['sharedMemorySize', 'restartAttemptPeriod', 'ignoredExitCodes'],
]);
const FLAGS = new Set([
  ...['essential', 'readOnly', 'readonlyRootFilesystem', 'privileged', 'interactive', 'pseudoTerminal'],
  ...['disableNetworking', 'initProcessEnabled', 'autoprovision', 'configuredAtLaunch', 'enabled'],
]);

/** The names of the API's members begin in lower case. */
function lowerNames(value: Value, member: string): Value {
  if (Array.isArray(value)) return value.map((each) => lowerNames(each, member));
  if (value !== null && typeof value === 'object') {
    if (MAPS.has(member))
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, String(each)]));
    const entries = Object.entries(value).filter(([, each]) => each !== null && each !== undefined);
    return Object.fromEntries(
      entries.map(([name, each]) => {
        const own = RENAMED[name] ?? lower(name);
        return [own, lowerNames(each, own)];
      }),
    );
  }
  if (NUMBERS.has(member) && value !== null && value !== '') return Number(value);
  if (FLAGS.has(member)) return value === true || value === 'true';
  return value === null ? value : String(value);
}

/** Where CloudFormation's name is not the API's with another first letter. */
const RENAMED: Readonly<Record<string, string>> = {
  EFSVolumeConfiguration: 'efsVolumeConfiguration',
  FSxWindowsFileServerVolumeConfiguration: 'fsxWindowsFileServerVolumeConfiguration',
  S3FilesVolumeConfiguration: 's3filesVolumeConfiguration',
  SizeInGiB: 'sizeInGiB',
};

const lower = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

const renderedTags = (request: ResourceRequest) => viewTags(tagsOf(request));

async function retag(ecs: EcsClient, request: ExistingResource, resourceArn: string): Promise<void> {
  const wanted = tagsOf(request);
  const { tags = [] } = await ecs.call('ListTagsForResource', { resourceArn }, request.scope);
  const tagKeys = tags
    .map(({ key }) => key ?? '')
    .filter((key) => !Object.hasOwn(wanted, key) && key !== TOKEN_TAG);
  if (tagKeys.length > 0) await ecs.call('UntagResource', { resourceArn, tagKeys }, request.scope);
  const given = viewTags(wanted);
  if (given.length > 0) await ecs.call('TagResource', { resourceArn, tags: given }, request.scope);
}
