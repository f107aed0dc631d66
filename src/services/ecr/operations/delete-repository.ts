// DeleteRepository.

import { registryOf } from '../context.ts';
import { repositoryNotEmpty } from '../faults.ts';
import { contentsOf } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { viewRepository } from '../view.ts';

/** Throws RepositoryNotFoundException; RepositoryNotEmptyException without `force`. */
export const DeleteRepository: Operation<'DeleteRepository'> = (ecr, input, context) => {
  const scope = registryOf(context, input.registryId);
  const { repositoryName } = input;
  return ecr.store.transaction(() => {
    const { images, repositories } = ecr.records;
    const repository = repositories.existing(scope, repositoryName);
    const hasImages = images.entries(scope, { prefix: contentsOf(repository.id), limit: 1 }).length > 0;
    if (hasImages && !input.force) throw repositoryNotEmpty(repositoryName, scope.accountId);
    repositories.remove(scope, repositoryName);
    ecr.abandonRepository(scope, repository.id);
    return { repository: viewRepository(scope, repository) };
  });
};
