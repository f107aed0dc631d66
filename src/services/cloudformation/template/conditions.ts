// The Conditions section: what each gives, from parameters and mappings alone; no resource is known here.

import { type EvaluationContext, evaluate } from './evaluate.ts';
import { argumentsOf, type Call, callOf, conditionNameOf } from './intrinsics.ts';
import { formatError, TemplateError, validationError } from './issues.ts';
import type { TemplateNode } from './node.ts';
import { causesIn, causeText, type Evaluated } from './unknown-value.ts';

/** All conditions by name. Throws a TemplateError for a cycle, an unknown name or what is no condition. */
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

/** A map that works out what is asked for; conditions may name later ones. */
function lazily(
  known: Map<string, boolean>,
  resolve: (name: string) => boolean | undefined,
): ReadonlyMap<string, boolean> {
  const view = new Map(known);
  view.get = resolve;
  return view;
}

/** One condition, or one argument of And, Or and Not. */
export function holdsIn(node: TemplateNode, context: EvaluationContext): boolean {
  const name = conditionNameOf(node);
  if (name !== undefined) {
    const holds = context.conditions.get(name);
    if (holds === undefined) {
      throw new TemplateError(
        formatError(
          `Unresolved condition dependency ${name} in the Conditions block of the template`,
          node.place,
        ),
      );
    }
    return holds;
  }
  const call = callOf(node);
  if (call) return isTrue(call, context);
  if (node.kind === 'scalar' && (node.value === true || node.value === 'true')) return true;
  if (node.kind === 'scalar' && (node.value === false || node.value === 'false')) return false;
  throw new TemplateError(
    validationError('Every Condition member must be a string or a condition function.', node.place),
  );
}

export function isTrue(call: Call, context: EvaluationContext): boolean {
  const { argument, place } = call;
  switch (call.function) {
    case 'Fn::Equals': {
      const [a, b] = operands(call, 2);
      return sameText(known(a!, context), known(b!, context));
    }
    case 'Fn::Not':
      return !holdsIn(operands(call, 1)[0]!, context);
    case 'Fn::And':
      return operands(call, 2, 10).every((part) => holdsIn(part, context));
    case 'Fn::Or':
      return operands(call, 2, 10).some((part) => holdsIn(part, context));
    default: {
      const value = known(
        { kind: 'object', entries: new Map([[call.function, { value: argument, place }]]), place },
        context,
      );
      if (value === true || value === 'true') return true;
      if (value === false || value === 'false') return false;
      throw new TemplateError(validationError(`Condition function expected, found ${call.function}`, place));
    }
  }
}

function operands(call: Call, least: number, most = least): TemplateNode[] {
  const parts = argumentsOf(call.argument, least, most);
  if (parts) return parts;
  const shape =
    call.function === 'Fn::Equals'
      ? 'a list of string parameters'
      : `a list of ${least === most ? 'one parameter' : `at least ${least} and at most ${most} boolean parameters`}`;
  throw new TemplateError(validationError(`every ${call.function} object requires ${shape}.`, call.place));
}

function known(node: TemplateNode, context: EvaluationContext): Evaluated {
  const value = evaluate(node, context);
  if (typeof value === 'symbol') return null;
  const causes = causesIn(value);
  if (causes.length > 0) {
    throw new TemplateError(
      formatError(
        `Unresolved dependencies [${causes.map(causeText).join(', ')}]. Cannot reference resources in the Conditions block of the template`,
        node.place,
      ),
    );
  }
  return value;
}

/** AWS: compared as text, so that 1 equals "1" and true equals "true". */
function sameText(a: Evaluated, b: Evaluated): boolean {
  if (typeof a !== 'object' && typeof b !== 'object') return String(a) === String(b);
  return JSON.stringify(a) === JSON.stringify(b);
}
