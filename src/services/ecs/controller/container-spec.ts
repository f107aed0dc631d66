// What the engine of containers gets for a container of a task.

import type { Scope } from '../../../aws/scope.ts';
import { derivedHex } from '../../../kernel/ids.ts';
import type { ContainerSpec, Image, Volume } from '../../../machines/containers/containers.ts';
import type { Cover } from '../../../machines/machine.ts';
import type { Task, TaskContainer } from '../domain/model.ts';
import { runtimeId } from '../view.ts';
import type { OpenTaskNetwork } from './task-network.ts';

const MIB = 1024 * 1024;

/** By which the containers of a task are found again. */
export interface ContainerLabels {
  account: string;
  region: string;
  task: string;
  container: string;
}

/** The surroundings of a container. */
export interface Around {
  scope: Scope;
  task: Task;
  network: OpenTaskNetwork;
  /** Endpoint, region, credentials, certificates. */
  environment: Readonly<Record<string, string>>;
  /** The URL of the API where the container runs. */
  apiUrl: string;
  /** Secrets, and the variables of environment files. */
  found: Readonly<Record<string, string>>;
  covers: readonly Cover[];
}

/** Throws an Error when the container has no command. */
export function containerSpec(container: TaskContainer, image: Image, around: Around): ContainerSpec {
  const { scope, task, network } = around;
  const { definition } = container;
  const { entryPoint = [], command = [] } = definition;
  const { defaults } = image;
  // Docker: an entry point of the definition replaces the command of the image, too.
  const ownCommand = command.length > 0 ? command : entryPoint.length > 0 ? [] : defaults.command;
  const line = [...(entryPoint.length > 0 ? entryPoint : defaults.entryPoint), ...ownCommand];
  if (line.length === 0) throw new Error('no command specified');
  const labels: ContainerLabels = {
    ...{ account: scope.accountId, region: scope.region, task: task.id, container: container.name },
  };
  return {
    ...{ id: runtimeId(task, container), image, command: line, labels: { ...labels } },
    environment: environmentOf(container, image, around),
    user: definition.user ?? defaults.user,
    workingDirectory: definition.workingDirectory ?? (defaults.workingDirectory || '/'),
    hostName: hostNameOf(scope, network.address),
    ...(network.interface && { interface: network.interface }),
    covers: around.covers,
    volumes: volumesOf(task, container, new Set()),
    hasReadOnlyRoot: definition.readonlyRootFilesystem ?? false,
    memoryBytes: (definition.memory ?? Number(task.memory)) * MIB,
    ...(definition.cpu && { cpuShares: definition.cpu }),
    limits: (definition.ulimits ?? []).map(({ name, softLimit, hardLimit }) => ({
      ...{ name: name!, soft: softLimit!, hard: hardLimit! },
    })),
  };
}

/** AWS: `ip-10-0-1-23.us-east-1.compute.internal`. */
export const hostNameOf = ({ region }: Scope, address: string): string =>
  `ip-${address.replaceAll('.', '-')}.${region}.compute.internal`;

function environmentOf(
  { definition, metadataId }: TaskContainer,
  image: Image,
  { environment, apiUrl, found }: Around,
): Record<string, string> {
  const own = (definition.environment ?? []).map(({ name, value }) => [name!, value ?? ''] as const);
  return {
    ...image.defaults.environment,
    ...environment,
    AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
    ECS_CONTAINER_METADATA_URI: `${apiUrl}/v3/${metadataId}`,
    ECS_CONTAINER_METADATA_URI_V4: `${apiUrl}/v4/${metadataId}`,
    ...found,
    ...Object.fromEntries(own),
  };
}

/** The name of a volume of a task, as the engine of containers knows it. */
const volumeName = ({ id }: Pick<Task, 'id'>, volume: string): string => `${id}-${derivedHex(16, volume)}`;

/** The names of all volumes of a task. */
export const volumeNames = (task: Task): string[] => [
  ...new Set(task.containers.flatMap((one) => volumesOf(task, one, new Set()).map(({ name }) => name))),
];

/** Those of mountPoints, and those of the containers in volumesFrom. */
function volumesOf(task: Task, { name, definition }: TaskContainer, seen: Set<string>): Volume[] {
  if (seen.has(name)) return [];
  seen.add(name);
  const own = (definition.mountPoints ?? []).map(({ sourceVolume, containerPath, readOnly = false }) => ({
    ...{ name: volumeName(task, sourceVolume!), containerPath: containerPath!, isReadOnly: readOnly },
  }));
  const others = (definition.volumesFrom ?? []).flatMap(({ sourceContainer, readOnly = false }) => {
    const source = task.containers.find((one) => one.name === sourceContainer);
    const volumes = source ? volumesOf(task, source, seen) : [];
    return volumes.map((volume) => ({ ...volume, isReadOnly: volume.isReadOnly || readOnly }));
  });
  return [...own, ...others.filter((other) => !own.some((one) => one.containerPath === other.containerPath))];
}
