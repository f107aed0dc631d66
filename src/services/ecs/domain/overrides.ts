// The containers of a task: those of its definition with the overrides of RunTask. Pure.

import type { ContainerDefinition, ContainerOverride, TaskOverride } from '@aws-sdk/client-ecs';
import { clientError, invalidParameter, noSuchContainer } from '../faults.ts';
import { isFargateSize, parseCpu, parseMemory } from './fargate-sizes.ts';
import type { DefinitionContent } from './model.ts';
import { noSuchSize } from './task-definition-rules.ts';

/** AWS: the most characters of the overrides, as JSON. */
const MOST_OVERRIDES = 8_192;

/** The effective settings of a task. `cpu` is in units, `memory` in MiB. */
export interface EffectiveTask {
  cpu: number;
  memory: number;
  ephemeralStorageGiB: number;
  containers: ContainerDefinition[];
}

/** AWS: GiB of a task that asks for none. */
const DEFAULT_STORAGE = 20;

/** Throws InvalidParameterException or ClientException for overrides that do not fit. */
export function applyOverrides(content: DefinitionContent, overrides: TaskOverride = {}): EffectiveTask {
  if (JSON.stringify(overrides).length > MOST_OVERRIDES) {
    throw invalidParameter(`Container Overrides length must be at most ${MOST_OVERRIDES}`);
  }
  const { containerDefinitions } = content;
  const named = new Map<string, ContainerOverride>();
  for (const each of overrides.containerOverrides ?? []) {
    if (!each.name || !containerDefinitions.some(({ name }) => name === each.name)) {
      throw noSuchContainer(each.name ?? '');
    }
    named.set(each.name, each);
  }
  const cpu = parseCpu(overrides.cpu ?? content.cpu ?? '');
  const memory = parseMemory(overrides.memory ?? content.memory ?? '');
  if (cpu === undefined) throw clientError("Invalid 'cpu' setting for task.");
  if (memory === undefined) throw clientError("Invalid 'memory' setting for task.");
  if (!isFargateSize(cpu, memory)) throw noSuchSize(cpu, memory);
  return {
    ...{ cpu, memory },
    ephemeralStorageGiB:
      overrides.ephemeralStorage?.sizeInGiB ?? content.ephemeralStorage?.sizeInGiB ?? DEFAULT_STORAGE,
    containers: containerDefinitions.map((container) => withOverride(container, named.get(container.name!))),
  };
}

/** AWS: variables are added to those of the definition; everything else replaces it. */
function withOverride(
  container: ContainerDefinition,
  override: ContainerOverride | undefined,
): ContainerDefinition {
  if (!override) return container;
  const { command, cpu, memory, memoryReservation, environment = [], environmentFiles = [] } = override;
  const overridden = new Set(environment.map(({ name }) => name));
  const kept = (container.environment ?? []).filter(({ name }) => !overridden.has(name));
  for (const { name, value } of environment) {
    if (!name || /[=\0]/.test(name) || value?.includes('\0')) {
      throw invalidParameter('The name or the value of an environment variable in an override is not valid.');
    }
  }
  return {
    ...container,
    ...(command && command.length > 0 && { command }),
    ...(cpu !== undefined && { cpu }),
    ...(memory !== undefined && { memory }),
    ...(memoryReservation !== undefined && { memoryReservation }),
    environment: [...kept, ...environment],
    ...(environmentFiles.length > 0 && {
      environmentFiles: [...(container.environmentFiles ?? []), ...environmentFiles],
    }),
  };
}
