// What AWS demands of a task definition as a whole. Rules for a container are in container-rules.ts; features that Millpond
// lacks are refused by absent-features.ts. Pure.

import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { clientError } from '../faults.ts';
import { checkContainer } from './container-rules.ts';
import { checkDependencies } from './dependencies.ts';
import { isFargateSize, parseCpu, parseMemory } from './fargate-sizes.ts';
import type { DefinitionContent } from './model.ts';

/** AWS: the quota of containers of a task definition. */
const MOST_CONTAINERS = 10;
/** AWS: GiB; 20 are those of a task that asks for none. */
const EPHEMERAL = { least: 21, most: 200 };

/** Throws ClientException with the first thing that is wrong. */
export function checkDefinition(family: string, content: DefinitionContent): void {
  if (!/^[\w-]{1,255}$/.test(family)) {
    throw clientError(
      'Family contains invalid characters. Valid characters are up to 255 letters (uppercase and lowercase), numbers, underscores, and hyphens.',
    );
  }
  const { containerDefinitions: containers } = content;
  if (containers.length === 0) throw clientError('Container list cannot be empty.');
  if (containers.length > MOST_CONTAINERS) {
    throw clientError(`A task definition can have at most ${MOST_CONTAINERS} containers.`);
  }
  const isFargate = content.requiresCompatibilities?.includes('FARGATE') ?? false;
  if (isFargate) checkFargate(content);
  checkSize(content, isFargate);
  const names = new Set<string>();
  for (const container of containers) {
    checkContainer(container, { content, isFargate });
    if (names.has(container.name!)) {
      throw clientError(
        `The container name '${container.name}' is used more than once in the task definition.`,
      );
    }
    names.add(container.name!);
  }
  if (!containers.some(({ essential }) => essential !== false)) {
    throw clientError('A TaskDefinition must have at least one essential container.');
  }
  checkDependencies(containers);
  checkVolumes(content);
  checkPorts(containers);
}

function checkFargate(content: DefinitionContent): void {
  if (content.networkMode !== 'awsvpc') throw clientError('Fargate only supports network mode ‘awsvpc’.');
  if (content.cpu === undefined)
    throw clientError("Fargate requires that 'cpu' be defined at the task level.");
  if (content.memory === undefined) {
    throw clientError("Fargate requires that 'memory' be defined at the task level.");
  }
  const usesLogs = content.containerDefinitions.some(
    ({ logConfiguration }) => logConfiguration?.logDriver === 'awslogs',
  );
  const usesRegistry = content.containerDefinitions.some(({ image }) => /\.dkr\.ecr\./.test(image ?? ''));
  if (content.executionRoleArn !== undefined) return;
  if (usesRegistry) {
    throw clientError('Fargate requires task definition to have execution role ARN to support ECR images.');
  }
  if (usesLogs) {
    throw clientError(
      'Fargate requires task definition to have execution role ARN to support log driver awslogs.',
    );
  }
}

function checkSize(content: DefinitionContent, isFargate: boolean): void {
  const cpu = content.cpu === undefined ? undefined : parseCpu(content.cpu);
  const memory = content.memory === undefined ? undefined : parseMemory(content.memory);
  if (content.cpu !== undefined && cpu === undefined) throw clientError("Invalid 'cpu' setting for task.");
  if (content.memory !== undefined && memory === undefined)
    throw clientError("Invalid 'memory' setting for task.");
  if (isFargate && !isFargateSize(cpu!, memory!)) throw noSuchSize(cpu!, memory!);
  const size = content.ephemeralStorage?.sizeInGiB;
  if (size !== undefined && (size < EPHEMERAL.least || size > EPHEMERAL.most)) {
    throw clientError(`Ephemeral storage size must be between ${EPHEMERAL.least} and ${EPHEMERAL.most} GiB.`);
  }
  const { containerDefinitions } = content;
  const sum = (of: (one: ContainerDefinition) => number | undefined) =>
    containerDefinitions.reduce((total, one) => total + (of(one) ?? 0), 0);
  if (cpu !== undefined && sum((one) => one.cpu) > cpu) {
    throw clientError("The total number of CPU units reserved for the containers exceeds the task's 'cpu'.");
  }
  if (memory === undefined) return;
  const tooLarge = containerDefinitions.find((one) => (one.memory ?? 0) > memory);
  if (tooLarge) {
    throw clientError(
      `Invalid setting for container '${tooLarge.name}'. 'memory' must not exceed the memory of the task.`,
    );
  }
  if (sum((one) => one.memoryReservation ?? (one.memory === undefined ? 0 : undefined)) > memory) {
    throw clientError("The memory reserved for the containers exceeds the task's 'memory'.");
  }
}

/** AWS: the text since 2024, with the values. */
export const noSuchSize = (cpu: number, memory: number): Error =>
  clientError(
    `No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory. See the Amazon ECS documentation for the valid values.`,
  );

function checkVolumes({ volumes = [], containerDefinitions }: DefinitionContent): void {
  const names = new Set<string>();
  for (const { name } of volumes) {
    if (name === undefined || !/^[\w-]{1,255}$/.test(name)) {
      throw clientError(
        'Volume name contains invalid characters. Valid characters are up to 255 letters (uppercase and lowercase), numbers, underscores, and hyphens.',
      );
    }
    if (names.has(name)) throw clientError(`The volume name '${name}' is used more than once.`);
    names.add(name);
  }
  const containers = new Set(containerDefinitions.map(({ name }) => name));
  for (const container of containerDefinitions) {
    for (const { sourceVolume, containerPath } of container.mountPoints ?? []) {
      if (sourceVolume === undefined || !names.has(sourceVolume))
        throw clientError(`Unknown volume '${sourceVolume}'.`);
      if (!containerPath?.startsWith('/')) {
        throw clientError(
          `Invalid containerPath for container '${container.name}': it must be an absolute path.`,
        );
      }
    }
    for (const { sourceContainer } of container.volumesFrom ?? []) {
      if (!containers.has(sourceContainer) || sourceContainer === container.name) {
        throw clientError(
          `Invalid sourceContainer '${sourceContainer}' in volumesFrom of container '${container.name}'.`,
        );
      }
    }
  }
}

/** AWS: containers of a task share its interface, so no two may have one port. */
function checkPorts(containers: readonly ContainerDefinition[]): void {
  const taken = new Set<string>();
  for (const { portMappings = [] } of containers) {
    for (const { containerPort, protocol = 'tcp' } of portMappings) {
      const key = `${containerPort}/${protocol}`;
      if (taken.has(key))
        throw clientError(`Container port ${key} is used more than once in the task definition.`);
      taken.add(key);
    }
  }
}
