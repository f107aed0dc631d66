// The dependencies among resources, the order in which they can be created, and cycles.

import { TemplateError } from './issues.ts';
import { referencesIn } from './references.ts';
import type { ResourceDeclaration } from './resource-declaration.ts';
import type { OutputDeclaration, Template } from './template.ts';

/** By logical id, in the template's order: the logical ids that it depends on. */
export type Dependencies = ReadonlyMap<string, ReadonlySet<string>>;

/** The resources whose condition holds. */
export function activeResources(
  template: Template,
  conditions: ReadonlyMap<string, boolean>,
): Map<string, ResourceDeclaration> {
  const active = new Map<string, ResourceDeclaration>();
  for (const [logicalId, resource] of template.resources) {
    if (resource.condition === undefined || conditions.get(resource.condition) === true) {
      active.set(logicalId, resource);
    }
  }
  return active;
}

/** The outputs whose condition holds. */
export const activeOutputs = (
  template: Template,
  conditions: ReadonlyMap<string, boolean>,
): OutputDeclaration[] =>
  [...template.outputs.values()].filter(
    ({ condition }) => condition === undefined || conditions.get(condition) === true,
  );

/** Dependencies by Ref, Fn::GetAtt, Fn::Sub and DependsOn. Without `conditions`, every branch of Fn::If counts. */
export function dependenciesOf(
  resources: ReadonlyMap<string, ResourceDeclaration>,
  conditions?: ReadonlyMap<string, boolean>,
): Dependencies {
  const dependencies = new Map<string, Set<string>>();
  for (const [logicalId, resource] of resources) {
    const needs = new Set<string>();
    for (const { logicalId: named } of resource.dependsOn) if (resources.has(named)) needs.add(named);
    const parts = [resource.properties, resource.updatePolicy, resource.creationPolicy, resource.metadata];
    for (const part of parts) {
      for (const reference of part ? referencesIn(part, conditions) : []) {
        const name =
          reference.kind === 'name'
            ? reference.name
            : reference.kind === 'attribute'
              ? reference.logicalId
              : undefined;
        if (name !== undefined && resources.has(name)) needs.add(name);
      }
    }
    dependencies.set(logicalId, needs);
  }
  return dependencies;
}

/** The logical ids, each after its dependencies, else in the template's order. Throws a TemplateError for a cycle. */
export function creationOrder(dependencies: Dependencies): string[] {
  const { order, circle } = walk(dependencies);
  if (circle.length > 0) throw new TemplateError(circularDependency(circle));
  return order;
}

/** The logical ids of a cycle, or of several; empty when there is none. */
export function circleIn(dependencies: Dependencies): string[] {
  return walk(dependencies).circle;
}

/** AWS's text for a cycle. */
export const circularDependency = (circle: readonly string[]) => ({
  message: `Circular dependency between resources: [${circle.join(', ')}]`,
});

function walk(dependencies: Dependencies): { order: string[]; circle: string[] } {
  const open = new Map([...dependencies].map(([id, needs]) => [id, needs.size] as const));
  const neededBy = new Map<string, string[]>();
  for (const [id, needs] of dependencies) {
    for (const need of needs) neededBy.set(need, [...(neededBy.get(need) ?? []), id]);
  }
  const order: string[] = [];
  let ready = [...open].filter(([, count]) => count === 0).map(([id]) => id);
  while (ready.length > 0) {
    const next: string[] = [];
    for (const id of ready) {
      order.push(id);
      for (const dependent of neededBy.get(id) ?? []) {
        const left = open.get(dependent)! - 1;
        open.set(dependent, left);
        if (left === 0) next.push(dependent);
      }
    }
    ready = next;
  }
  const placed = new Set(order);
  const circle = [...dependencies.keys()].filter((id) => !placed.has(id));
  return { order, circle: withoutMereDependents(circle, dependencies) };
}

/** Without the resources that only depend on a cycle and are not part of one. */
function withoutMereDependents(left: readonly string[], dependencies: Dependencies): string[] {
  let kept = [...left];
  for (;;) {
    const needed = new Set(kept.flatMap((id) => [...(dependencies.get(id) ?? [])]));
    const fewer = kept.filter((id) => needed.has(id));
    if (fewer.length === kept.length) return kept;
    kept = fewer;
  }
}
