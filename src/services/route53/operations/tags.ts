// ChangeTagsForResource, ListTagsForResource, ListTagsForResources, of hosted zones.

import type { ResourceTagSet } from '@aws-sdk/client-route-53';
import { listTags } from '../../../aws/tags.ts';
import type { HandlerOf, RequestContext } from '../../../wire/service.ts';
import type { Directory } from '../directory.ts';
import { invalidInput, noSuchHealthCheck, noSuchHostedZone } from '../faults.ts';
import type { LiveZone } from '../live-zones.ts';
import type { Route53 } from '../service.ts';
import { tagging } from '../tags.ts';

export const changeTagsForResource =
  (directory: Directory): HandlerOf<Route53, 'ChangeTagsForResource'> =>
  (input, context) => {
    directory.transaction(() => {
      const { record } = taggedZone(directory, context, input.ResourceType, input.ResourceId);
      const kept = tagging.remove(record.tags, input.RemoveTagKeys, context);
      const tags = tagging.add(kept, input.AddTags, context);
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
    return {
      ResourceTagSets: ResourceIds.map((id) => viewTags(taggedZone(directory, context, ResourceType, id))),
    };
  };

function taggedZone(directory: Directory, context: RequestContext, type: string, id: string): LiveZone {
  if (type === 'healthcheck') throw noSuchHealthCheck(id);
  if (type !== 'hostedzone') throw invalidInput('Millpond has no sources of health checks.');
  // AWS: here the bare id alone, where all other operations take `/hostedzone/Z…`, too.
  const zone = directory.zone(context, id);
  if (!zone) throw noSuchHostedZone(id);
  return zone;
}

const viewTags = ({ record }: LiveZone): ResourceTagSet => ({
  ResourceType: 'hostedzone',
  ResourceId: record.id,
  Tags: listTags(record.tags),
});
