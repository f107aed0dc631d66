// AddTagsToResource, RemoveTagsFromResource and ListTagsForResource. Only parameters have tags here.

import type { Scope } from '../../../aws/scope.ts';
import { listTags, type Tags } from '../../../aws/tags.ts';
import type { Ssm } from '../context.ts';
import { invalidResourceId, invalidResourceType } from '../faults.ts';
import type { ParameterRecord } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { tagging } from '../tags.ts';

/** Throws InvalidResourceType, InvalidResourceId, and the faults of `tagging`. */
export const AddTagsToResource: Operation<'AddTagsToResource'> = (ssm, input, context) => {
  change(ssm, context, input, (held) => tagging.add(held, input.Tags, context));
  return {};
};

export const RemoveTagsFromResource: Operation<'RemoveTagsFromResource'> = (ssm, input, context) => {
  change(ssm, context, input, (held) => tagging.remove(held, input.TagKeys, context));
  return {};
};

export const ListTagsForResource: Operation<'ListTagsForResource'> = (ssm, input, context) => ({
  TagList: listTags(existing(ssm, context, input).tags),
});

interface Named {
  ResourceType: string;
  ResourceId: string;
}

function change(ssm: Ssm, scope: Scope, named: Named, changed: (held: Tags) => Record<string, string>): void {
  ssm.store.transaction(() => {
    const record = existing(ssm, scope, named);
    ssm.records.parameters.put(scope, { ...record, tags: changed(record.tags) });
  });
}

function existing(ssm: Ssm, scope: Scope, { ResourceType, ResourceId }: Named): ParameterRecord {
  if (ResourceType !== 'Parameter') throw invalidResourceType();
  const record = ssm.records.parameters.find(scope, ResourceId);
  if (!record) throw invalidResourceId();
  return record;
}
