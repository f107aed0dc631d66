// What DynamoDB's responses have besides JSON: a checksum.

import { crc32 } from 'node:zlib';
import type { HttpDialect } from '../../../wire/http-dialect.ts';

/** AWS: SDKs for Go, Java and Ruby compare the header with the body, and repeat the request when they differ. */
export const dialect: HttpDialect = {
  complete({ headers, body }) {
    if (typeof body === 'string' || body instanceof Uint8Array) headers['x-amz-crc32'] = String(crc32(body));
  },
};
