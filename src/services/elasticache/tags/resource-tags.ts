// Tags of resources that CloudFormation creates: the resource's own tags and the stack's. The resource's own take
// precedence.

import { renderArn } from '../../../aws/arn.ts';
import { renderTags, tagsOf } from '../../../control/resource-properties.ts';
import type { Properties, ResourceRequest } from '../../../control/resource-type.ts';
import type { ElastiCacheTypeDependencies } from '../resource-type-dependencies.ts';

type Tagged = Pick<ResourceRequest, 'properties' | 'tags' | 'scope'>;

/** The tags that a resource should have. */
export const tagsFor = (request: Pick<Tagged, 'properties' | 'tags'>): { Key: string; Value: string }[] =>
  renderTags(tagsOf(request));

/** Adds, changes and removes tags after an update of the template. Tags that someone else added stay. */
export async function retag(
  { client }: ElastiCacheTypeDependencies,
  request: Tagged & { before: Properties },
  resource: string,
): Promise<void> {
  const { scope } = request;
  const arn = renderArn('elasticache', scope, resource);
  const wanted = tagsFor(request);
  const keys = new Set(wanted.map(({ Key }) => Key));
  const gone = tagsFor({ properties: request.before, tags: {} })
    .map(({ Key }) => Key)
    .filter((key) => !keys.has(key));
  if (gone.length > 0) {
    await client.call('RemoveTagsFromResource', { ResourceName: arn, TagKeys: gone }, scope);
  }
  if (wanted.length > 0) await client.call('AddTagsToResource', { ResourceName: arn, Tags: wanted }, scope);
}
