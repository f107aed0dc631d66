// Compiles a definition and its template for the executor: evaluates the conditions and finds the dependencies. Pure.

import { zonesOf } from '../../../aws/regions.ts';
import type { Scope } from '../../../aws/scope.ts';
import type { Value } from '../../../control/resource-type.ts';
import type { EvaluationContext, KnownResource } from '../template/evaluation-context.ts';
import { activeResources, type Dependencies, dependenciesOf } from '../template/graph.ts';
import type { ResourceDeclaration } from '../template/resource-declaration.ts';
import { stackContext } from '../template/stack-context.ts';
import type { Template } from '../template/template.ts';
import type { Definition } from './model.ts';

/** What is known at the moment of an evaluation: created resources, and exports of other stacks. */
export interface Known {
  resource(logicalId: string): KnownResource | undefined;
  exported(name: string): Value | undefined;
}

/** A template with decided conditions. Immutable, and shared by all operations that use the definition. */
export interface CompiledStack {
  template: Template;
  /** The resources whose condition holds, by logical id. */
  resources: ReadonlyMap<string, ResourceDeclaration>;
  dependencies: Dependencies;
  /** A context for evaluation, with a fresh budget. */
  context(known: Known): EvaluationContext;
}

/** What identifies a stack. */
export interface StackNames {
  scope: Scope;
  stackId: string;
  stackName: string;
}

/** What is known before anything is created or looked up. */
export const NOTHING_KNOWN: Known = { resource: () => undefined, exported: () => undefined };

/** The values of a definition's parameters by name. */
export const parametersOf = ({ parameters }: Definition): Map<string, Value> =>
  new Map(parameters.map(({ name, value }) => [name, value]));

/** A context for evaluation with a fresh budget. Throws a TemplateError when a condition cannot be evaluated. */
export const contextOf = (
  template: Template,
  stack: StackNames,
  definition: Definition,
  known: Known,
): EvaluationContext =>
  stackContext({
    template,
    stack: { ...stack, notificationArns: definition.notificationArns },
    parameters: parametersOf(definition),
    zones: zonesOf,
    ...known,
  });

/** Throws a TemplateError when a condition cannot be evaluated. */
export function compile(template: Template, stack: StackNames, definition: Definition): CompiledStack {
  const context = (known: Known) => contextOf(template, stack, definition, known);
  const { conditions } = context(NOTHING_KNOWN);
  const resources = activeResources(template, conditions);
  return { template, resources, dependencies: dependenciesOf(resources, conditions), context };
}
