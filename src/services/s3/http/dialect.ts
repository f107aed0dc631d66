// How S3 is spoken to over HTTP: buckets in host names, headers in queries, objects as forms, links that end.

import type { HttpDialect } from '../../../wire/http-dialect.ts';
import { slowDown } from '../faults/requests.ts';
import { normalize } from './addressing.ts';
import { codec } from './codec.ts';
import { isFormPost, readFormPost } from './form-post.ts';
import { refuseExpired } from './presigned.ts';

export const dialect: HttpDialect = {
  isDefaultForRest: true,
  ...{ codec, normalize },
  refuse: refuseExpired,
  noRoom: slowDown,
  form: { operation: 'PutObject', isForm: isFormPost, read: readFormPost },
  pages: {
    reads: new Set(['GetObject', 'HeadObject']),
    // Never copies: a page that may write to one bucket must not read from another by that.
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
