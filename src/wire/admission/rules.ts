// Which caller may ask for which operation: the rules that keep web pages away from the API. Signatures are not
// verified, so one that a page has made up must not count: browsers add no Authorization header of AWS's by themselves (of
// others they do, such as `Basic`), while anything can stand in a query string. Pure; the tables below are the decisions.

import type { HttpDialect } from '../http-dialect.ts';
import type { Caller } from './caller.ts';

/** An operation as a request asks for it. */
export interface AskedOperation {
  service: string;
  /** The service's, where it has one. */
  dialect?: Pick<HttpDialect, 'pages' | 'links'> | undefined;
  operation: string;
  method: string;
  /** It is named by a parameter or a header, not by method and path. */
  isQuery: boolean;
  /** As `isSigningHeader` has it. */
  hasSigningHeader: boolean;
  /** By that header or in the query string, whether or not truly. */
  isSigned: boolean;
}

/** Why a request is refused. */
export type Refusal = 'foreign host' | 'foreign page' | 'only reads' | 'change by GET';

export type Verdict =
  | { admitted: true }
  /** As the service's page rules say; a read that they do not name is answered without CORS headers, as on AWS. */
  | { admitted: 'by page rules'; isRead: boolean; origin: string }
  | { admitted: false; refusal: Refusal };

const ADMITTED: Verdict = { admitted: true };
const refused = (refusal: Refusal): Verdict => ({ admitted: false, refusal });

/** Names of operations that change nothing. `OTHER_READS` has those that are named otherwise. */
const READ = /^(Describe|Get|List|Search)[A-Z]/;
const OTHER_READS = new Set([
  'CheckIfPhoneNumberIsOptedOut',
  'DecodeAuthorizationMessage',
  'EstimateTemplateCost',
  'SimulateCustomPolicy',
  'SimulatePrincipalPolicy',
  'ValidateTemplate',
]);

/** AWS: those of Signature Version 4 and 4A begin with `AWS4-`, those of version 2 with `AWS `. */
export const isSigningHeader = (authorization: string | undefined): boolean =>
  authorization !== undefined && /^AWS(4-| )/.test(authorization);

const READING_METHODS = new Set(['GET', 'HEAD']);

export function judge(caller: Caller, asked: AskedOperation): Verdict {
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

function judgeForeignPage(origin: string | undefined, asked: AskedOperation): Verdict {
  const pages = asked.dialect?.pages;
  if (pages?.reads.has(asked.operation)) {
    return origin === undefined ? ADMITTED : { admitted: 'by page rules', isRead: true, origin };
  }
  const mayWrite = pages?.writes.has(asked.operation) && asked.isSigned && origin !== undefined;
  return mayWrite ? { admitted: 'by page rules', isRead: false, origin } : refused('foreign page');
}

/** For requests that are no operation: the status, certificates, the addresses that custom resources answer to. */
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
 * Refuses what `judge` would refuse whatever the operation is, so that no body is received and no service loaded for it:
 * a foreign page may ask for operations by method and path or by a link, never by a form or a JSON document.
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

function reads({ method, isQuery, operation }: AskedOperation): boolean {
  if (isQuery) return READ.test(operation) || OTHER_READS.has(operation);
  return READING_METHODS.has(method);
}
