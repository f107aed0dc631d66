// What buckets let pages of other origins do, by their CORS rules.

import type { PageRules } from '../../wire/service.ts';
import type { S3 } from './context.ts';
import { type CorsRules, corsHeaders } from './domain/cors.ts';
import { corsNotEnabled, corsRequestNotAllowed } from './faults/pages.ts';

export function pageRules({ buckets }: S3): PageRules {
  const rulesOf = (name: string) => {
    const bucket = buckets.find(name);
    return bucket && (buckets.setting(bucket, 'CORSConfiguration') as CorsRules | undefined);
  };
  return {
    corsHeaders({ bucket, ...request }) {
      const rules = rulesOf(bucket);
      return rules && corsHeaders(rules, request);
    },
    preflightHeaders({ bucket, hasKey, ...request }) {
      if (!buckets.find(bucket)) return undefined;
      const rules = rulesOf(bucket);
      const about = { Method: request.method, ResourceType: hasKey ? 'OBJECT' : 'BUCKET' };
      if (!rules) throw corsNotEnabled(about);
      const headers = corsHeaders(rules, request);
      if (!headers) throw corsRequestNotAllowed(about);
      return headers;
    },
  };
}
