// The types that evaluation shares: what a template is evaluated against, what an evaluation returns, and what an
// intrinsic function gets. This file imports no evaluator, so that every part of the evaluator can import it.

import type { Value } from '../../../control/resource-type.ts';
import type { Place, TemplateNode } from './node.ts';
import type { Evaluated } from './unknown-value.ts';

/** What `Ref` and `Fn::GetAtt` of one resource return. */
export interface KnownResource {
  ref: Evaluated;
  /** `undefined`: the resource has no such attribute. */
  attribute(name: string): Evaluated | undefined;
}

/** Everything that the evaluation of a template can refer to. */
export interface EvaluationContext {
  /** Includes the pseudo parameters. An Unknown stands for a nested stack's argument that is not known yet. */
  parameters: ReadonlyMap<string, Evaluated>;
  /** Map name, then top-level key, then second-level key. */
  mappings: ReadonlyMap<string, TemplateNode>;
  /** By name, all evaluated. */
  conditions: ReadonlyMap<string, boolean>;
  /** `undefined`: the resource is not created yet. */
  resource(logicalId: string): KnownResource | undefined;
  /** `undefined`: no stack exports the name. */
  exported(name: string): Value | undefined;
  /** The names of a region's availability zones, in order. */
  zones(region: string): readonly string[];
  /** Characters that functions may still produce: a few bytes of template can ask for gigabytes. */
  budget: { left: number };
}

/** The characters that one operation may produce: ample for a template of a megabyte. */
export const EVALUATION_BUDGET = 8 * 1024 * 1024;

/** The value of `AWS::NoValue`: the member or item is left out. */
export const NO_VALUE: unique symbol = Symbol('AWS::NoValue');

/** The value of a node, or NO_VALUE. */
export type Result = Evaluated | typeof NO_VALUE;

/** A context together with the function that evaluates nodes in it. */
export interface Evaluator {
  context: EvaluationContext;
  evaluate(node: TemplateNode): Result;
}

/** What an intrinsic function gets beside its argument. */
export interface CallContext extends Evaluator {
  /** The place of the call, for errors. */
  place: Place;
  /** The value of `Ref` for the name. */
  reference(name: string): Result;
}

/** Returns the value of one call. Throws a TemplateError when the argument is malformed. */
export type IntrinsicFunction = (argument: TemplateNode, call: CallContext) => Result;
