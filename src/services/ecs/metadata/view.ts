// What the task metadata endpoint says of a task and its containers. Source: AWS's developer guide, “Amazon ECS task
// metadata endpoint version 4 for tasks on Fargate” (July 2026).

import type { Scope } from '../../../aws/scope.ts';
import { clusterArn, containerArn, taskArn } from '../domain/identifiers.ts';
import { logTarget } from '../domain/log-configuration.ts';
import type { Task, TaskContainer } from '../domain/model.ts';
import { runtimeId } from '../view.ts';

const time = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString();

/** `${ECS_CONTAINER_METADATA_URI_V4}`. Members that are `undefined` are left out. */
export function containerMetadata(scope: Scope, task: Task, container: TaskContainer) {
  const { definition } = container;
  const id = runtimeId(task, container);
  const target = logTarget(definition.logConfiguration, {
    container: container.name,
    taskId: task.id,
    runtimeId: id,
  });
  return {
    DockerId: id,
    Name: container.name,
    DockerName: container.name,
    Image: definition.image,
    ImageID: container.imageDigest,
    Labels: {
      ...definition.dockerLabels,
      'com.amazonaws.ecs.cluster': clusterArn(scope, task.cluster),
      'com.amazonaws.ecs.container-name': container.name,
      'com.amazonaws.ecs.task-arn': taskArn(scope, task.cluster, task.id),
      'com.amazonaws.ecs.task-definition-family': task.definition.family,
      'com.amazonaws.ecs.task-definition-version': String(task.definition.revision),
    },
    DesiredStatus: task.desiredStatus,
    KnownStatus: container.lastStatus,
    ExitCode: container.exitCode,
    Limits: {
      CPU: definition.cpu ?? 0,
      Memory: definition.memory,
    },
    CreatedAt: time(container.startedAt),
    StartedAt: time(container.startedAt),
    FinishedAt: time(container.endedAt),
    Type: 'NORMAL',
    ...(definition.healthCheck && { Health: { status: container.health } }),
    ...(target && {
      LogDriver: 'awslogs',
      LogOptions: {
        'awslogs-group': target.group,
        'awslogs-region': target.region,
        'awslogs-stream': target.stream,
      },
    }),
    ContainerARN: containerArn(scope, task.cluster, task.id, container.id),
    Networks: [
      {
        NetworkMode: 'awsvpc',
        IPv4Addresses: [task.network.address],
        AttachmentIndex: 0,
        MACAddress: task.network.macAddress,
        IPv4SubnetCIDRBlock: task.network.cidr,
        PrivateDNSName: `ip-${(task.network.address ?? '').replaceAll('.', '-')}.${scope.region}.compute.internal`,
      },
    ],
    Snapshotter: 'overlayfs',
  };
}

/** `${ECS_CONTAINER_METADATA_URI_V4}/task`. CPU is in vCPUs, memory in MiB. */
export function taskMetadata(scope: Scope, task: Task, withTags: boolean) {
  return {
    Cluster: clusterArn(scope, task.cluster),
    TaskARN: taskArn(scope, task.cluster, task.id),
    Family: task.definition.family,
    Revision: String(task.definition.revision),
    DesiredStatus: task.desiredStatus,
    KnownStatus: task.lastStatus,
    Limits: { CPU: Number(task.cpu) / 1024, Memory: Number(task.memory) },
    PullStartedAt: time(task.pullStartedAt),
    PullStoppedAt: time(task.pullStoppedAt),
    AvailabilityZone: task.network.zone,
    LaunchType: 'FARGATE',
    Containers: task.containers.map((container) => containerMetadata(scope, task, container)),
    ...(withTags && { TaskTags: task.tags }),
    EphemeralStorageMetrics: { Reserved: task.ephemeralStorageGiB * 1024, Utilized: 0 },
    FaultInjectionEnabled: false,
  };
}
