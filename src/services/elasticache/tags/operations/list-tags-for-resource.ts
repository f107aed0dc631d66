// ListTagsForResource: all tags of what an ARN names.

import type { ElastiCache, Operation } from '../../elasticache.ts';
import { checkTaggable, resourceNamed, tagsOfResource, viewTags } from '../tags.ts';

export const listTagsForResource =
  (elasticache: ElastiCache): Operation<'ListTagsForResource'> =>
  async (input, context) => {
    const resource = await resourceNamed(elasticache, context, input.ResourceName);
    checkTaggable(resource);
    return viewTags(tagsOfResource(elasticache, context, resource));
  };
