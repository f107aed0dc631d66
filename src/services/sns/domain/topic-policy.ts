// Topic policies: the default policy of a new topic, and the validation of a given policy. Policies are recorded and
// not enforced. Pure.

import { isLike } from '../../../aws/policy-pattern.ts';
import { partitionOf, type Scope } from '../../../aws/scope.ts';
import { invalidParameter } from '../faults.ts';
import { topicArn } from './names.ts';

const DEFAULT_ACTIONS = [
  'GetTopicAttributes',
  'SetTopicAttributes',
  'AddPermission',
  'RemovePermission',
  'DeleteTopic',
  'Subscribe',
  'ListSubscriptionsByTopic',
  'Publish',
];

/** AWS: the policy of a new topic. */
export function defaultPolicy(scope: Scope, name: string) {
  return {
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: DEFAULT_ACTIONS.map((action) => `SNS:${action}`),
        Resource: topicArn(scope, name),
        Condition: { StringEquals: { 'AWS:SourceOwner': scope.accountId } },
      },
    ],
  };
}

/** The statement that AddPermission adds to a policy. */
export const permissionStatement = (
  scope: Scope,
  name: string,
  { label, accounts, actions }: { label: string; accounts: readonly string[]; actions: readonly string[] },
) => ({
  Sid: label,
  Effect: 'Allow',
  Principal: { AWS: oneOrMore(accounts.map((id) => `arn:${partitionOf(scope.region)}:iam::${id}:root`)) },
  Action: oneOrMore(actions.map((action) => `SNS:${action}`)),
  Resource: topicArn(scope, name),
});

/** AWS: a list of one item is written as the item. */
const oneOrMore = (values: string[]): string | string[] => (values.length === 1 ? values[0]! : values);

/**
 * AWS: a topic's policy may contain only actions on that topic. The developer guide lists them; `Receive` occurs in the
 * policies that AWS's console writes.
 */
const IN_SCOPE = new Set(
  [
    ...DEFAULT_ACTIONS,
    'GetDataProtectionPolicy',
    'ListTagsForResource',
    'PutDataProtectionPolicy',
    'Receive',
    'TagResource',
    'UntagResource',
  ].map((action) => action.toLowerCase()),
);
/** Actions on the account. `SNS:*` covers them, too, and is therefore refused. */
const OUT_OF_SCOPE = [
  'ConfirmSubscription',
  'CreateTopic',
  'GetSubscriptionAttributes',
  'ListSubscriptions',
  'ListTopics',
  'SetSubscriptionAttributes',
  'Unsubscribe',
].map((action) => action.toLowerCase());

/** Validates action names without the `SNS:` prefix. Throws InvalidParameter. */
export function checkActions(actions: readonly unknown[]): void {
  if (!actions.every((action) => typeof action === 'string' && isInScope(action.toLowerCase()))) {
    throw invalidParameter('Policy statement action out of service scope!');
  }
}

function isInScope(action: string): boolean {
  if (!/[*?]/.test(action)) return IN_SCOPE.has(action);
  return [...IN_SCOPE].some((one) => isLike(one, action)) && !OUT_OF_SCOPE.some((one) => isLike(one, action));
}

/** Throws InvalidParameter. */
export function checkAccounts(accounts: readonly unknown[]): void {
  const isPrincipal = (one: unknown) =>
    typeof one === 'string' &&
    /^(\*|\d{12}|arn:aws[a-z-]*:(iam|sts)::(\d{12}|cloudfront|aws):.+|A[A-Z0-9]{15,127})$/.test(one);
  // AWS: it also refuses well-formed principals that do not exist. Millpond does not know which accounts exist.
  if (!accounts.every(isPrincipal)) throw invalidParameter('Policy Error: PrincipalNotFound');
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): unknown[] => (value === undefined ? [] : [value].flat());

/** Throws InvalidParameter. */
export function checkPolicy(text: string): void {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw invalidParameter('Policy: failed to parse JSON.');
  }
  if (!isObject(policy)) throw invalidParameter('Policy: failed to parse JSON.');
  for (const statement of listOf(policy.Statement)) checkStatement(statement);
}

/** AWS: an invalid statement is reported as `null`. */
function checkStatement(statement: unknown): void {
  const isStatement = isObject(statement) && ['Allow', 'Deny'].includes(String(statement.Effect));
  if (!isStatement) throw invalidParameter('Policy Error: null');
  const { Principal, NotPrincipal, Action, NotAction } = statement;
  const actions = [...listOf(Action), ...listOf(NotAction)];
  if (actions.length === 0) throw invalidParameter('Policy Error: null');
  checkActions(actions.map((action) => (/^sns:/i.test(String(action)) ? String(action).slice(4) : null)));
  for (const principal of [Principal, NotPrincipal]) {
    if (isObject(principal)) checkAccounts(listOf(principal.AWS));
    else if (principal !== undefined && principal !== '*') throw invalidParameter('Policy Error: null');
  }
}
