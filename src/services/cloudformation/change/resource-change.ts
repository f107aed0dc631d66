// Plans the change of one resource: its action, its causes, and what happens to the old resource.

import type { Value } from '../../../control/resource-type.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import { coerceProperties } from '../template/coerce.ts';
import { evaluate, evaluateOptional } from '../template/evaluate.ts';
import type { EvaluationContext } from '../template/evaluation-context.ts';
import type { DeletionPolicy, ResourceDeclaration } from '../template/resource-declaration.ts';
import { type Evaluated, type EvaluatedObject, isKnown, Unknown } from '../template/unknown-value.ts';
import { compareProperties, sameValue } from './compare.ts';
import {
  attributeDetails,
  automaticDetail,
  type ChangeDetail,
  type ChangedAttribute,
  propertyDetails,
  tagDetail,
} from './details.ts';
import {
  type ChangeInput,
  type ChangeTree,
  type ExistingResource,
  hasChanges,
  type ResourceChange,
  type StackBefore,
} from './model.ts';

/** The plan for a declared resource. `subtree` plans a nested stack with the given properties. */
export function planResource(
  declaration: ResourceDeclaration,
  input: ChangeInput,
  context: EvaluationContext,
  subtree: (properties: EvaluatedObject) => ChangeTree | undefined,
): ResourceChange {
  const { logicalId, type } = declaration;
  const spec = input.specs.get(type);
  const properties = coerceProperties(spec, objectOrNothing(evaluate(declaration.properties, context)));
  const updatePolicy = evaluateOptional(declaration.updatePolicy, context);
  const existing = input.before?.resources.get(logicalId);
  const nested = type === 'AWS::CloudFormation::Stack' ? subtree(properties) : undefined;
  const shared = {
    logicalId,
    type,
    declaration,
    properties,
    ...(updatePolicy !== undefined && { updatePolicy }),
    ...(nested && { nested }),
  };
  if (!existing) return { ...shared, action: 'add', replacement: 'False', scope: [], details: [] };

  const changes = compareProperties({
    spec,
    resourceType: input.resourceType(type),
    before: coerceProperties(spec, existing.properties),
    after: properties,
    ...(updatePolicy !== undefined && isKnown(updatePolicy) && { updatePolicy: updatePolicy as Value }),
  });
  const declaredBefore = input.before?.template.resources.get(logicalId);
  const details = changes.flatMap((change) =>
    propertyDetails(change, {
      before: declaredBefore?.properties,
      after: declaration.properties,
      parametersBefore: input.before?.parameters ?? new Map(),
      parametersAfter: input.after.parameters,
      conditions: context.conditions,
    }),
  );
  if (declaredBefore) details.push(...attributeDetails(declaredBefore, declaration));
  if (spec?.tags !== undefined && !sameValue(input.before?.tags, input.after.tags)) details.push(tagDetail);
  if (type === 'AWS::CloudFormation::Stack' && !input.unchanged?.has(logicalId)) {
    if (nested ? hasChanges(nested) : details.length === 0) details.push(automaticDetail);
  }
  const known = { ...shared, existing, physicalId: existing.physicalId, details, scope: scopeOf(details) };
  if (details.length === 0) return { ...known, action: 'none', replacement: 'False' };

  const replacement = replacementBy(details);
  if (replacement !== 'True') return { ...known, action: 'modify', replacement };
  const fixedName = fixedNameOf(spec, existing, properties);
  return {
    ...known,
    action: 'replace',
    replacement,
    policyAction: `ReplaceAnd${policyActionOf(declaration.updateReplacePolicy)}`,
    ...(fixedName !== undefined && { fixedName }),
  };
}

/** The plan for a resource that is no longer declared. */
export function planRemoval(logicalId: string, before: StackBefore): ResourceChange {
  const existing = before.resources.get(logicalId)!;
  return {
    logicalId,
    type: existing.type,
    action: 'remove',
    physicalId: existing.physicalId,
    replacement: 'False',
    scope: [],
    details: [],
    policyAction: policyActionOf(before.template.resources.get(logicalId)?.deletionPolicy),
    existing,
  };
}

/** AWS: RetainExceptOnCreate deletes only resources of a failed creation, and retains all others. */
const policyActionOf = (policy: DeletionPolicy | undefined) =>
  policy === 'RetainExceptOnCreate' ? 'Retain' : (policy ?? 'Delete');

/** AWS: a replacement is certain only if the change of the value is certain. */
function replacementBy(details: readonly ChangeDetail[]): ResourceChange['replacement'] {
  const recreating = details.filter(({ target }) => target.requiresRecreation !== 'Never');
  if (
    recreating.some(
      (detail) => detail.target.requiresRecreation === 'Always' && detail.evaluation === 'Static',
    )
  ) {
    return 'True';
  }
  return recreating.length > 0 ? 'Conditional' : 'False';
}

const scopeOf = (details: readonly ChangeDetail[]): ChangedAttribute[] => [
  ...new Set(details.map(({ target }) => target.attribute)),
];

/** The name that both the old and the new resource would have, because the template fixes it. */
export function fixedNameOf(
  spec: ResourceSpec | undefined,
  existing: ExistingResource,
  properties: EvaluatedObject,
): string | undefined {
  const names = spec?.unique ?? spec?.identifier ?? [];
  if (names.length === 0) return undefined;
  const kept = names.every((name) => {
    const value = properties[name];
    return value !== undefined && sameValue(existing.properties[name], value);
  });
  return kept ? names.map((name) => String(properties[name])).join('|') : undefined;
}

/**
 * Whether two states are states of one resource. The physical id may be a name that is unique in another resource only,
 * as those of a log group's filters are.
 */
export function isSameResource(
  spec: ResourceSpec | undefined,
  a: { physicalId?: string | undefined; properties: EvaluatedObject },
  b: { physicalId?: string | undefined; properties: EvaluatedObject },
): boolean {
  if (a.physicalId !== b.physicalId) return false;
  const names = spec?.unique ?? spec?.identifier ?? [];
  if (names.length < 2) return true;
  const fixed = names.filter((name) => spec?.properties[name]?.required && spec.properties[name].replaces);
  return fixed.every((name) => sameValue(a.properties[name], b.properties[name]));
}

function objectOrNothing(value: Evaluated | symbol): EvaluatedObject {
  const isObject =
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Unknown);
  return isObject ? (value as EvaluatedObject) : {};
}
