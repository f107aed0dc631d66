// Which exports a stack imports, so that nobody takes them away under it.

import { type EvaluationContext, evaluate } from '../template/evaluate.ts';
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
  for (const declaration of compiled.resources.values()) evaluateQuietly(declaration.properties, context);
  for (const output of compiled.template.outputs.values()) {
    if (output.condition === undefined || context.conditions.get(output.condition)) {
      evaluateQuietly(output.value, context);
    }
  }
  return [...names];
}

/** Functions over what is not known yet may fail; the names have been asked for by then. */
function evaluateQuietly(node: TemplateNode, context: EvaluationContext): void {
  try {
    evaluate(node, context);
  } catch {
    // Told when it is evaluated in earnest.
  }
}
