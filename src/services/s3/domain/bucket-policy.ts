// Bucket policies: their validation, and whether a policy is public. They are recorded and not enforced. Pure.

import { malformedPolicy, policyTooLarge } from '../faults/buckets.ts';

const MOST_BYTES = 20 * 1024;

type Statement = Record<string, unknown>;

/** Validates a policy and returns it unchanged. Throws MalformedPolicy, PolicyTooLarge. */
export function checkPolicy(text: string): string {
  if (Buffer.byteLength(text) > MOST_BYTES) throw policyTooLarge(MOST_BYTES);
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw malformedPolicy(NOT_JSON);
  }
  if (!isObject(policy)) throw malformedPolicy(NOT_JSON);
  if (!('Statement' in policy)) throw malformedPolicy('Missing required field Statement');
  for (const statement of statementsOf(policy)) checkStatement(statement);
  return text;
}

const NOT_JSON = "Policies must be valid JSON and the first byte must be '{'";

function checkStatement(statement: unknown): void {
  if (!isObject(statement)) throw malformedPolicy('Policy has invalid statement');
  const { Effect } = statement;
  if (Effect === undefined) throw malformedPolicy('Missing required field Effect');
  if (Effect !== 'Allow' && Effect !== 'Deny')
    throw malformedPolicy(`Invalid effect: ${String(Effect).slice(0, 100)}`);
  for (const [name, opposite] of REQUIRED) {
    if (statement[name] === undefined && statement[opposite] === undefined) {
      throw malformedPolicy(`Missing required field ${name}`);
    }
  }
}

const REQUIRED: readonly [name: string, opposite: string][] = [
  ['Principal', 'NotPrincipal'],
  ['Action', 'NotAction'],
  ['Resource', 'NotResource'],
];

/**
 * Whether a statement without conditions allows everybody. AWS evaluates the values of conditions; here any condition
 * makes a statement non-public.
 */
export function isPublic(text: string): boolean {
  return statementsOf(JSON.parse(text) as Statement).some(
    (statement) =>
      isObject(statement) &&
      statement.Effect === 'Allow' &&
      (statement.Condition === undefined || Object.keys(statement.Condition as object).length === 0) &&
      isEverybody(statement.Principal),
  );
}

function isEverybody(principal: unknown): boolean {
  if (principal === '*') return true;
  const accounts = isObject(principal) ? principal.AWS : undefined;
  return Array.isArray(accounts) ? accounts.includes('*') : accounts === '*';
}

function statementsOf({ Statement }: Statement): unknown[] {
  return Array.isArray(Statement) ? Statement : [Statement];
}

const isObject = (value: unknown): value is Statement =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
