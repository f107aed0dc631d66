// AddTagsToResource, RemoveTagsFromResource, ListTagsForResource, of parameters.

import type { Scope } from '../../../aws/scope.ts';
import { listTags, type Tags } from '../../../aws/tags.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import { invalidResourceId, invalidResourceType } from '../faults.ts';
import type { ParameterRecord, Parameters } from '../parameters.ts';
import type { Ssm } from '../service.ts';
import { tagging } from '../tags.ts';

export function addTagsToResource(parameters: Parameters): HandlerOf<Ssm, 'AddTagsToResource'> {
  return (input, context) => {
    change(parameters, context, input, (held) => tagging.add(held, input.Tags, context));
    return {};
  };
}

export function removeTagsFromResource(parameters: Parameters): HandlerOf<Ssm, 'RemoveTagsFromResource'> {
  return (input, context) => {
    change(parameters, context, input, (held) => tagging.remove(held, input.TagKeys, context));
    return {};
  };
}

export function listTagsForResource(parameters: Parameters): HandlerOf<Ssm, 'ListTagsForResource'> {
  return (input, context) => ({ TagList: listTags(existing(parameters, context, input).tags) });
}

interface Named {
  ResourceType: string;
  ResourceId: string;
}

function change(
  parameters: Parameters,
  scope: Scope,
  named: Named,
  changed: (held: Tags) => Record<string, string>,
): void {
  parameters.transaction(() => {
    const record = existing(parameters, scope, named);
    parameters.own.put(scope, { ...record, tags: changed(record.tags) });
  });
}

function existing(
  parameters: Parameters,
  scope: Scope,
  { ResourceType, ResourceId }: Named,
): ParameterRecord {
  if (ResourceType !== 'Parameter') throw invalidResourceType();
  const record = parameters.own.find(scope, ResourceId);
  if (!record) throw invalidResourceId();
  return record;
}
