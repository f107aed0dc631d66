// Checks the grammar of policy documents, not their meaning: nothing here enforces policies. Pure.

import { limitExceeded, malformedPolicy } from './faults.ts';

const VERSIONS = ['2012-10-17', '2008-10-17'];

/**
 * Whether a policy grants permissions to an identity or says who may assume a role. It decides which members a
 * statement needs.
 */
export type PolicyUse = 'identity' | 'trust';

/**
 * `quota` is AWS's name of the limit (`PolicySize`), `limit` is in characters without white space. Throws
 * MalformedPolicyDocument or LimitExceeded.
 */
export function checkPolicyDocument(text: string, use: PolicyUse, quota: string, limit: number): void {
  if (text.replace(/\s+/g, '').length > limit) throw limitExceeded(quota, limit);
  const document = parse(text);
  const { Version, Statement } = document;
  if (Version !== undefined && !VERSIONS.includes(Version as string)) {
    throw malformedPolicy('The policy must contain a valid version string');
  }
  const statements = Array.isArray(Statement) ? Statement : Statement === undefined ? [] : [Statement];
  if (statements.length === 0) throw malformedPolicy('Syntax errors in policy.');
  for (const statement of statements) checkStatement(statement, use);
}

function checkStatement(statement: unknown, use: PolicyUse): void {
  if (!isRecord(statement)) throw malformedPolicy('Syntax errors in policy.');
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') {
    throw malformedPolicy(
      statement.Effect === undefined
        ? 'Missing required field Effect'
        : `Invalid effect: ${String(statement.Effect)}`,
    );
  }
  if (!('Action' in statement) && !('NotAction' in statement)) {
    throw malformedPolicy(
      use === 'trust' ? 'Missing required field Action' : 'Policy statement must contain actions.',
    );
  }
  const hasPrincipal = 'Principal' in statement || 'NotPrincipal' in statement;
  const hasResource = 'Resource' in statement || 'NotResource' in statement;
  if (use === 'trust') {
    if (!hasPrincipal) throw malformedPolicy('Missing required field Principal');
    if (hasResource) throw malformedPolicy('Has prohibited field Resource');
    return;
  }
  if (hasPrincipal) throw malformedPolicy('Policy document should not specify a principal.');
  if (!hasResource) throw malformedPolicy('Policy statement must contain resources.');
}

function parse(text: string): Record<string, unknown> {
  try {
    const document: unknown = JSON.parse(text);
    if (isRecord(document)) return document;
  } catch {
    // Refused below.
  }
  throw malformedPolicy('This policy contains invalid Json');
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** AWS: documents are returned percent-encoded, as RFC 3986 defines it. */
export const encodeDocument = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
