// Builds the context that a stack's template is evaluated in, and evaluates the outputs.

import { evaluateConditions } from './conditions.ts';
import { evaluate } from './evaluate.ts';
import { EVALUATION_BUDGET, type EvaluationContext } from './evaluation-context.ts';
import { activeOutputs } from './graph.ts';
import { pseudoParametersOf, type StackIdentity } from './pseudo-parameters.ts';
import type { Template } from './template.ts';
import type { Evaluated } from './unknown-value.ts';

/** What the context is built from. */
export interface StackContextInput extends Pick<EvaluationContext, 'resource' | 'exported' | 'zones'> {
  template: Template;
  stack: StackIdentity;
  /** The declared parameters. In the plan of a nested stack, some may be Unknown. */
  parameters: ReadonlyMap<string, Evaluated>;
}

/** A context for one operation, with its own budget. Throws a TemplateError when a condition cannot be evaluated. */
export function stackContext(input: StackContextInput): EvaluationContext {
  const parameters = new Map<string, Evaluated>([...pseudoParametersOf(input.stack), ...input.parameters]);
  const { resource, exported, zones } = input;
  const budget = { left: EVALUATION_BUDGET };
  const base = { parameters, mappings: input.template.mappings, resource, exported, zones, budget };
  return { ...base, conditions: evaluateConditions(input.template.conditions, base) };
}

/** An output with its value. */
export interface EvaluatedOutput {
  name: string;
  value: Evaluated;
  description?: string | undefined;
  exportName?: Evaluated | undefined;
}

/** The outputs whose condition holds, in the template's order. */
export function evaluateOutputs(template: Template, context: EvaluationContext): EvaluatedOutput[] {
  return activeOutputs(template, context.conditions).flatMap(({ name, value, description, exportName }) => {
    const result = evaluate(value, context);
    if (typeof result === 'symbol') return [];
    const exported = exportName && evaluate(exportName, context);
    return [
      { name, value: result, description, exportName: typeof exported === 'symbol' ? undefined : exported },
    ];
  });
}
