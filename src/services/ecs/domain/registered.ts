// A task definition as AWS records it: with defaults, and without what the request leaves out. Pure.

import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import type { DefinitionContent } from './model.ts';

/** What AWS shows of a container that says nothing of these. */
export function withDefaults(
  container: ContainerDefinition,
  networkMode: string | undefined,
): ContainerDefinition {
  const portMappings = (container.portMappings ?? []).map((mapping) => ({
    ...mapping,
    ...(networkMode === 'awsvpc' && { hostPort: mapping.containerPort }),
    protocol: mapping.protocol ?? ('tcp' as const),
  }));
  return {
    ...container,
    cpu: container.cpu ?? 0,
    portMappings,
    essential: container.essential ?? true,
    environment: container.environment ?? [],
    mountPoints: container.mountPoints ?? [],
    volumesFrom: container.volumesFrom ?? [],
    systemControls: [],
    ...(container.healthCheck && {
      healthCheck: { interval: 30, timeout: 5, retries: 3, ...container.healthCheck },
    }),
  };
}

/** The recorded content of a definition. */
export const registered = (content: DefinitionContent): DefinitionContent => ({
  ...content,
  containerDefinitions: content.containerDefinitions.map((one) => withDefaults(one, content.networkMode)),
});
