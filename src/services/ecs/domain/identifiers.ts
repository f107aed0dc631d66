// ARNs and references of ECS: clusters, task definitions, tasks. Pure.

import { parseArn, renderArn } from '../../../aws/arn.ts';
import type { Scope } from '../../../aws/scope.ts';

/** AWS: the cluster of requests that name none. */
export const DEFAULT_CLUSTER = 'default';

export const clusterArn = (scope: Scope, name: string): string => renderArn('ecs', scope, `cluster/${name}`);
export const taskArn = (scope: Scope, cluster: string, id: string): string =>
  renderArn('ecs', scope, `task/${cluster}/${id}`);
export const definitionArn = (scope: Scope, family: string, revision: number): string =>
  renderArn('ecs', scope, `task-definition/${family}:${revision}`);
export const containerArn = (scope: Scope, cluster: string, taskId: string, id: string): string =>
  renderArn('ecs', scope, `container/${cluster}/${taskId}/${id}`);
export const capacityProviderArn = (scope: Scope, name: string): string =>
  renderArn('ecs', scope, `capacity-provider/${name}`);

/** The name of a cluster in a request: a name or an ARN. AWS: an empty one is the default cluster. */
export const clusterName = (given: string | undefined): string =>
  resourceOf(given ?? '', 'cluster') ?? (given || DEFAULT_CLUSTER);

/** The id of a task in a request: an id or an ARN, also of the old form without the cluster. */
export const taskId = (given: string): string => resourceOf(given, 'task')?.split('/').at(-1) ?? given;

/** A reference to a task definition. */
export interface DefinitionReference {
  family: string;
  /** Absent: the latest active one. */
  revision: number | undefined;
}

/** Reads `family`, `family:revision` or an ARN; `undefined` for another text. */
export function parseDefinition(given: string): DefinitionReference | undefined {
  const found = /^(?<family>[\w-]{1,255})(?::(?<revision>\d{1,10}))?$/.exec(
    resourceOf(given, 'task-definition') ?? given,
  )?.groups;
  if (!found) return undefined;
  const { family, revision } = found;
  return { family: family!, revision: revision === undefined ? undefined : Number(revision) };
}

/** What an ARN of ECS names: `cluster/x` as `{ kind: 'cluster', id: 'x' }`. */
export function parseEcsArn(text: string): { kind: string; id: string; scope: Scope } | undefined {
  const arn = parseArn(text);
  const found = arn?.service === 'ecs' && /^(?<kind>[a-z-]+)\/(?<id>.+)$/.exec(arn.resource)?.groups;
  if (!arn || !found) return undefined;
  return { kind: found.kind!, id: found.id!, scope: { accountId: arn.accountId, region: arn.region } };
}

function resourceOf(text: string, kind: string): string | undefined {
  const found = parseEcsArn(text);
  return found?.kind === kind ? found.id : undefined;
}
