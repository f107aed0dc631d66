// The settings of a repository: PutImageTagMutability, PutImageScanningConfiguration, and its policies.

import type { RequestContext } from '../../../wire/service.ts';
import { type Ecr, registryOf } from '../context.ts';
import { checkLifecyclePolicy, checkRepositoryPolicy } from '../domain/policies.ts';
import { lifecyclePolicyNotFound, policyNotFound } from '../faults.ts';
import type { Repository } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { exclusionsIn } from '../tag-mutability.ts';
import { viewExclusions } from '../view.ts';

interface Named {
  registryId?: string | undefined;
  repositoryName: string;
}

const idsOf = (input: Named, context: RequestContext) => ({
  registryId: registryOf(context, input.registryId).accountId,
  repositoryName: input.repositoryName,
});

/** Throws RepositoryNotFoundException. */
const read = (ecr: Ecr, input: Named, context: RequestContext): Repository =>
  ecr.records.repositories.existing(registryOf(context, input.registryId), input.repositoryName);

/** Throws RepositoryNotFoundException. */
const change = (
  ecr: Ecr,
  input: Named,
  context: RequestContext,
  to: (repository: Repository) => Repository,
) =>
  ecr.store.transaction(() =>
    ecr.records.repositories.change(registryOf(context, input.registryId), input.repositoryName, to),
  );

/** Throws RepositoryNotFoundException, InvalidParameterException. */
export const PutImageTagMutability: Operation<'PutImageTagMutability'> = (ecr, input, context) => {
  const mutability = input.imageTagMutability;
  const exclusions = exclusionsIn(mutability, input.imageTagMutabilityExclusionFilters);
  change(ecr, input, context, (repository) => ({ ...repository, mutability, exclusions }));
  return {
    ...idsOf(input, context),
    imageTagMutability: mutability,
    ...(exclusions.length > 0 && { imageTagMutabilityExclusionFilters: viewExclusions(exclusions) }),
  };
};

/** Recorded only. Throws RepositoryNotFoundException. */
export const PutImageScanningConfiguration: Operation<'PutImageScanningConfiguration'> = (
  ecr,
  input,
  context,
) => {
  const scanOnPush = input.imageScanningConfiguration.scanOnPush ?? false;
  change(ecr, input, context, (repository) => ({ ...repository, scanOnPush }));
  return { ...idsOf(input, context), imageScanningConfiguration: { scanOnPush } };
};

/** Recorded only. Throws RepositoryNotFoundException, InvalidParameterException. */
export const SetRepositoryPolicy: Operation<'SetRepositoryPolicy'> = (ecr, input, context) => {
  checkRepositoryPolicy(input.policyText);
  change(ecr, input, context, (repository) => ({ ...repository, policy: input.policyText }));
  return { ...idsOf(input, context), policyText: input.policyText };
};

/** Throws RepositoryNotFoundException, RepositoryPolicyNotFoundException. */
export const GetRepositoryPolicy: Operation<'GetRepositoryPolicy'> = (ecr, input, context) => {
  const { policy } = read(ecr, input, context);
  const ids = idsOf(input, context);
  if (policy === undefined) throw policyNotFound(ids.repositoryName, ids.registryId);
  return { ...ids, policyText: policy };
};

/** Throws RepositoryNotFoundException, RepositoryPolicyNotFoundException. */
export const DeleteRepositoryPolicy: Operation<'DeleteRepositoryPolicy'> = (ecr, input, context) => {
  const ids = idsOf(input, context);
  let deleted: string | undefined;
  change(ecr, input, context, ({ policy, ...rest }) => {
    if (policy === undefined) throw policyNotFound(ids.repositoryName, ids.registryId);
    deleted = policy;
    return rest;
  });
  return { ...ids, policyText: deleted };
};

/** Recorded only. Throws RepositoryNotFoundException, InvalidParameterException. */
export const PutLifecyclePolicy: Operation<'PutLifecyclePolicy'> = (ecr, input, context) => {
  checkLifecyclePolicy(input.lifecyclePolicyText);
  change(ecr, input, context, (repository) => ({
    ...repository,
    lifecyclePolicy: input.lifecyclePolicyText,
  }));
  return { ...idsOf(input, context), lifecyclePolicyText: input.lifecyclePolicyText };
};

/** Throws RepositoryNotFoundException, LifecyclePolicyNotFoundException. */
export const GetLifecyclePolicy: Operation<'GetLifecyclePolicy'> = (ecr, input, context) => {
  const { lifecyclePolicy } = read(ecr, input, context);
  const ids = idsOf(input, context);
  if (lifecyclePolicy === undefined) throw lifecyclePolicyNotFound(ids.repositoryName, ids.registryId);
  return { ...ids, lifecyclePolicyText: lifecyclePolicy };
};

/** Throws RepositoryNotFoundException, LifecyclePolicyNotFoundException. */
export const DeleteLifecyclePolicy: Operation<'DeleteLifecyclePolicy'> = (ecr, input, context) => {
  const ids = idsOf(input, context);
  let deleted: string | undefined;
  change(ecr, input, context, ({ lifecyclePolicy, ...rest }) => {
    if (lifecyclePolicy === undefined) throw lifecyclePolicyNotFound(ids.repositoryName, ids.registryId);
    deleted = lifecyclePolicy;
    return rest;
  });
  return { ...ids, lifecyclePolicyText: deleted };
};
