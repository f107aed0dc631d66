// ListTagsForResource: all tags of what an ARN names.

import type { ElastiCache, Operation } from '../elasticache.ts';
import { resourceNamed, tagsOfResource, viewTags } from '../tags.ts';

export const listTagsForResource =
  (elasticache: ElastiCache): Operation<'ListTagsForResource'> =>
  async (input, context) => {
    const resource = await resourceNamed(elasticache, context, input.ResourceName);
    return viewTags(tagsOfResource(elasticache, context, resource));
  };
