// Stack policies: which updates of which resources are denied. Pure.

import { validationError } from '../faults.ts';

/** The actions that a stack policy can name. */
export type UpdateAction = 'Update:Modify' | 'Update:Replace' | 'Update:Delete';

interface Statement {
  Effect?: unknown;
  Action?: unknown;
  NotAction?: unknown;
  Principal?: unknown;
  Resource?: unknown;
  NotResource?: unknown;
  Condition?: { StringEquals?: { ResourceType?: unknown }; StringLike?: { ResourceType?: unknown } };
}

/** AWS's limit. */
export const MAX_POLICY_BYTES = 16_384;

/** Throws a ValidationError when the text is not a stack policy. */
export function checkPolicy(text: string): void {
  if (Buffer.byteLength(text) > MAX_POLICY_BYTES) {
    throw validationError(`Stack policy may not exceed ${MAX_POLICY_BYTES} bytes.`);
  }
  const statements = statementsOf(text);
  if (!statements || statements.length === 0) {
    throw validationError('Error validating stack policy: Invalid stack policy');
  }
  for (const { Effect, Action, NotAction, Principal, Resource, NotResource } of statements) {
    const names = (Action ?? NotAction) !== undefined && (Resource ?? NotResource) !== undefined;
    if ((Effect !== 'Allow' && Effect !== 'Deny') || !names || Principal === undefined) {
      throw validationError('Error validating stack policy: Invalid stack policy');
    }
  }
}

function statementsOf(text: string): Statement[] | undefined {
  try {
    const { Statement } = JSON.parse(text) as { Statement?: unknown };
    const list = Array.isArray(Statement) ? Statement : [Statement];
    return list.every((item) => typeof item === 'object' && item !== null)
      ? (list as Statement[])
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Why the policy denies the action, or `undefined` when it allows the action. AWS: without a policy every update is
 * allowed; a policy denies every update that it does not allow.
 */
export function objectionOfPolicy(
  policy: string | undefined,
  action: UpdateAction,
  resource: { logicalId: string; type: string },
): string | undefined {
  if (policy === undefined) return undefined;
  const statements = statementsOf(policy) ?? [];
  const matching = [...statements.entries()].filter(([, statement]) => applies(statement, action, resource));
  const denied = matching.find(([, { Effect }]) => Effect === 'Deny');
  const target = `does not allow [${action}] for resource [${resource.logicalId}]`;
  if (denied) return `Action denied by stack policy: Statement [#${denied[0] + 1}] ${target}`;
  if (matching.length === 0)
    return `Action denied by stack policy: no statement allows [${action}] for resource [${resource.logicalId}]`;
  return undefined;
}

function applies(
  statement: Statement,
  action: UpdateAction,
  { logicalId, type }: { logicalId: string; type: string },
): boolean {
  const named = `LogicalResourceId/${logicalId}`;
  const { StringEquals, StringLike } = statement.Condition ?? {};
  const types = StringEquals?.ResourceType ?? StringLike?.ResourceType;
  if (types !== undefined && !matchesAny(types, type)) return false;
  const acts =
    statement.Action !== undefined
      ? matchesAny(statement.Action, action)
      : !matchesAny(statement.NotAction, action);
  const covers =
    statement.Resource !== undefined
      ? matchesAny(statement.Resource, named)
      : !matchesAny(statement.NotResource, named);
  return acts && covers;
}

const matchesAny = (patterns: unknown, text: string): boolean =>
  (Array.isArray(patterns) ? patterns : [patterns]).some(
    (pattern) => typeof pattern === 'string' && matches(pattern, text),
  );

/** `*` is the only wildcard. It needs no regular expression, so a hostile policy costs no more than its length. */
function matches(pattern: string, text: string): boolean {
  const [first = '', ...parts] = pattern.split('*');
  if (parts.length === 0) return pattern === text;
  const last = parts.pop()!;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}
