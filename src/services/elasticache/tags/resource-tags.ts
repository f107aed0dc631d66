// Tags of a resource made by CloudFormation: the stack's and its own, its own first.

import { renderArn } from '../../../aws/arn.ts';
import { renderTags, tagsOf } from '../../../control/resource-properties.ts';
import type { Properties, ResourceRequest } from '../../../control/resource-type.ts';
import type { ElastiCacheTypeDependencies } from '../resource-type-dependencies.ts';

type Tagged = Pick<ResourceRequest, 'properties' | 'tags' | 'scope'>;

export const tagsFor = (request: Pick<Tagged, 'properties' | 'tags'>): { Key: string; Value: string }[] =>
  renderTags(tagsOf(request));

/** Makes the tags what they are to be; what someone else has put there stays. */
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
