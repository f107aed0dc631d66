// A definition together with its text, ready to be worked from: conditions decided, resources ordered. Pure.

import { zonesOf } from '../../../aws/regions.ts';
import type { Scope } from '../../../aws/scope.ts';
import type { Value } from '../../../control/resource-type.ts';
import type { EvaluationContext, KnownResource } from '../template/evaluation-context.ts';
import { activeResources, type Dependencies, dependenciesOf } from '../template/graph.ts';
import type { ResourceDeclaration } from '../template/resource-declaration.ts';
import { stackContext } from '../template/stack-context.ts';
import type { Template } from '../template/template.ts';
import type { Definition } from './model.ts';

export interface Known {
  resource(logicalId: string): KnownResource | undefined;
  exported(name: string): Value | undefined;
}

export interface CompiledStack {
  template: Template;
  /** Those whose condition holds. */
  resources: ReadonlyMap<string, ResourceDeclaration>;
  dependencies: Dependencies;
  context(known: Known): EvaluationContext;
}

export interface StackNames {
  scope: Scope;
  stackId: string;
  stackName: string;
}

/** Throws a TemplateError when a condition cannot be told. */
export function compile(template: Template, stack: StackNames, definition: Definition): CompiledStack {
  const context = (known: Known) =>
    stackContext({
      template,
      stack: { ...stack, notificationArns: definition.notificationArns },
      parameters: new Map(definition.parameters.map(({ name, value }) => [name, value])),
      zones: zonesOf,
      ...known,
    });
  const { conditions } = context({ resource: () => undefined, exported: () => undefined });
  const resources = activeResources(template, conditions);
  return { template, resources, dependencies: dependenciesOf(resources, conditions), context };
}
