// Which exports a stack imports, so that nobody takes them away under it.

import { evaluate } from '../template/evaluate.ts';
import type { EvaluationContext } from '../template/evaluation-context.ts';
import type { TemplateNode } from '../template/node.ts';
import type { CompiledStack } from './compile.ts';

/** Names, as far as they can be told from parameters alone, which is what AWS demands of them. */
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
  for (const output of compiled.template.outputs.values()) {
    if (output.condition === undefined || context.conditions.get(output.condition)) {
      evaluateQuietly(output.value, context);
    }
  }
  return [...names];
}

/** Most do not, and evaluating them all would hold the event loop. */
function imports(node: TemplateNode): boolean {
  if (node.kind === 'scalar') return false;
  if (node.kind === 'list') return node.items.some(imports);
  for (const [key, { value }] of node.entries) if (key === 'Fn::ImportValue' || imports(value)) return true;
  return false;
}

/** Functions over what is not known yet may fail; the names have been asked for by then. */
function evaluateQuietly(node: TemplateNode, context: EvaluationContext): void {
  try {
    evaluate(node, context);
  } catch {
    // Told when it is evaluated in earnest.
  }
}
