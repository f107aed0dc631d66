// ListTagsForResource: all tags of the resource that an ARN names.

import type { Operation } from '../../sdk.ts';
import { checkTaggable, resourceNamed, tagsOfResource, viewTags } from '../tags.ts';

export const ListTagsForResource: Operation<'ListTagsForResource'> = async (elasticache, input, context) => {
  const resource = await resourceNamed(elasticache, context, input.ResourceName);
  checkTaggable(resource);
  return viewTags(tagsOfResource(elasticache, context, resource));
};
