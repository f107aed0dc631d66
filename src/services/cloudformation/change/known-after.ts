// Which values of an existing resource stay known once its change is planned.

import type { ResourceSpecs } from '../resource-spec.ts';
import type { KnownResource } from '../template/evaluation-context.ts';
import { Unknown } from '../template/unknown-value.ts';
import type { ExistingResource, ResourceChange } from './model.ts';

/**
 * What `Ref` and `Fn::GetAtt` of the resource return in the plan. AWS: a replaced resource has no known `Ref` before
 * its creation; a modified resource keeps its `Ref`, and any of its attributes may change.
 */
export function knownAfter(
  logicalId: string,
  change: ResourceChange,
  existing: ExistingResource,
  specs: ResourceSpecs,
): KnownResource {
  const mayBeAnother = change.action === 'replace' || change.replacement === 'Conditional';
  return {
    ref: mayBeAnother ? new Unknown([{ kind: 'reference', logicalId }]) : existing.ref,
    attribute(name) {
      if (change.action !== 'none') return new Unknown([{ kind: 'attribute', logicalId, attribute: name }]);
      const value = existing.attributes[name];
      if (value !== undefined) return value;
      // The type declares the attribute, and the resource has no value for it yet: the executor evaluates it again.
      const declared = specs.get(existing.type)?.attributes.includes(name);
      return declared ? new Unknown([{ kind: 'attribute', logicalId, attribute: name }]) : undefined;
    },
  };
}
