// Tags of a resource made by CloudFormation: the stack's and its own, its own first.

import type { Properties, ResourceRequest, Value } from '../../../control/resource-type.ts';
import { renderArn } from '../../../kernel/arn.ts';
import type { ElastiCacheTypeDependencies } from '../cloudformation.ts';

type Tagged = Pick<ResourceRequest, 'properties' | 'tags' | 'scope'>;

export function tagsFor({
  properties,
  tags,
}: Pick<Tagged, 'properties' | 'tags'>): { Key: string; Value: string }[] {
  const own = Array.isArray(properties.Tags) ? properties.Tags : [];
  const all = new Map(Object.entries(tags));
  for (const tag of own as { Key?: Value; Value?: Value }[])
    all.set(String(tag.Key), String(tag.Value ?? ''));
  return [...all].map(([Key, Value]) => ({ Key, Value }));
}

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
