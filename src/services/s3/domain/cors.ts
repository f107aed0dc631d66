// CORS rules of a bucket: their validation, and the headers that they grant to a page of another origin. Pure.

import { invalidRequest, malformedXml } from '../faults/requests.ts';

/** The CORSConfiguration of S3's API. */
export interface CorsRules {
  CORSRules?: CorsRule[] | undefined;
}

interface CorsRule {
  AllowedMethods?: string[] | undefined;
  AllowedOrigins?: string[] | undefined;
  AllowedHeaders?: string[] | undefined;
  ExposeHeaders?: string[] | undefined;
  MaxAgeSeconds?: number | undefined;
  ID?: string | undefined;
}

const METHODS = new Set(['GET', 'PUT', 'HEAD', 'POST', 'DELETE']);
const MAX_RULES = 100;
/** AWS: answers vary by these request headers if the bucket has rules. */
const VARY = 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method';

/** Validates rules and returns them. Throws MalformedXML, InvalidRequest. */
export function checkCors({ CORSRules: rules = [] }: CorsRules): CorsRules {
  if (rules.length === 0 || rules.length > MAX_RULES) throw malformedXml();
  for (const rule of rules) {
    const { AllowedMethods: methods = [], AllowedOrigins: origins = [] } = rule;
    if (methods.length === 0 || origins.length === 0) throw malformedXml();
    const unknown = methods.find((method) => !METHODS.has(method));
    if (unknown !== undefined) {
      throw invalidRequest(`Found unsupported HTTP method in CORS config. Unsupported method is ${unknown}`);
    }
    refuseSeveralWildcards('AllowedOrigin', origins);
    refuseSeveralWildcards('AllowedHeader', rule.AllowedHeaders ?? []);
    const exposed = rule.ExposeHeaders?.find((header) => header.includes('*'));
    if (exposed !== undefined) {
      throw invalidRequest(
        `ExposeHeader "${exposed}" contains wildcard. We currently do not support wildcard for ExposeHeader.`,
      );
    }
  }
  return { CORSRules: rules };
}

function refuseSeveralWildcards(element: string, patterns: readonly string[]): void {
  const bad = patterns.find((pattern) => pattern.indexOf('*') !== pattern.lastIndexOf('*'));
  if (bad !== undefined) throw invalidRequest(`${element} "${bad}" can not have more than one wildcard.`);
}

/** A request or preflight request from a page. */
export interface CorsRequest {
  origin: string;
  method: string;
  /** In lower case: the headers that the page wants to send. Only for a preflight request. */
  headers?: readonly string[];
}

/** The answer's headers by the first rule that matches; `undefined` if none does. */
export function corsHeaders(
  { CORSRules: rules = [] }: CorsRules,
  request: CorsRequest,
): Record<string, string> | undefined {
  const rule = rules.find((each) => fits(each, request));
  if (!rule) return undefined;
  const isForAll = rule.AllowedOrigins?.includes('*') ?? false;
  return {
    'access-control-allow-origin': isForAll ? '*' : request.origin,
    ...(!isForAll && { 'access-control-allow-credentials': 'true' }),
    'access-control-allow-methods': (rule.AllowedMethods ?? []).join(', '),
    ...(request.headers?.length && { 'access-control-allow-headers': request.headers.join(', ') }),
    ...(rule.ExposeHeaders?.length && { 'access-control-expose-headers': rule.ExposeHeaders.join(', ') }),
    ...(rule.MaxAgeSeconds !== undefined && { 'access-control-max-age': String(rule.MaxAgeSeconds) }),
    vary: VARY,
  };
}

function fits(rule: CorsRule, { origin, method, headers = [] }: CorsRequest): boolean {
  const { AllowedMethods: methods = [], AllowedOrigins: origins = [], AllowedHeaders: allowed = [] } = rule;
  return (
    methods.includes(method) &&
    origins.some((pattern) => matches(pattern, origin)) &&
    headers.every((header) => allowed.some((pattern) => matches(pattern.toLowerCase(), header)))
  );
}

/** AWS: a pattern has at most one asterisk, which matches any text. */
function matches(pattern: string, text: string): boolean {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === text;
  const end = pattern.slice(star + 1);
  return text.length >= pattern.length - 1 && text.startsWith(pattern.slice(0, star)) && text.endsWith(end);
}
