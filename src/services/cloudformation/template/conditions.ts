// The Conditions section. Conditions depend on parameters, mappings and other conditions, never on resources.

import { conditionHolds } from './condition-functions.ts';
import { evaluate } from './evaluate.ts';
import type { EvaluationContext } from './evaluation-context.ts';
import { formatError, TemplateError } from './issues.ts';
import type { TemplateNode } from './node.ts';

/** All conditions by name. Throws a TemplateError for a cycle, an unknown name, or a value that is not a condition. */
export function evaluateConditions(
  declared: ReadonlyMap<string, TemplateNode>,
  context: Omit<EvaluationContext, 'conditions'>,
): Map<string, boolean> {
  const conditions = new Map<string, boolean>();
  const open = new Set<string>();
  const full: EvaluationContext = { ...context, conditions: lazily(conditions, resolve) };

  function resolve(name: string): boolean | undefined {
    const known = conditions.get(name);
    if (known !== undefined) return known;
    const node = declared.get(name);
    if (!node) return undefined;
    if (open.has(name)) {
      throw new TemplateError(
        formatError(`Circular dependency between conditions: [${[...open].join(', ')}]`, node.place),
      );
    }
    open.add(name);
    const holds = holdsIn(node, full);
    open.delete(name);
    conditions.set(name, holds);
    return holds;
  }

  for (const name of declared.keys()) resolve(name);
  return conditions;
}

/** A map that evaluates each condition on demand, because a condition may refer to a later one. */
function lazily(
  known: Map<string, boolean>,
  resolve: (name: string) => boolean | undefined,
): ReadonlyMap<string, boolean> {
  const view = new Map(known);
  view.get = resolve;
  return view;
}

/** Whether one condition holds in the context. Throws like `conditionHolds`. */
export const holdsIn = (node: TemplateNode, context: EvaluationContext): boolean =>
  conditionHolds(node, { context, evaluate: (part) => evaluate(part, context) });
