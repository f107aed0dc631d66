// What AWS demands of a container of a task definition. Pure.

import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { clientError } from '../faults.ts';
import { checkLogConfiguration } from './log-configuration.ts';
import type { DefinitionContent } from './model.ts';

const MOST_PORT = 65_535;
const LEAST_MEMORY_MIB = 4;
/** AWS: seconds; the most of Fargate. */
const MOST_TIMEOUT = 120;

const RANGES = {
  interval: [5, 300],
  timeout: [2, 120],
  retries: [1, 10],
  startPeriod: [0, 300],
} as const;

interface Around {
  content: Omit<DefinitionContent, 'containerDefinitions'>;
  isFargate: boolean;
}

/** Throws ClientException with the first thing that is wrong. */
export function checkContainer(container: ContainerDefinition, { content, isFargate }: Around): void {
  const { name, image, cpu, memory, memoryReservation } = container;
  if (!name) throw clientError('Container.name should not be null or empty.');
  if (!/^[\w-]{1,255}$/.test(name)) {
    throw clientError(
      'Container.name contains invalid characters. Valid characters are up to 255 letters (uppercase and lowercase), numbers, underscores, and hyphens.',
    );
  }
  if (!image) throw clientError('Container.image should not be null or empty.');
  if (/\s/.test(image) || image.length > 2_048) throw invalid(name, "'image' is not a valid reference");
  if (content.memory === undefined && memory === undefined && memoryReservation === undefined) {
    throw clientError(
      `Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
    );
  }
  for (const size of [memory, memoryReservation]) {
    if (size !== undefined && size < LEAST_MEMORY_MIB)
      throw invalid(name, `memory must be at least ${LEAST_MEMORY_MIB} MiB`);
  }
  if (memory !== undefined && memoryReservation !== undefined && memoryReservation > memory) {
    throw invalid(name, "'memory' must be greater than or equal to 'memoryReservation'");
  }
  if (cpu !== undefined && cpu < 0) throw invalid(name, "'cpu' must not be negative");
  for (const timeout of ['startTimeout', 'stopTimeout'] as const) {
    const seconds = container[timeout];
    if (seconds === undefined) continue;
    if (seconds < 2 || (isFargate && seconds > MOST_TIMEOUT)) {
      throw invalid(name, `'${timeout}' must be from 2 to ${MOST_TIMEOUT} seconds`);
    }
  }
  checkPorts(container, content.networkMode);
  checkHealth(container);
  checkNames(container);
  if (container.workingDirectory !== undefined && !container.workingDirectory.startsWith('/')) {
    throw invalid(name, "'workingDirectory' must be an absolute path");
  }
  if (container.logConfiguration) checkLogConfiguration(name, container.logConfiguration, isFargate);
}

const invalid = (name: string, reason: string): Error =>
  clientError(
    `Invalid setting for container '${name}'. ${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`,
  );

function checkPorts({ name, portMappings = [] }: ContainerDefinition, networkMode: string | undefined): void {
  for (const { containerPort, hostPort } of portMappings) {
    if (containerPort === undefined || containerPort < 1 || containerPort > MOST_PORT) {
      throw invalid(name!, `'containerPort' must be from 1 to ${MOST_PORT}`);
    }
    if (hostPort !== undefined && (hostPort < 0 || hostPort > MOST_PORT)) {
      throw invalid(name!, `'hostPort' must be from 0 to ${MOST_PORT}`);
    }
    if (networkMode === 'awsvpc' && hostPort !== undefined && hostPort !== containerPort) {
      throw clientError(
        'When networkMode=awsvpc, the host ports and container ports in port mappings must match.',
      );
    }
  }
}

function checkHealth({ name, healthCheck }: ContainerDefinition): void {
  if (!healthCheck) return;
  const [kind] = healthCheck.command ?? [];
  if (kind === undefined) throw invalid(name!, "'healthCheck.command' should not be empty");
  if (healthCheck.command!.length < 2 && kind !== 'NONE')
    throw invalid(name!, "'healthCheck.command' has no command");
  for (const [member, [least, most]] of Object.entries(RANGES)) {
    const value = healthCheck[member as keyof typeof RANGES];
    if (value !== undefined && (value < least || value > most)) {
      throw invalid(name!, `'healthCheck.${member}' must be from ${least} to ${most}`);
    }
  }
}

/** Variables and limits have names, and each limit is given once. */
function checkNames({ name, environment = [], secrets = [], ulimits = [] }: ContainerDefinition): void {
  for (const one of environment) {
    if (!one.name) throw clientError('The environment variable name should not be null or empty.');
    if (/[=\0]/.test(one.name) || one.value?.includes('\0')) {
      throw invalid(name!, `the environment variable '${one.name.slice(0, 100)}' is not valid`);
    }
  }
  const plain = new Set(environment.map((one) => one.name));
  for (const secret of secrets) {
    if (!secret.name || !secret.valueFrom)
      throw clientError('Secret name and valueFrom should not be null or empty.');
    if (/[=\0]/.test(secret.name))
      throw invalid(name!, `the secret name '${secret.name.slice(0, 100)}' is not valid`);
    if (plain.has(secret.name)) {
      throw clientError(
        `The secret name must be unique and not shared with any new or existing environment variables set on the container, such as '${secret.name}'.`,
      );
    }
    plain.add(secret.name);
  }
  const limits = new Set<string | undefined>();
  for (const { name: limit, softLimit, hardLimit } of ulimits) {
    if (limits.has(limit)) throw invalid(name!, `the ulimit '${limit}' is given more than once`);
    limits.add(limit);
    if (softLimit === undefined || hardLimit === undefined || softLimit > hardLimit) {
      throw invalid(name!, `the soft limit of '${limit}' must not exceed its hard limit`);
    }
  }
}
