// TagResource, UntagResource and ListTagsForResource: clusters, task definitions and tasks.

import type { Scope } from '../../../aws/scope.ts';
import type { Ecs } from '../context.ts';
import { findDefinition } from '../definitions.ts';
import { parseEcsArn, taskId } from '../domain/identifiers.ts';
import { clusterNotFound, invalidArn, resourceNotFound } from '../faults.ts';
import { activeCluster } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { addTags, removeTags, viewTags } from '../tagging.ts';

interface Tagged {
  tags: Readonly<Record<string, string>>;
  write(tags: Record<string, string>): void;
}

function taggedBy(ecs: Ecs, scope: Scope, arn: string): Tagged {
  const parsed = parseEcsArn(arn);
  if (!parsed) throw invalidArn();
  const { clusters, definitions, tasks } = ecs.records;
  switch (parsed.kind) {
    case 'cluster': {
      const cluster = activeCluster(ecs.records, scope, parsed.id);
      return { tags: cluster.tags, write: (tags) => clusters.put(scope, { ...cluster, tags }) };
    }
    case 'task-definition': {
      const definition = /:\d+$/.test(parsed.id) ? findDefinition(ecs, scope, parsed.id) : undefined;
      if (!definition) throw resourceNotFound();
      return { tags: definition.tags, write: (tags) => definitions.put(scope, { ...definition, tags }) };
    }
    case 'task': {
      const task = tasks.find(scope, taskId(arn));
      if (!task) throw resourceNotFound();
      return { tags: task.tags, write: (tags) => tasks.put(scope, { ...task, tags }) };
    }
    case 'service':
    case 'container-instance':
      if (parsed.id.includes('/')) activeCluster(ecs.records, scope, parsed.id.split('/')[0]!);
      else throw clusterNotFound();
      throw resourceNotFound();
    default:
      throw invalidArn();
  }
}

/** Throws InvalidParameterException, ClusterNotFoundException. */
export const TagResource: Operation<'TagResource'> = (ecs, input, context) =>
  ecs.store.transaction(() => {
    const { tags, write } = taggedBy(ecs, context, input.resourceArn);
    write(addTags(tags, input.tags, context));
    return {};
  });

/** Throws InvalidParameterException, ClusterNotFoundException. */
export const UntagResource: Operation<'UntagResource'> = (ecs, input, context) =>
  ecs.store.transaction(() => {
    const { tags, write } = taggedBy(ecs, context, input.resourceArn);
    write(removeTags(tags, input.tagKeys, context));
    return {};
  });

/** Throws InvalidParameterException, ClusterNotFoundException. */
export const ListTagsForResource: Operation<'ListTagsForResource'> = (ecs, input, context) => ({
  tags: viewTags(taggedBy(ecs, context, input.resourceArn).tags, context),
});
