// Compares one resource's properties before and after: which differ, and whether a difference replaces the resource.
// The planner compares values that may contain Unknowns; the executor compares again when all values are known.

import type { Properties, ResourceType, Value } from '../../../control/resource-type.ts';
import { type PropertySpec, propertyTypes, type ResourceSpec } from '../resource-spec.ts';
import { type Evaluated, type EvaluatedObject, isKnown, Unknown } from '../template/unknown-value.ts';

/** AWS's values: whether a change replaces the resource. */
export type RequiresRecreation = 'Never' | 'Conditionally' | 'Always';

/** A property that differs. */
export interface PropertyChange {
  /** The top-level property. */
  name: string;
  /** `before` is absent for an added property, `after` for a removed one. */
  before?: Value;
  after?: Evaluated;
  requiresRecreation: RequiresRecreation;
}

/** Two versions of one resource's properties, and what decides about replacement. */
export interface Comparison {
  spec: ResourceSpec | undefined;
  /** `undefined`: no provider has the type. */
  resourceType: Pick<ResourceType, 'update' | 'replaces' | 'recordedOnly'> | undefined;
  before: Properties;
  after: EvaluatedObject;
  updatePolicy?: Value | undefined;
}

/** The top-level properties that differ. */
export function compareProperties(comparison: Comparison): PropertyChange[] {
  const { before, after } = comparison;
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name): PropertyChange[] => {
    const [old, new_] = [before[name], after[name]];
    if (sameValue(old, new_)) return [];
    return [
      {
        name,
        ...(old !== undefined && { before: old }),
        ...(new_ !== undefined && { after: new_ }),
        requiresRecreation: recreationFor(name, comparison),
      },
    ];
  });
}

/**
 * Whether the executor replaces the resource. AWS: a `Conditionally` change replaces only if it must, so the executor
 * tries an update in place.
 */
export const mustReplace = (changes: readonly PropertyChange[]): boolean =>
  changes.some((change) => change.requiresRecreation === 'Always');

function recreationFor(name: string, comparison: Comparison): RequiresRecreation {
  const { resourceType, before, after, updatePolicy, spec } = comparison;
  if (resourceType && !resourceType.update && !resourceType.recordedOnly) return 'Always';
  if (resourceType?.replaces && isKnown(after)) {
    const decided = resourceType.replaces(name, {
      before,
      after: after as Properties,
      ...(updatePolicy !== undefined && { updatePolicy }),
    });
    if (decided !== undefined) return decided ? 'Always' : 'Never';
  }
  const property = spec && Object.hasOwn(spec.properties, name) ? spec.properties[name] : undefined;
  if (!spec || property?.replaces === undefined) return 'Never';
  if (property.replaces === 'always') return 'Always';
  return nestedRecreation(before[name], after[name], property.type, spec) ? 'Always' : 'Conditionally';
}

/** Whether the specification says that any changed nested property always replaces the resource. */
function nestedRecreation(
  before: Evaluated | undefined,
  after: Evaluated | undefined,
  type: string,
  spec: ResourceSpec,
): boolean {
  if (sameValue(before, after)) return false;
  for (const one of propertyTypes(spec, type)) {
    if (one.kind === 'list' && Array.isArray(before) && Array.isArray(after)) {
      const longest = Math.max(before.length, after.length);
      for (let index = 0; index < longest; index++) {
        if (nestedRecreation(before[index], after[index], one.item, spec)) return true;
      }
    }
    if (one.kind === 'definition' && isObject(before) && isObject(after)) {
      if (membersReplace(before, after, one.properties, spec)) return true;
    }
  }
  return false;
}

function membersReplace(
  before: EvaluatedObject,
  after: EvaluatedObject,
  properties: Readonly<Record<string, PropertySpec>>,
  spec: ResourceSpec,
): boolean {
  return Object.entries(properties).some(([name, property]) => {
    if (sameValue(before[name], after[name])) return false;
    return property.replaces === 'always' || nestedRecreation(before[name], after[name], property.type, spec);
  });
}

const isObject = (value: Evaluated | undefined): value is EvaluatedObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Unknown);

/** Whether both are the same JSON value, in any order of members. An Unknown equals nothing. */
export function sameValue(a: Evaluated | undefined, b: Evaluated | undefined): boolean {
  if (a instanceof Unknown || b instanceof Unknown) return false;
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every(
    (name) => Object.hasOwn(b, name) && sameValue((a as EvaluatedObject)[name], (b as EvaluatedObject)[name]),
  );
}
