// CreateRepository.

import { randomHex } from '../../../kernel/ids.ts';
import { registryOf } from '../context.ts';
import { repositoryExists } from '../faults.ts';
import type { Repository } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { exclusionsIn } from '../tag-mutability.ts';
import { tagging } from '../tags.ts';
import { viewRepository } from '../view.ts';

/**
 * Throws RepositoryAlreadyExistsException, LimitExceededException, InvalidParameterException, InvalidTagParameterException,
 * TooManyTagsException.
 */
export const CreateRepository: Operation<'CreateRepository'> = (ecr, input, context) => {
  const scope = registryOf(context, input.registryId);
  const mutability = input.imageTagMutability ?? 'MUTABLE';
  const { encryptionType = 'AES256', kmsKey } = input.encryptionConfiguration ?? {};
  const repository: Repository = {
    name: input.repositoryName,
    id: randomHex(16),
    createdAt: ecr.clock.now(),
    mutability,
    exclusions: exclusionsIn(mutability, input.imageTagMutabilityExclusionFilters),
    scanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false,
    encryption: { type: encryptionType, ...(kmsKey !== undefined && { key: kmsKey }) },
    tags: tagging.add({}, input.tags, context),
  };
  ecr.store.transaction(() => {
    const { repositories } = ecr.records;
    if (repositories.find(scope, repository.name)) throw repositoryExists(repository.name, scope.accountId);
    repositories.add(scope, repository);
  });
  return { repository: viewRepository(scope, repository) };
};
