// DescribeRepositories and DescribeRegistry.

import { registryOf } from '../context.ts';
import { pageRequest, repositoryPages } from '../paging.ts';
import type { Operation } from '../sdk.ts';
import { viewRepository } from '../view.ts';

/** Throws RepositoryNotFoundException for the first name without a repository, InvalidParameterException. */
export const DescribeRepositories: Operation<'DescribeRepositories'> = async (ecr, input, context) => {
  const scope = registryOf(context, input.registryId);
  const { repositories } = ecr.records;
  if (input.repositoryNames) {
    const named = input.repositoryNames.map((name) => repositories.existing(scope, name));
    return { repositories: named.map((repository) => viewRepository(scope, repository)) };
  }
  const { items, token } = await repositoryPages.ofCollection(repositories, scope, pageRequest(input));
  return {
    repositories: items.map((repository) => viewRepository(scope, repository)),
    ...(token !== undefined && { nextToken: token }),
  };
};

/** Millpond replicates no registry. */
export const DescribeRegistry: Operation<'DescribeRegistry'> = (_ecr, _input, { accountId }) => ({
  registryId: accountId,
  replicationConfiguration: { rules: [] },
});
