// TagResource, UntagResource and ListTagsForResource: tags of repositories.

import { listTags } from '../../../aws/tags.ts';
import type { RequestContext } from '../../../wire/service.ts';
import type { Ecr } from '../context.ts';
import { parseRepositoryArn } from '../domain/names.ts';
import { invalidParameter } from '../faults.ts';
import type { Repository } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { tagging } from '../tags.ts';

/** Throws RepositoryNotFoundException, InvalidParameterException, InvalidTagParameterException, TooManyTagsException. */
export const TagResource: Operation<'TagResource'> = (ecr, input, context) => {
  change(ecr, input.resourceArn, ({ tags }) => tagging.add(tags, input.tags, context));
  return {};
};

/** Keys that the repository does not have are ignored. Throws RepositoryNotFoundException, InvalidParameterException. */
export const UntagResource: Operation<'UntagResource'> = (ecr, input, context: RequestContext) => {
  change(ecr, input.resourceArn, ({ tags }) => tagging.remove(tags, input.tagKeys, context));
  return {};
};

/** Throws RepositoryNotFoundException, InvalidParameterException. */
export const ListTagsForResource: Operation<'ListTagsForResource'> = (ecr, input) => {
  const { scope, name } = resourceIn(input.resourceArn);
  return { tags: listTags(ecr.records.repositories.existing(scope, name).tags) };
};

function change(ecr: Ecr, arn: string, tagsOf: (repository: Repository) => Record<string, string>): void {
  const { scope, name } = resourceIn(arn);
  ecr.store.transaction(() =>
    ecr.records.repositories.change(scope, name, (repository) => ({
      ...repository,
      tags: tagsOf(repository),
    })),
  );
}

function resourceIn(arn: string) {
  const resource = parseRepositoryArn(arn);
  if (!resource) {
    throw invalidParameter("Invalid parameter at 'resourceArn' failed to satisfy constraint: 'Invalid ARN'");
  }
  return resource;
}
