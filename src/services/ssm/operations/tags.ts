// AddTagsToResource, RemoveTagsFromResource, ListTagsForResource, of parameters.

import type { Scope } from '../../../kernel/scope.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import { invalidResourceId, invalidResourceType } from '../faults.ts';
import type { ParameterRecord, Parameters } from '../parameters.ts';
import type { Ssm } from '../service.ts';
import { renderTags, withTags } from '../tags.ts';

export function addTagsToResource(parameters: Parameters): HandlerOf<Ssm, 'AddTagsToResource'> {
  return (input, context) => {
    const byUser = context.accessKeyId !== undefined;
    change(parameters, context, input, (held) => withTags(held, input.Tags, byUser));
    return {};
  };
}

export function removeTagsFromResource(parameters: Parameters): HandlerOf<Ssm, 'RemoveTagsFromResource'> {
  return (input, context) => {
    const gone = new Set(input.TagKeys);
    change(parameters, context, input, (held) =>
      Object.fromEntries(Object.entries(held).filter(([key]) => !gone.has(key))),
    );
    return {};
  };
}

export function listTagsForResource(parameters: Parameters): HandlerOf<Ssm, 'ListTagsForResource'> {
  return (input, context) => ({ TagList: renderTags(existing(parameters, context, input).tags) });
}

interface Named {
  ResourceType: string;
  ResourceId: string;
}

function change(
  parameters: Parameters,
  scope: Scope,
  named: Named,
  changed: (held: Record<string, string>) => Record<string, string>,
): void {
  parameters.transaction(() => {
    const record = existing(parameters, scope, named);
    parameters.put(scope, { ...record, tags: changed(record.tags) });
  });
}

function existing(
  parameters: Parameters,
  scope: Scope,
  { ResourceType, ResourceId }: Named,
): ParameterRecord {
  if (ResourceType !== 'Parameter') throw invalidResourceType();
  const record = parameters.own(scope, ResourceId);
  if (!record) throw invalidResourceId();
  return record;
}
