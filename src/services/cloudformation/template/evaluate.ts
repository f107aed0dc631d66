// Evaluates a template node against a context. Evaluation is pure: the context already has everything that had to be
// looked up, and a value that is not known yet becomes an Unknown in the result.

import type { EvaluationContext, Result } from './evaluation-context.ts';
import { NO_VALUE } from './evaluation-context.ts';
import { FUNCTIONS } from './functions.ts';
import { callOf } from './intrinsics.ts';
import { TemplateError, validationError } from './issues.ts';
import { type TemplateNode, textOf } from './node.ts';
import { type Evaluated, type EvaluatedObject, Unknown } from './unknown-value.ts';

/** The node's value, NO_VALUE for `AWS::NoValue`. Throws a TemplateError when a call is malformed or cannot be evaluated. */
export function evaluate(node: TemplateNode, context: EvaluationContext): Result {
  const call = callOf(node);
  if (call) {
    if (call.function === 'Ref') return reference(call.argument, context);
    const implementation = FUNCTIONS.get(call.function);
    if (!implementation) {
      throw new TemplateError(
        validationError(`Encountered unsupported function: ${call.function}`, call.place),
      );
    }
    return implementation(call.argument, {
      context,
      place: call.place,
      evaluate: (part) => evaluate(part, context),
      reference: (name) => namedReference(name, context),
    });
  }
  if (node.kind === 'scalar') return node.text ?? node.value;
  if (node.kind === 'list') {
    return node.items.map((item) => evaluate(item, context)).filter((item) => item !== NO_VALUE);
  }
  const object: EvaluatedObject = {};
  for (const [name, entry] of node.entries) {
    const value = evaluate(entry.value, context);
    if (value !== NO_VALUE) object[name] = value;
  }
  return object;
}

/** Like `evaluate`, with `undefined` for an absent node and for `AWS::NoValue`. */
export function evaluateOptional(
  node: TemplateNode | undefined,
  context: EvaluationContext,
): Evaluated | undefined {
  if (!node) return undefined;
  const value = evaluate(node, context);
  return value === NO_VALUE ? undefined : value;
}

function reference(argument: TemplateNode, context: EvaluationContext): Result {
  const name = textOf(argument);
  if (name === undefined) {
    throw new TemplateError(
      validationError('every Ref object must have a single String value.', argument.place),
    );
  }
  return namedReference(name, context);
}

/** The value of `Ref` for a name such as `Cache` or `AWS::Region`. */
function namedReference(name: string, context: EvaluationContext): Result {
  if (name === 'AWS::NoValue') return NO_VALUE;
  const parameter = context.parameters.get(name);
  if (parameter !== undefined) return parameter;
  return context.resource(name)?.ref ?? new Unknown([{ kind: 'reference', logicalId: name }]);
}
