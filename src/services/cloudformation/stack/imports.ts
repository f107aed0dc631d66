// Finds the exports that a stack imports. Other stacks cannot change or remove them while the stack exists.

import { evaluate } from '../template/evaluate.ts';
import type { EvaluationContext } from '../template/evaluation-context.ts';
import { activeOutputs } from '../template/graph.ts';
import type { TemplateNode } from '../template/node.ts';
import type { CompiledStack } from './compile.ts';

/** The names of the imported exports. AWS: the name in Fn::ImportValue cannot depend on a resource. */
export function referencesOfImports(compiled: CompiledStack): string[] {
  const names = new Set<string>();
  const context = compiled.context({
    resource: () => undefined,
    exported(name) {
      names.add(name);
      return undefined;
    },
  });
  for (const { properties } of compiled.resources.values()) {
    if (imports(properties)) evaluateQuietly(properties, context);
  }
  for (const { value } of activeOutputs(compiled.template, context.conditions)) {
    evaluateQuietly(value, context);
  }
  return [...names];
}

/** Most resources import nothing, and evaluating all of them would block the event loop. */
function imports(node: TemplateNode): boolean {
  if (node.kind === 'scalar') return false;
  if (node.kind === 'list') return node.items.some(imports);
  for (const [key, { value }] of node.entries) if (key === 'Fn::ImportValue' || imports(value)) return true;
  return false;
}

/** A function may fail on a value that is not known yet. By then the context has recorded the names. */
function evaluateQuietly(node: TemplateNode, context: EvaluationContext): void {
  try {
    evaluate(node, context);
  } catch {
    // The executor reports the error when it evaluates the node.
  }
}
