// ChangeTagsForResource, ListTagsForResource and ListTagsForResources, for hosted zones.

import type { ResourceTagSet } from '@aws-sdk/client-route-53';
import { listTags } from '../../../aws/tags.ts';
import type { RequestContext } from '../../../wire/service.ts';
import type { Route53 } from '../context.ts';
import { invalidInput, noSuchHealthCheck } from '../faults.ts';
import type { LiveZone } from '../live-zones.ts';
import type { Operation } from '../sdk.ts';
import { tagging } from '../tags.ts';

/** Removes tags, then adds others. Throws NoSuchHostedZone, NoSuchHealthCheck, InvalidInput. */
export const ChangeTagsForResource: Operation<'ChangeTagsForResource'> = (route53, input, context) => {
  route53.store.transaction(() => {
    const { record } = taggedZone(route53, context, input.ResourceType, input.ResourceId);
    const kept = tagging.remove(record.tags, input.RemoveTagKeys, context);
    const tags = tagging.add(kept, input.AddTags, context);
    route53.records.saveZone(context, { ...record, tags });
  });
  return {};
};

/** Throws NoSuchHostedZone, NoSuchHealthCheck, InvalidInput. */
export const ListTagsForResource: Operation<'ListTagsForResource'> = (
  route53,
  { ResourceType, ResourceId },
  context,
) => ({
  ResourceTagSet: viewTags(taggedZone(route53, context, ResourceType, ResourceId)),
});

/** Fails as a whole if one zone does not exist. */
export const ListTagsForResources: Operation<'ListTagsForResources'> = (
  route53,
  { ResourceType, ResourceIds },
  context,
) => {
  return {
    ResourceTagSets: ResourceIds.map((id) => viewTags(taggedZone(route53, context, ResourceType, id))),
  };
};

function taggedZone(route53: Route53, context: RequestContext, type: string, id: string): LiveZone {
  if (type === 'healthcheck') throw noSuchHealthCheck(id);
  if (type !== 'hostedzone') throw invalidInput('Millpond has no sources of health checks.');
  // AWS: tag operations accept only the bare id. All other operations accept `/hostedzone/Z…`, too.
  return route53.records.zone(context, id);
}

const viewTags = ({ record }: LiveZone): ResourceTagSet => ({
  ResourceType: 'hostedzone',
  ResourceId: record.id,
  Tags: listTags(record.tags),
});
