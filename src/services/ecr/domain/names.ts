// The names of repositories and tags, and the addresses that are made of them. Pure.

import { parseArn, renderArn } from '../../../aws/arn.ts';
import { registryHost } from '../../../aws/hosts.ts';
import type { Scope } from '../../../aws/scope.ts';

/** The model's pattern of a repository's name. Linear: each component begins and ends with a letter or a digit. */
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const LONGEST_REPOSITORY = 256;
/** As the distribution specification has it. */
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const ARN_PREFIX = 'repository/';

/** AWS: 2 to 256 characters. */
export const isRepositoryName = (name: string): boolean =>
  name.length >= 2 && name.length <= LONGEST_REPOSITORY && REPOSITORY.test(name);

export const isTag = (tag: string): boolean => TAG.test(tag);

export const repositoryArn = (scope: Scope, name: string): string =>
  renderArn('ecr', scope, `${ARN_PREFIX}${name}`);

/** What `docker push` is given: `ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME`. */
export const repositoryUri = (scope: Scope, name: string): string => `${registryHost(scope)}/${name}`;

/** The repository that an ARN names; `undefined` for another ARN, or for a text that is none. */
export function parseRepositoryArn(text: string): { scope: Scope; name: string } | undefined {
  const arn = parseArn(text);
  if (arn?.service !== 'ecr' || !arn.resource.startsWith(ARN_PREFIX)) return undefined;
  return {
    scope: { accountId: arn.accountId, region: arn.region },
    name: arn.resource.slice(ARN_PREFIX.length),
  };
}
