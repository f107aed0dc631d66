// AddTagsToResource: adds tags, and replaces the values of existing ones.

import { followFeedTags, refuseFeedTags } from '../../feeds/feed-tags.ts';
import { followTags } from '../../names/replica-names-tag.ts';
import type { Operation } from '../../sdk.ts';
import { adding, changeTags, checkTaggable, newTags, resourceNamed, viewTags } from '../tags.ts';

export const AddTagsToResource: Operation<'AddTagsToResource'> = async (elasticache, input, context) => {
  const given = newTags(input.Tags, context);
  const resource = await resourceNamed(elasticache, context, input.ResourceName);
  checkTaggable(resource);
  refuseFeedTags(resource, given);
  const tags = elasticache.store.transaction(() => {
    const changed = changeTags(elasticache, context, resource, adding(input.Tags, context));
    followTags(elasticache, context, resource, changed);
    followFeedTags(elasticache.feeds, context, resource, changed);
    return changed;
  });
  return viewTags(tags);
};
