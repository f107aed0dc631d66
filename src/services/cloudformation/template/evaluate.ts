// A node to its value: what calls give, from what is known so far. Pure; what has to be looked up lies in the
// context already, and what is not known yet becomes an Unknown in the value.

import type { Value } from '../../../control/resource-type.ts';
import { FUNCTIONS } from './functions.ts';
import { callOf } from './intrinsics.ts';
import { TemplateError, validationError } from './issues.ts';
import { type TemplateNode, textOf } from './node.ts';
import { type Evaluated, type EvaluatedObject, Unknown } from './unknown-value.ts';

/** What `Ref` and `Fn::GetAtt` of one resource give. */
export interface KnownResource {
  ref: Evaluated;
  /** `undefined`: it has no such attribute. */
  attribute(name: string): Evaluated | undefined;
}

export interface EvaluationContext {
  /** Pseudo parameters among them. An Unknown where a nested stack's argument is not known yet. */
  parameters: ReadonlyMap<string, Evaluated>;
  /** Map name, then top-level key, then second-level key. */
  mappings: ReadonlyMap<string, TemplateNode>;
  /** By name, all evaluated. */
  conditions: ReadonlyMap<string, boolean>;
  /** `undefined`: not made yet. */
  resource(logicalId: string): KnownResource | undefined;
  /** `undefined`: nobody exports it. */
  exported(name: string): Value | undefined;
  /** Names of a region's zones, in order. */
  zones(region: string): readonly string[];
  /** Characters that functions may still make: a few bytes of template can ask for gigabytes. */
  budget: { left: number };
}

/** Ample for any operation on a template of a megabyte. */
export const EVALUATION_BUDGET = 8 * 1024 * 1024;

/** Says that the member or item is to be left out. */
export const NO_VALUE: unique symbol = Symbol('AWS::NoValue');

export type Result = Evaluated | typeof NO_VALUE;

/** Throws a TemplateError where a call cannot give anything. */
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

/** For where a value there must be: nothing becomes `undefined`. */
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

/** `Cache` and `AWS::Region`. */
function namedReference(name: string, context: EvaluationContext): Result {
  if (name === 'AWS::NoValue') return NO_VALUE;
  const parameter = context.parameters.get(name);
  if (parameter !== undefined) return parameter;
  return context.resource(name)?.ref ?? new Unknown([{ kind: 'reference', logicalId: name }]);
}
