// Tags of log groups, by ARN and by name.

import type { Scope } from '../../../aws/scope.ts';
import type { Tags } from '../../../aws/tags.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import { noSuchResource } from '../faults.ts';
import type { LogStore } from '../log-store.ts';
import { groupNameInArn } from '../names.ts';
import type { Logs } from '../service.ts';
import { tagging } from '../tags.ts';

export const tagResource =
  (logs: LogStore): HandlerOf<Logs, 'TagResource'> =>
  (input, context) =>
    change(logs, context, named(input.resourceArn), (held) => tagging.add(held, input.tags, context));

export const untagResource =
  (logs: LogStore): HandlerOf<Logs, 'UntagResource'> =>
  (input, context) =>
    change(logs, context, named(input.resourceArn), (held) => tagging.remove(held, input.tagKeys, context));

export const listTagsForResource =
  (logs: LogStore): HandlerOf<Logs, 'ListTagsForResource'> =>
  (input, context) => ({ tags: logs.groups.existing(context, named(input.resourceArn)).tags });

export const tagLogGroup =
  (logs: LogStore): HandlerOf<Logs, 'TagLogGroup'> =>
  (input, context) =>
    change(logs, context, input.logGroupName, (held) => tagging.add(held, input.tags, context));

export const untagLogGroup =
  (logs: LogStore): HandlerOf<Logs, 'UntagLogGroup'> =>
  (input, context) =>
    change(logs, context, input.logGroupName, (held) => tagging.remove(held, input.tags, context));

export const listTagsLogGroup =
  (logs: LogStore): HandlerOf<Logs, 'ListTagsLogGroup'> =>
  (input, context) => ({ tags: logs.groups.existing(context, input.logGroupName).tags });

function change(
  logs: LogStore,
  scope: Scope,
  name: string,
  changed: (held: Tags) => Record<string, string>,
): Record<never, never> {
  logs.transaction(() => {
    logs.groups.change(scope, name, (group) => ({ ...group, tags: changed(group.tags) }));
  });
  return {};
}

function named(arn: string): string {
  const name = groupNameInArn(arn);
  if (name === undefined) throw noSuchResource();
  return name;
}
