// What a resource needs when its properties are to be others: nothing, an update in place, another resource, or a
// refusal. Pure; the comparison itself is change/'s.

import type { Properties, ResourceType, Value } from '../../../control/resource-type.ts';
import { compareProperties, fixedNameOf, mustReplace } from '../change/index.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import type { MadeResource } from '../stack/model.ts';
import { coerceProperties } from '../template/coerce.ts';

export type Decision = 'keep' | 'update' | 'replace' | 'nameTaken';

export interface Wanted {
  type: string;
  properties: Properties;
  tags: Record<string, string>;
  updatePolicy?: Value | undefined;
}

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
    // AWS: what a nested stack's template says may have changed, so that it is always looked at.
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

export const NESTED_STACK = 'AWS::CloudFormation::Stack';

const sorted = (tags: Record<string, string>) =>
  Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
