// Finds why a stack failed: the failure that caused the others, and its place in a template. Pure.

import { excerpt, withExcerpts } from './excerpt.ts';
import type { Happening } from './follow.ts';
import type { PackagedTemplate } from './package.ts';

/** The cause of a stack's failure. */
export interface Failure {
  happening: Happening;
  logicalId: string;
  /** The template that contains the resource. */
  template: PackagedTemplate | undefined;
  /** The resource's own template, if it is a nested stack. */
  nested: PackagedTemplate | undefined;
}

const LAST_PLACE = / \(line \d{1,7}, column \d{1,7}\)$/;

/** The first failure, as far as can be told. */
export function failureIn(happened: readonly Happening[], outermost: PackagedTemplate): Failure | undefined {
  const failed = happened.filter(({ status }) => status.endsWith('_FAILED'));
  const causes = failed.filter(
    ({ path, reason }) =>
      !/cancelled/i.test(reason) &&
      // A nested stack fails because of a resource in it, where that is known.
      !failed.some((other) => other.path.startsWith(`${path}/`)),
  );
  // A failed transform, an output or a timeout fails the stack without a failed resource.
  const happening = causes[0] ?? failed[0] ?? happened.find(isRollbackOfStack);
  if (!happening) return undefined;
  const ids = happening.path.split('/');
  const logicalId = ids.pop()!;
  let template: PackagedTemplate | undefined = outermost;
  for (const id of ids) template = template?.nested.get(id);
  return { happening, logicalId, template, nested: template?.nested.get(logicalId) };
}

/** The outermost stack begins to roll back; its event has the reason. */
const isRollbackOfStack = ({ path, type, status, reason }: Happening): boolean =>
  type === 'AWS::CloudFormation::Stack' &&
  !path.includes('/') &&
  status.endsWith('ROLLBACK_IN_PROGRESS') &&
  reason !== '';

/** One sentence: the resource, its state and the reason, with an excerpt of the template. */
export function describeFailure(failure: Failure): string {
  const { happening, template } = failure;
  if (isRollbackOfStack(happening)) return withExcerpts(happening.reason.trim(), template);
  const { path, type, status } = happening;
  return `${path} (${type}) is ${status}: ${reasonOf(failure)}`;
}

function reasonOf({ happening, logicalId, template, nested }: Failure): string {
  const { reason } = happening;
  // For a nested stack, the reason has places in its own template and at the end its place in the outer one.
  const ofNested = reason.replace(LAST_PLACE, '');
  if (nested && /\(line \d/.test(ofNested)) return withExcerpts(ofNested, nested);
  if (LAST_PLACE.test(reason)) return withExcerpts(reason, template);
  const place = template?.resources.get(logicalId);
  return template && place ? `${reason}\n${excerpt({ ...template, place })}` : reason;
}
