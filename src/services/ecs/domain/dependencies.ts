// The order in which the containers of a task start and end: dependsOn and volumesFrom. Pure.

import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { clientError } from '../faults.ts';
import type { TaskContainer } from './model.ts';

/** Throws ClientException for unknown containers, circles, and conditions that cannot come true. */
export function checkDependencies(containers: readonly ContainerDefinition[]): void {
  const named = new Map(containers.map((one) => [one.name!, one]));
  for (const { name, dependsOn = [] } of containers) {
    for (const { containerName, condition } of dependsOn) {
      const other = named.get(containerName ?? '');
      if (!other || containerName === name) {
        throw clientError(
          `Invalid container dependency of '${name}': there is no container '${containerName}'.`,
        );
      }
      if (condition === undefined)
        throw clientError(`The dependency of '${name}' on '${containerName}' has no condition.`);
      if (condition === 'HEALTHY' && !hasHealthCheck(other)) {
        throw clientError(
          `The container '${containerName}' must have a health check, since '${name}' waits for it to be HEALTHY.`,
        );
      }
      if ((condition === 'COMPLETE' || condition === 'SUCCESS') && other.essential !== false) {
        throw clientError(
          `The container '${containerName}' must not be essential, since '${name}' waits for its end.`,
        );
      }
    }
  }
  const settled = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name))
      throw clientError(`Containers depend on each other: ${[...path, name].join(' -> ')}.`);
    if (settled.has(name)) return;
    for (const other of prerequisites(named.get(name)!)) visit(other, [...path, name]);
    settled.add(name);
  };
  for (const name of named.keys()) visit(name, []);
}

/** The containers that start before this one. */
const prerequisites = ({ dependsOn = [], volumesFrom = [] }: ContainerDefinition): string[] => [
  ...dependsOn.map(({ containerName }) => containerName!),
  ...volumesFrom.map(({ sourceContainer }) => sourceContainer!),
];

/** Whether the container has a health check that runs. */
export const hasHealthCheck = ({ healthCheck }: ContainerDefinition): boolean =>
  healthCheck !== undefined && healthCheck.command?.[0] !== 'NONE';

/** Whether a container may start: `never` with the name of the container that will not fulfil its condition. */
export type Readiness =
  | { may: 'start' }
  | { may: 'wait'; for: string }
  | { may: 'never'; because: string; name: string };

/** AWS: Fargate gives up on a dependency after three minutes. */
const DEFAULT_START_TIMEOUT_S = 180;

/** Whether this container may start now; `waitsUntil` gets the times at which that may change by itself. */
export function readinessOf(
  container: TaskContainer,
  all: readonly TaskContainer[],
  now: number,
  waitsUntil: (at: number) => void = () => {},
): Readiness {
  const named = new Map(all.map((one) => [one.name, one]));
  const conditions = [
    ...(container.definition.dependsOn ?? []).map(({ containerName, condition }) => ({
      name: containerName!,
      condition,
    })),
    ...(container.definition.volumesFrom ?? []).map(({ sourceContainer }) => ({
      name: sourceContainer!,
      condition: 'START',
    })),
  ];
  let waits: string | undefined;
  for (const { name, condition } of conditions) {
    const other = named.get(name)!;
    const state = stateOf(other, condition!);
    if (state === 'never') {
      const text = `dependency graph: failed to resolve container ordering dependency [${name}] for target [${container.name}] as dependency did not exit successfully.`;
      return { may: 'never', because: text, name };
    }
    if (state === 'fulfilled') continue;
    waits ??= name;
    if (other.startedAt === undefined) continue;
    const end = other.startedAt + (other.definition.startTimeout ?? DEFAULT_START_TIMEOUT_S) * 1_000;
    if (now >= end) {
      const text = `dependency graph: container ordering dependency [${name}] for target [${container.name}] has timed out.`;
      return { may: 'never', because: text, name };
    }
    waitsUntil(end);
  }
  return waits === undefined ? { may: 'start' } : { may: 'wait', for: waits };
}

function stateOf(other: TaskContainer, condition: string): 'fulfilled' | 'not yet' | 'never' {
  const hasEnded = other.lastStatus === 'STOPPED';
  const hasStarted = other.startedAt !== undefined;
  switch (condition) {
    case 'COMPLETE':
      return hasEnded ? 'fulfilled' : 'not yet';
    case 'SUCCESS':
      if (!hasEnded) return 'not yet';
      return other.exitCode === 0 ? 'fulfilled' : 'never';
    case 'HEALTHY':
      if (hasEnded) return 'never';
      return other.health === 'HEALTHY' ? 'fulfilled' : 'not yet';
    default:
      if (hasStarted) return 'fulfilled';
      return hasEnded ? 'never' : 'not yet';
  }
}

/** Whether no running container depends on this one. AWS: dependants are stopped first. */
export function mayStop(container: TaskContainer, all: readonly TaskContainer[]): boolean {
  return !all.some(
    (other) => other.lastStatus === 'RUNNING' && prerequisites(other.definition).includes(container.name),
  );
}
