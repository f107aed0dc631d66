// The HTTP features of S3: buckets in host names, headers in queries, uploads by HTML forms, presigned URLs that
// expire.

import type { HttpDialect } from '../../../wire/http-dialect.ts';
import { slowDown } from '../faults/requests.ts';
import { normalize } from './addressing.ts';
import { codec } from './codec.ts';
import { isFormPost, readFormPost } from './form-post.ts';
import { refuseExpired } from './presigned.ts';

/** For S3's manifest. */
export const dialect: HttpDialect = {
  isDefaultForRest: true,
  ...{ codec, normalize },
  refuse: refuseExpired,
  noRoom: slowDown,
  form: { operation: 'PutObject', isForm: isFormPost, read: readFormPost },
  pages: {
    reads: new Set(['GetObject', 'HeadObject']),
    // No copy operations: a page that may write to one bucket could use them to read another bucket.
    writes: new Set([
      'AbortMultipartUpload',
      'CompleteMultipartUpload',
      'CreateMultipartUpload',
      'DeleteObject',
      'PutObject',
      'UploadPart',
    ]),
  },
};
