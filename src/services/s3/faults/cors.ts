// S3's errors about CORS. Clients of S3 have reported the texts, misspelling included.

import { fault } from './fault.ts';

interface PreflightOf {
  Method: string;
  ResourceType: string;
}

/** The bucket has no CORS rules. */
export const corsNotEnabled = (about: PreflightOf) =>
  fault('AccessForbidden', 403, 'CORSResponse: CORS is not enabled for this bucket.', { ...about });

/** No CORS rule of the bucket matches. */
export const corsRequestNotAllowed = (about: PreflightOf) =>
  fault(
    'AccessForbidden',
    403,
    "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
    { ...about },
  );
