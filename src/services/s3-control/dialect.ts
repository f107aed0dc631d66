// How S3 Control is spoken to over HTTP, besides its model and protocol.

import type { HttpDialect } from '../../wire/http-dialect.ts';

/** AWS: it is signed for as S3. Its paths begin with its version, and each request bears the account. */
export const dialect: HttpDialect = {
  claims: ({ headers, path }) => headers['x-amz-account-id'] !== undefined && path.startsWith('/v20180820/'),
};
