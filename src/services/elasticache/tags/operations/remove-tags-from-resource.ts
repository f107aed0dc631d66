// RemoveTagsFromResource: removes tags by key. Every key must exist.

import { followFeedTags } from '../../feeds/feed-tags.ts';
import { followTags } from '../../names/replica-names-tag.ts';
import type { Operation } from '../../sdk.ts';
import {
  changeTags,
  checkKeysPresent,
  checkTaggable,
  removing,
  resourceNamed,
  tagsOfResource,
  viewTags,
} from '../tags.ts';

export const RemoveTagsFromResource: Operation<'RemoveTagsFromResource'> = async (
  elasticache,
  input,
  context,
) => {
  const resource = await resourceNamed(elasticache, context, input.ResourceName);
  checkTaggable(resource);
  const tags = elasticache.store.transaction(() => {
    checkKeysPresent(tagsOfResource(elasticache, context, resource), input.TagKeys);
    const changed = changeTags(elasticache, context, resource, removing(input.TagKeys, context));
    followTags(elasticache, context, resource, changed);
    followFeedTags(elasticache.feeds, context, resource, changed);
    return changed;
  });
  return viewTags(tags);
};
