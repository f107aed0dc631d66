// Tags of log groups, by ARN and by name.

import type { Scope } from '../../../aws/scope.ts';
import type { Tags } from '../../../aws/tags.ts';
import type { Logs } from '../context.ts';
import { noSuchResource } from '../faults.ts';
import { groupNameInArn } from '../names.ts';
import type { Operation } from '../sdk.ts';
import { tagging } from '../tags.ts';

/** Throws ResourceNotFound, and the faults of `tagging`. */
export const TagResource: Operation<'TagResource'> = (logs, input, context) =>
  change(logs, context, named(input.resourceArn), (held) => tagging.add(held, input.tags, context));

export const UntagResource: Operation<'UntagResource'> = (logs, input, context) =>
  change(logs, context, named(input.resourceArn), (held) => tagging.remove(held, input.tagKeys, context));

export const ListTagsForResource: Operation<'ListTagsForResource'> = (logs, input, context) => ({
  tags: logs.records.groups.existing(context, named(input.resourceArn)).tags,
});

/** AWS: the older form of TagResource, by name. */
export const TagLogGroup: Operation<'TagLogGroup'> = (logs, input, context) =>
  change(logs, context, input.logGroupName, (held) => tagging.add(held, input.tags, context));

/** AWS: the older form of UntagResource, by name. */
export const UntagLogGroup: Operation<'UntagLogGroup'> = (logs, input, context) =>
  change(logs, context, input.logGroupName, (held) => tagging.remove(held, input.tags, context));

/** AWS: the older form of ListTagsForResource, by name. */
export const ListTagsLogGroup: Operation<'ListTagsLogGroup'> = (logs, input, context) => ({
  tags: logs.records.groups.existing(context, input.logGroupName).tags,
});

function change(
  logs: Logs,
  scope: Scope,
  name: string,
  changed: (held: Tags) => Record<string, string>,
): Record<never, never> {
  logs.store.transaction(() => {
    logs.records.groups.change(scope, name, (group) => ({ ...group, tags: changed(group.tags) }));
  });
  return {};
}

function named(arn: string): string {
  const name = groupNameInArn(arn);
  if (name === undefined) throw noSuchResource();
  return name;
}
