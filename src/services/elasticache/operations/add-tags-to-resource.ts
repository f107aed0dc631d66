// AddTagsToResource: new tags, and new values of old ones.

import type { ElastiCache, Operation } from '../elasticache.ts';
import { followTags } from '../replica-names-tag.ts';
import { changeTags, checkTags, resourceNamed, viewTags, withTags } from '../tags.ts';

export const addTagsToResource =
  (elasticache: ElastiCache): Operation<'AddTagsToResource'> =>
  async (input, context) => {
    checkTags(input.Tags);
    const resource = await resourceNamed(elasticache, context, input.ResourceName);
    const tags = elasticache.store.transaction(() => {
      const changed = changeTags(elasticache, context, resource, (present) => withTags(present, input.Tags));
      followTags(elasticache, context, resource, changed);
      return changed;
    });
    return viewTags(tags);
  };
