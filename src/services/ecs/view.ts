// Shows records as AWS does.

import type {
  Attachment,
  Attribute,
  Cluster as ShownCluster,
  Container as ShownContainer,
  TaskDefinition as ShownDefinition,
  Task as ShownTask,
  TaskOverride,
} from '@aws-sdk/client-ecs';
import type { Scope } from '../../aws/scope.ts';
import { taskHealth } from './domain/health.ts';
import { clusterArn, containerArn, definitionArn, taskArn } from './domain/identifiers.ts';
import type { Cluster, Definition, Task, TaskContainer } from './domain/model.ts';
import { viewTags } from './tagging.ts';

const date = (at: number | undefined): Date | undefined => (at === undefined ? undefined : new Date(at));

/** The tasks of a cluster. */
export interface TaskCounts {
  running: number;
  pending: number;
}

export const NO_TASKS: TaskCounts = { running: 0, pending: 0 };

/** A cluster, with parts that a request asks for by `include`. */
export function viewCluster(
  scope: Scope,
  cluster: Cluster,
  { running, pending }: TaskCounts,
  include: readonly string[],
): ShownCluster {
  const isActive = cluster.status === 'ACTIVE';
  return {
    clusterArn: clusterArn(scope, cluster.name),
    clusterName: cluster.name,
    status: cluster.status,
    registeredContainerInstancesCount: 0,
    runningTasksCount: running,
    pendingTasksCount: pending,
    activeServicesCount: 0,
    statistics: include.includes('STATISTICS') ? statistics(running, pending) : [],
    tags: include.includes('TAGS') && isActive ? viewTags(cluster.tags) : [],
    settings: include.includes('SETTINGS') ? (cluster.settings as NonNullable<ShownCluster['settings']>) : [],
    capacityProviders: cluster.capacityProviders,
    defaultCapacityProviderStrategy: cluster.defaultStrategy,
    ...(include.includes('CONFIGURATIONS') &&
      cluster.configuration && { configuration: cluster.configuration }),
    ...(include.includes('ATTACHMENTS') && { attachments: [] }),
    ...(cluster.serviceConnectNamespace && {
      serviceConnectDefaults: { namespace: cluster.serviceConnectNamespace },
    }),
  };
}

/** AWS: all of these are there, for each launch type. */
const statistics = (running: number, pending: number) =>
  Object.entries({
    runningEC2TasksCount: 0,
    runningFargateTasksCount: running,
    pendingEC2TasksCount: 0,
    pendingFargateTasksCount: pending,
    runningExternalTasksCount: 0,
    pendingExternalTasksCount: 0,
    activeEC2ServiceCount: 0,
    activeFargateServiceCount: 0,
    activeExternalServiceCount: 0,
    drainingEC2ServiceCount: 0,
    drainingFargateServiceCount: 0,
    drainingExternalServiceCount: 0,
  }).map(([name, value]) => ({ name, value: String(value) }));

/** A revision of a task definition. */
export function viewDefinition(scope: Scope, definition: Definition): ShownDefinition {
  const { family, revision, status, content, registeredBy } = definition;
  const { requiresCompatibilities, ...others } = content;
  return {
    ...others,
    taskDefinitionArn: definitionArn(scope, family, revision),
    ...{ family, revision, status, registeredBy },
    volumes: content.volumes ?? [],
    placementConstraints: content.placementConstraints ?? [],
    compatibilities: compatibilitiesOf(definition),
    requiresAttributes: requiredAttributes(definition),
    ...(requiresCompatibilities && requiresCompatibilities.length > 0 && { requiresCompatibilities }),
    registeredAt: date(definition.registeredAt),
    ...(definition.deregisteredAt !== undefined && { deregisteredAt: date(definition.deregisteredAt) }),
    ...(definition.deleteRequestedAt !== undefined && {
      deleteRequestedAt: date(definition.deleteRequestedAt),
    }),
  };
}

/** AWS: what the definition can run on, whatever it requires. */
export function compatibilitiesOf({ content }: Definition): ('EC2' | 'FARGATE' | 'EXTERNAL')[] {
  const isFargate = content.requiresCompatibilities?.includes('FARGATE') ?? false;
  if (content.networkMode === 'awsvpc') return isFargate ? ['EC2', 'FARGATE'] : ['EC2'];
  return ['EXTERNAL', 'EC2'];
}

/** AWS: the capabilities that a container instance must have. Those of the features that Millpond has. */
function requiredAttributes({ content }: Definition): Attribute[] {
  const { containerDefinitions, executionRoleArn, taskRoleArn, networkMode } = content;
  const usesLogs = containerDefinitions.some(({ logConfiguration }) => logConfiguration !== undefined);
  const usesRegistry = containerDefinitions.some(({ image }) => /\.dkr\.ecr\./.test(image ?? ''));
  const usesParameters = containerDefinitions.some(({ secrets = [] }) => secrets.length > 0);
  const names = [
    ...(usesLogs ? ['com.amazonaws.ecs.capability.logging-driver.awslogs'] : []),
    ...(usesLogs && executionRoleArn ? ['ecs.capability.execution-role-awslogs'] : []),
    ...(usesRegistry ? ['com.amazonaws.ecs.capability.ecr-auth'] : []),
    ...(usesRegistry && executionRoleArn ? ['ecs.capability.execution-role-ecr-pull'] : []),
    ...(usesLogs ? ['com.amazonaws.ecs.capability.docker-remote-api.1.19'] : []),
    'com.amazonaws.ecs.capability.docker-remote-api.1.18',
    ...(taskRoleArn ? ['com.amazonaws.ecs.capability.task-iam-role'] : []),
    ...(usesParameters ? ['ecs.capability.secrets.ssm.environment-variables'] : []),
    ...(networkMode === 'awsvpc' ? ['ecs.capability.task-eni'] : []),
  ];
  return names.map((name) => ({ name }));
}

