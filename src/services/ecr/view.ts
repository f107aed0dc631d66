// Shows records as AWS does.

import type { Repository as ShownRepository } from '@aws-sdk/client-ecr';
import type { Scope } from '../../aws/scope.ts';
import { repositoryArn, repositoryUri } from './domain/names.ts';
import type { Repository } from './records.ts';

/** How every operation shows a repository. */
export function viewRepository(scope: Scope, repository: Repository): ShownRepository {
  const { name, mutability, exclusions, scanOnPush, encryption } = repository;
  return {
    repositoryArn: repositoryArn(scope, name),
    registryId: scope.accountId,
    repositoryName: name,
    repositoryUri: repositoryUri(scope, name),
    createdAt: new Date(repository.createdAt),
    imageTagMutability: mutability,
    ...(exclusions.length > 0 && { imageTagMutabilityExclusionFilters: viewExclusions(exclusions) }),
    imageScanningConfiguration: { scanOnPush },
    encryptionConfiguration: {
      encryptionType: encryption.type as 'AES256',
      ...(encryption.key !== undefined && { kmsKey: encryption.key }),
    },
  };
}

export const viewExclusions = (exclusions: readonly string[]) =>
  exclusions.map((filter) => ({ filterType: 'WILDCARD' as const, filter }));
