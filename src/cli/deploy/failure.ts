// Why a stack failed: the failure that the others followed from, and where in a template it stands. Pure.

import { excerpt, withExcerpts } from './excerpt.ts';
import type { Happening } from './follow.ts';
import type { PackagedTemplate } from './package.ts';

export interface Failure {
  happening: Happening;
  logicalId: string;
  /** That the resource stands in. */
  template: PackagedTemplate | undefined;
  /** The resource's own, if it is a nested stack. */
  nested: PackagedTemplate | undefined;
}

const LAST_PLACE = / \(line \d{1,7}, column \d{1,7}\)$/;

/** The first of them, as far as can be told. */
export function failureIn(happened: readonly Happening[], outermost: PackagedTemplate): Failure | undefined {
  const failed = happened.filter(({ status }) => status.endsWith('_FAILED'));
  const causes = failed.filter(
    ({ path, reason }) =>
      !/cancelled/i.test(reason) &&
      // A nested stack fails by what is in it, where that is known.
      !failed.some((other) => other.path.startsWith(`${path}/`)),
  );
  const happening = causes[0] ?? failed[0];
  if (!happening) return undefined;
  const ids = happening.path.split('/');
  const logicalId = ids.pop()!;
  let template: PackagedTemplate | undefined = outermost;
  for (const id of ids) template = template?.nested.get(id);
  return { happening, logicalId, template, nested: template?.nested.get(logicalId) };
}

/** Which resource, in which state, for which reason, and the lines of the template that are meant. */
export function describeFailure(failure: Failure): string {
  const { path, type, status } = failure.happening;
  return `${path} (${type}) is ${status}: ${reasonOf(failure)}`;
}

function reasonOf({ happening, logicalId, template, nested }: Failure): string {
  const { reason } = happening;
  // Of a nested stack: places in its own template, and then its place in the outer one.
  const ofNested = reason.replace(LAST_PLACE, '');
  if (nested && /\(line \d/.test(ofNested)) return withExcerpts(ofNested, nested);
  if (LAST_PLACE.test(reason)) return withExcerpts(reason, template);
  const place = template?.resources.get(logicalId);
  return template && place ? `${reason}\n${excerpt({ ...template, place })}` : reason;
}
