// Decides how a resource gets its new properties: no action, an update in place, a replacement, or a refusal. Pure;
// change/compare.ts compares the properties.

import type { Properties, ResourceType, Value } from '../../../control/resource-type.ts';
import { compareProperties, fixedNameOf, mustReplace } from '../change/index.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import type { MadeResource } from '../stack/model.ts';
import { coerceProperties } from '../template/coerce.ts';

/** `nameTaken`: the resource needs a replacement, and the template gives both resources the same name. */
export type Decision = 'keep' | 'update' | 'replace' | 'nameTaken';

/** The new state of an existing resource. */
export interface Wanted {
  type: string;
  properties: Properties;
  tags: Record<string, string>;
  updatePolicy?: Value | undefined;
}

/** `made` is the existing resource. */
export function decide(
  made: MadeResource,
  wanted: Wanted,
  spec: ResourceSpec | undefined,
  resourceType: ResourceType,
): Decision {
  const changes = compareProperties({
    spec,
    resourceType,
    before: coerceProperties(spec, made.properties),
    after: wanted.properties,
    ...(wanted.updatePolicy !== undefined && { updatePolicy: wanted.updatePolicy }),
  });
  const tagsDiffer = JSON.stringify(sorted(made.tags)) !== JSON.stringify(sorted(wanted.tags));
  if (changes.length === 0) {
    // AWS: a nested stack is always updated, because the template at its URL may have changed.
    if (wanted.type === NESTED_STACK) return 'update';
    return tagsDiffer && spec?.tags !== undefined && resourceType.update ? 'update' : 'keep';
  }
  if (!mustReplace(changes)) return 'update';
  const existing = {
    type: wanted.type,
    physicalId: made.physicalId ?? '',
    ref: made.ref,
    attributes: made.attributes,
    properties: made.properties,
  };
  return fixedNameOf(spec, existing, wanted.properties) === undefined ? 'replace' : 'nameTaken';
}

/** The type of nested stacks. */
export const NESTED_STACK = 'AWS::CloudFormation::Stack';

const sorted = (tags: Record<string, string>) =>
  Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
