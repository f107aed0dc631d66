// CORS: which headers a bucket's rules grant to pages of other origins.

import type { PageRules } from '../../wire/service.ts';
import type { S3 } from './context.ts';
import { type CorsRules, corsHeaders } from './domain/cors.ts';
import { corsNotEnabled, corsRequestNotAllowed } from './faults/cors.ts';
import { bucketOf } from './http/addressing.ts';

/** The CORS rules as the wire layer asks for them. Preflight requests throw AccessForbidden if no rule matches. */
export function pageRules({ buckets }: S3): PageRules {
  const rulesOf = (name: string) => {
    const bucket = buckets.find(name);
    return bucket && (buckets.setting(bucket, 'CORSConfiguration') as CorsRules | undefined);
  };
  return {
    corsHeaders({ path, ...request }) {
      const rules = rulesOf(bucketOf(path));
      return rules && corsHeaders(rules, request);
    },
    preflightHeaders({ path, ...request }) {
      const bucket = bucketOf(path);
      if (!buckets.find(bucket)) return undefined;
      const hasKey = path.length > bucket.length + 2;
      const rules = rulesOf(bucket);
      const about = { Method: request.method, ResourceType: hasKey ? 'OBJECT' : 'BUCKET' };
      if (!rules) throw corsNotEnabled(about);
      const headers = corsHeaders(rules, request);
      if (!headers) throw corsRequestNotAllowed(about);
      return headers;
    },
  };
}
