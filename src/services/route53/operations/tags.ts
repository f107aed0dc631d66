// ChangeTagsForResource, ListTagsForResource, ListTagsForResources, of hosted zones.

import type { ResourceTagSet } from '@aws-sdk/client-route-53';
import type { HandlerOf, RequestContext } from '../../../wire/service.ts';
import type { Directory } from '../directory.ts';
import { zoneIdOf } from '../domain/given-change.ts';
import { constraint, invalidInput, noSuchHealthCheck } from '../faults.ts';
import type { LiveZone } from '../live-zones.ts';
import { zoneNamed } from '../lookup.ts';
import type { Route53 } from '../service.ts';

const MOST_TAGS = 50;
const MOST_RESOURCES = 10;

export const changeTagsForResource =
  (directory: Directory): HandlerOf<Route53, 'ChangeTagsForResource'> =>
  (input, context) => {
    const added = (input.AddTags ?? []).map(({ Key = '', Value = '' }) => checkedTag(Key, Value));
    const removed = new Set(input.RemoveTagKeys);
    directory.transaction(() => {
      const { record } = taggedZone(directory, context, input.ResourceType, input.ResourceId);
      const kept = Object.entries(record.tags).filter(([key]) => !removed.has(key));
      const tags = Object.fromEntries([...kept, ...added]);
      if (Object.keys(tags).length > MOST_TAGS)
        throw invalidInput(`Number of tags exceeds the limit of ${MOST_TAGS} for the resource.`);
      directory.saveZone(context, { ...record, tags });
    });
    return {};
  };

export const listTagsForResource =
  (directory: Directory): HandlerOf<Route53, 'ListTagsForResource'> =>
  ({ ResourceType, ResourceId }, context) => ({
    ResourceTagSet: viewTags(taggedZone(directory, context, ResourceType, ResourceId)),
  });

export const listTagsForResources =
  (directory: Directory): HandlerOf<Route53, 'ListTagsForResources'> =>
  ({ ResourceType, ResourceIds }, context) => {
    if (ResourceIds.length < 1 || ResourceIds.length > MOST_RESOURCES)
      throw invalidInput(`Between 1 and ${MOST_RESOURCES} resources can be named at once.`);
    return {
      ResourceTagSets: ResourceIds.map((id) => viewTags(taggedZone(directory, context, ResourceType, id))),
    };
  };

function checkedTag(key: string, value: string): [key: string, value: string] {
  if (key.length < 1 || key.length > 128) throw invalidInput('A tag key has between 1 and 128 characters.');
  if (value.length > 256) throw invalidInput('A tag value has at most 256 characters.');
  return [key, value];
}

function taggedZone(directory: Directory, context: RequestContext, type: string, id: string): LiveZone {
  if (type === 'healthcheck') throw noSuchHealthCheck(id);
  if (type !== 'hostedzone')
    throw constraint('resourceType', type, 'Member must satisfy enum value set: [healthcheck, hostedzone]');
  return zoneNamed(directory, context, zoneIdOf(id));
}

const viewTags = ({ record }: LiveZone): ResourceTagSet => ({
  ResourceType: 'hostedzone',
  ResourceId: record.id,
  Tags: Object.entries(record.tags).map(([Key, Value]) => ({ Key, Value })),
});
