// GetAuthorizationToken: the user name and password for `docker login`.

import { registryHost } from '../../../aws/hosts.ts';
import { TOKEN_USER } from '../authorization.ts';
import type { Operation } from '../sdk.ts';

/** AWS: without registry ids there is one entry, for the caller's own registry. */
export const GetAuthorizationToken: Operation<'GetAuthorizationToken'> = (ecr, input, context) => {
  const { accountId, region } = context;
  const registries = input.registryIds?.length ? input.registryIds : [accountId];
  return {
    authorizationData: registries.map((registryId) => {
      const scope = { accountId: registryId, region };
      const { token, expiresAt } = ecr.authorization.issue(scope);
      return {
        authorizationToken: Buffer.from(`${TOKEN_USER}:${token}`).toString('base64'),
        expiresAt: new Date(expiresAt),
        proxyEndpoint: `https://${registryHost(scope)}`,
      };
    }),
  };
};
