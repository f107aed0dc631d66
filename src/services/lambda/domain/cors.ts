// The CORS rules of a function URL: answers to preflight requests, and headers added to the function's answers. Pure.

import type { CorsRecord } from './model.ts';

const DAY_SECONDS = 86_400;

/** The headers for a request from `origin`; none when the origin is not allowed. */
export function corsHeaders(cors: CorsRecord, origin: string, isPreflight: boolean): Record<string, string> {
  const origins = cors.allowOrigins ?? [];
  const allowed = origins.some((pattern) => matches(pattern, origin));
  if (!allowed) return {};
  return {
    'access-control-allow-origin': origins.includes('*') && !cors.allowCredentials ? '*' : origin,
    vary: 'Origin',
    ...(cors.allowCredentials && { 'access-control-allow-credentials': 'true' }),
    ...(cors.exposeHeaders?.length && { 'access-control-expose-headers': cors.exposeHeaders.join(',') }),
    ...(isPreflight && {
      'access-control-allow-methods': (cors.allowMethods ?? []).join(','),
      'access-control-allow-headers': (cors.allowHeaders ?? []).join(','),
      'access-control-max-age': String(Math.min(cors.maxAgeSeconds ?? 0, DAY_SECONDS)),
    }),
  };
}

/** AWS: one asterisk stands for any part of an origin. */
function matches(pattern: string, origin: string): boolean {
  if (pattern === '*' || pattern === origin) return true;
  const [before, after] = pattern.split('*');
  if (after === undefined) return false;
  return (
    origin.length > before!.length + after.length && origin.startsWith(before!) && origin.endsWith(after)
  );
}
