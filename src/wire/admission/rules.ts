// The rules that keep web pages away from the API: which caller may call which operation. Signatures are not verified,
// so a page could invent one. AWS's Authorization header counts, because browsers never add one by themselves (they do
// add others, for example `Basic`). A signature in the query string does not, because any link can contain it. Pure.

import type { HttpDialect } from '../http-dialect.ts';
import type { Caller } from './caller.ts';

/** The operation that a request calls, and how. */
export interface RequestedOperation {
  service: string;
  /** The service's dialect, if it has one. */
  dialect?: Pick<HttpDialect, 'pages' | 'links'> | undefined;
  operation: string;
  method: string;
  /** A parameter or a header names the operation, not method and path. */
  isQuery: boolean;
  /** The result of `isSigningHeader`. */
  hasSigningHeader: boolean;
  /** The request has a signature, in the header or in the query string. It is not verified. */
  isSigned: boolean;
}

/** Why a request is refused. */
export type Refusal = 'foreign host' | 'foreign page' | 'only reads' | 'change by GET';

/** The result of a rule. */
export type Verdict =
  | { admitted: true }
  /** The service's page rules decide. AWS: a read without a matching rule is answered without CORS headers. */
  | { admitted: 'by page rules'; isRead: boolean; origin: string }
  | { admitted: false; refusal: Refusal };

const ADMITTED: Verdict = { admitted: true };
const refused = (refusal: Refusal): Verdict => ({ admitted: false, refusal });

/** The names of most operations that change nothing. `OTHER_READS` lists the rest. */
const READ = /^(Describe|Get|List|Search)[A-Z]/;
const OTHER_READS = new Set([
  'CheckIfPhoneNumberIsOptedOut',
  'DecodeAuthorizationMessage',
  'EstimateTemplateCost',
  'SimulateCustomPolicy',
  'SimulatePrincipalPolicy',
  'ValidateTemplate',
]);

/** AWS: the headers of Signature Version 4 and 4A begin with `AWS4-`, those of version 2 with `AWS `. */
export const isSigningHeader = (authorization: string | undefined): boolean =>
  authorization !== undefined && /^AWS(4-| )/.test(authorization);

const READING_METHODS = new Set(['GET', 'HEAD']);

/** Decides whether the caller may call the operation. */
export function judge(caller: Caller, asked: RequestedOperation): Verdict {
  const isRead = reads(asked);
  const isLink = asked.isQuery && asked.method === 'GET';
  if (isLink && asked.dialect?.links?.has(asked.operation)) return ADMITTED;
  if (isLink && !isRead && !asked.hasSigningHeader) return refused('change by GET');
  switch (caller.kind) {
    case 'program':
    case 'allowed page':
      return ADMITTED;
    case 'browser':
      return isRead ? ADMITTED : refused('only reads');
    case 'foreign page':
      return judgeForeignPage(caller.origin, asked);
  }
}

function judgeForeignPage(origin: string | undefined, asked: RequestedOperation): Verdict {
  const pages = asked.dialect?.pages;
  if (pages?.reads.has(asked.operation)) {
    return origin === undefined ? ADMITTED : { admitted: 'by page rules', isRead: true, origin };
  }
  const mayWrite = pages?.writes.has(asked.operation) && asked.isSigned && origin !== undefined;
  return mayWrite ? { admitted: 'by page rules', isRead: false, origin } : refused('foreign page');
}

/** For routes outside of the API: the status, certificates, the response URLs of custom resources. */
export function judgeRoute(caller: Caller, method: string): Refusal | undefined {
  switch (caller.kind) {
    case 'program':
    case 'allowed page':
      return undefined;
    case 'browser':
      return READING_METHODS.has(method) ? undefined : 'only reads';
    case 'foreign page':
      return 'foreign page';
  }
}

/**
 * Refuses early what `judge` would refuse for every operation, so that no body is received and no service is loaded. A
 * foreign page may call operations by method and path or by a link, never by a form or a JSON document.
 */
export function judgeHead(
  caller: Caller,
  { method, isQuery }: { method: string; isQuery: boolean },
): Verdict {
  const isReading = READING_METHODS.has(method);
  if (caller.kind === 'browser' && !isReading) return refused('only reads');
  if (caller.kind === 'foreign page' && isQuery && !isReading) return refused('foreign page');
  return ADMITTED;
}

function reads({ method, isQuery, operation }: RequestedOperation): boolean {
  if (isQuery) return READ.test(operation) || OTHER_READS.has(operation);
  return READING_METHODS.has(method);
}
