// What S3 refuses to pages of other origins. The texts, misspelling included, as clients of S3 report them.

import { fault } from './fault.ts';

interface PreflightOf {
  Method: string;
  ResourceType: string;
}

export const corsNotEnabled = (about: PreflightOf) =>
  fault('AccessForbidden', 403, 'CORSResponse: CORS is not enabled for this bucket.', { ...about });

export const corsRequestNotAllowed = (about: PreflightOf) =>
  fault(
    'AccessForbidden',
    403,
    "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
    { ...about },
  );