/** A task. */
export function viewTask(scope: Scope, task: Task, include: readonly string[] = []): ShownTask {
  const { cpu, memory, definition } = task;
  const sizeInGiB = task.ephemeralStorageGiB;
  return {
    attachments: [viewAttachment(task)],
    attributes: [{ name: 'ecs.cpu-architecture', value: process.arch === 'arm64' ? 'arm64' : 'x86_64' }],
    availabilityZone: task.network.zone,
    ...(task.capacityProvider && { capacityProviderName: task.capacityProvider }),
    clusterArn: clusterArn(scope, task.cluster),
    ...(task.connectedAt !== undefined && {
      connectivity: 'CONNECTED',
      connectivityAt: date(task.connectedAt),
    }),
    containers: task.containers.map((container) => viewContainer(scope, task, container)),
    ...{ cpu, memory },
    createdAt: date(task.createdAt),
    desiredStatus: task.desiredStatus,
    enableExecuteCommand: false,
    ...times(task),
    group: task.group,
    healthStatus: taskHealth(task),
    lastStatus: task.lastStatus,
    launchType: task.launchType,
    overrides: viewOverrides(task),
    platformVersion: '1.4.0',
    platformFamily: 'Linux',
    ...(task.startedBy !== undefined && { startedBy: task.startedBy }),
    ...(task.stopCode && { stopCode: task.stopCode, stoppedReason: task.stoppedReason }),
    tags: include.includes('TAGS') ? viewTags(task.tags) : [],
    taskArn: taskArn(scope, task.cluster, task.id),
    taskDefinitionArn: definitionArn(scope, definition.family, definition.revision),
    version: task.version,
    ephemeralStorage: { sizeInGiB },
    fargateEphemeralStorage: { sizeInGiB },
  };
}

/** AWS: every container is there, with its name at least. */
const viewOverrides = ({ overrides, containers }: Task): TaskOverride => ({
  inferenceAcceleratorOverrides: [],
  ...overrides,
  containerOverrides: containers.map(
    ({ name }) => overrides.containerOverrides?.find((one) => one.name === name) ?? { name },
  ),
});

const times = (task: Task) => ({
  ...(task.pullStartedAt !== undefined && { pullStartedAt: date(task.pullStartedAt) }),
  ...(task.pullStoppedAt !== undefined && { pullStoppedAt: date(task.pullStoppedAt) }),
  ...(task.startedAt !== undefined && { startedAt: date(task.startedAt) }),
  ...(task.stoppingAt !== undefined && { stoppingAt: date(task.stoppingAt) }),
  ...(task.executionStoppedAt !== undefined && { executionStoppedAt: date(task.executionStoppedAt) }),
  ...(task.stoppedAt !== undefined && { stoppedAt: date(task.stoppedAt) }),
});

function viewAttachment({ network, lastStatus }: Task): Attachment {
  const { address } = network;
  const details = {
    subnetId: network.subnetId,
    ...(address !== undefined && {
      networkInterfaceId: network.interfaceId,
      macAddress: network.macAddress,
      privateDnsName: `ip-${address.replaceAll('.', '-')}.${network.zone.replace(/[a-z]$/, '')}.compute.internal`,
      privateIPv4Address: address,
    }),
  };
  return {
    id: network.attachmentId,
    type: 'ElasticNetworkInterface',
    status: lastStatus === 'STOPPED' ? 'DELETED' : address === undefined ? 'PRECREATED' : 'ATTACHED',
    details: Object.entries(details).map(([name, value]) => ({ name, value })),
  };
}

function viewContainer(scope: Scope, task: Task, container: TaskContainer): ShownContainer {
  const { definition, name } = container;
  const { address, attachmentId } = task.network;
  return {
    containerArn: containerArn(scope, task.cluster, task.id, container.id),
    taskArn: taskArn(scope, task.cluster, task.id),
    name,
    image: definition.image!,
    ...(container.imageDigest && { imageDigest: container.imageDigest }),
    ...(container.startedAt !== undefined && { runtimeId: runtimeId(task, container) }),
    lastStatus: container.lastStatus === 'PENDING' ? task.lastStatus : container.lastStatus,
    ...(container.exitCode !== undefined && { exitCode: container.exitCode }),
    ...(container.reason !== undefined && { reason: container.reason }),
    networkBindings: [],
    networkInterfaces: address === undefined ? [] : [{ attachmentId, privateIpv4Address: address }],
    healthStatus: container.health,
    managedAgents: [],
    cpu: String(definition.cpu ?? 0),
    ...(definition.memory !== undefined && { memory: String(definition.memory) }),
    ...(definition.memoryReservation !== undefined && {
      memoryReservation: String(definition.memoryReservation),
    }),
  };
}

/** AWS: on Fargate, the task's id and a number. It is also the container's id in the engine of containers. */
export const runtimeId = ({ id }: Pick<Task, 'id'>, container: Pick<TaskContainer, 'id'>): string =>
  `${id}-${String(Number.parseInt(container.id.slice(0, 8), 16)).padStart(10, '0')}`;
