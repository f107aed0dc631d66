// The HTTP features of S3 Control that neither its model nor its protocol describes.

import type { HttpDialect } from '../../wire/http-dialect.ts';

/** AWS: clients sign for S3. The paths begin with the API version, and each request names the account in a header. */
export const dialect: HttpDialect = {
  claims: ({ headers, path }) => headers['x-amz-account-id'] !== undefined && path.startsWith('/v20180820/'),
};
