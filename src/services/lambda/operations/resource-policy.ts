// Adds statements to the resource policies of functions and layer versions, and removes them. Policies are stored and
// returned, not enforced.

import { newRevision, requireRevision } from '../context.ts';
import type { PolicyRecord } from '../domain/model.ts';
import { noPolicy, statementExists, statementNotFound } from '../faults.ts';

type Statement = PolicyRecord['statements'][number];

/** The policy with one more statement. Throws when its Sid exists or the caller expects another revision. */
export function withStatement(
  policy: PolicyRecord | undefined,
  statement: Statement & { Sid: string },
  expectedRevision: string | undefined,
): PolicyRecord {
  if (policy) requireRevision(policy.revisionId, expectedRevision);
  const statements = policy?.statements ?? [];
  if (statements.some(({ Sid }) => Sid === statement.Sid)) throw statementExists(statement.Sid);
  return { statements: [...statements, statement], revisionId: newRevision() };
}

/** The policy without the statement; `undefined` when none is left. Throws when there is no such statement. */
export function withoutStatement(
  policy: PolicyRecord | undefined,
  sid: string,
  expectedRevision: string | undefined,
): PolicyRecord | undefined {
  if (!policy) throw noPolicy();
  const statements = policy.statements.filter(({ Sid }) => Sid !== sid);
  if (statements.length === policy.statements.length) throw statementNotFound(sid);
  requireRevision(policy.revisionId, expectedRevision);
  return statements.length > 0 ? { statements, revisionId: newRevision() } : undefined;
}

/** The policy as a JSON document. */
export const documentOf = ({ statements }: PolicyRecord): string =>
  JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements });
