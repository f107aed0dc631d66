// The condition functions: `Fn::Equals`, `Fn::Not`, `Fn::And`, `Fn::Or`, and references to conditions by name. The
// caller supplies the evaluator of their operands.

import type { Evaluator } from './evaluation-context.ts';
import { argumentsOf, type Call, callOf, conditionNameOf } from './intrinsics.ts';
import { formatError, TemplateError, validationError } from './issues.ts';
import type { TemplateNode } from './node.ts';
import { causesIn, causeText, type Evaluated } from './unknown-value.ts';

/**
 * Whether a condition holds: a condition of the section, or one argument of `Fn::And`, `Fn::Or` and `Fn::Not`. Throws a
 * TemplateError for an unknown name, for a value that is not a boolean, and for a reference to a resource.
 */
export function conditionHolds(node: TemplateNode, evaluator: Evaluator): boolean {
  const name = conditionNameOf(node);
  if (name !== undefined) {
    const holds = evaluator.context.conditions.get(name);
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
  if (call) return isTrue(call, evaluator);
  if (node.kind === 'scalar' && (node.value === true || node.value === 'true')) return true;
  if (node.kind === 'scalar' && (node.value === false || node.value === 'false')) return false;
  throw new TemplateError(
    validationError('Every Condition member must be a string or a condition function.', node.place),
  );
}

/** The value of a condition function: `Fn::Equals`, `Fn::Not`, `Fn::And`, `Fn::Or`, or any call that returns a boolean. */
export function isTrue(call: Call, evaluator: Evaluator): boolean {
  const { argument, place } = call;
  switch (call.function) {
    case 'Fn::Equals': {
      const [a, b] = operands(call, 2);
      return sameText(known(a!, evaluator), known(b!, evaluator));
    }
    case 'Fn::Not':
      return !conditionHolds(operands(call, 1)[0]!, evaluator);
    case 'Fn::And':
      return operands(call, 2, 10).every((part) => conditionHolds(part, evaluator));
    case 'Fn::Or':
      return operands(call, 2, 10).some((part) => conditionHolds(part, evaluator));
    default: {
      const value = known(
        { kind: 'object', entries: new Map([[call.function, { value: argument, place }]]), place },
        evaluator,
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

function known(node: TemplateNode, evaluator: Evaluator): Evaluated {
  const value = evaluator.evaluate(node);
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

/** AWS: values are compared as text, so 1 equals "1" and true equals "true". */
function sameText(a: Evaluated, b: Evaluated): boolean {
  if (typeof a !== 'object' && typeof b !== 'object') return String(a) === String(b);
  return JSON.stringify(a) === JSON.stringify(b);
}
