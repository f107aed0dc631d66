// What other resources may rely on of one that exists, once its change is planned.

import type { ResourceSpecs } from '../resource-spec.ts';
import type { KnownResource } from '../template/evaluation-context.ts';
import { Unknown } from '../template/unknown-value.ts';
import type { ExistingResource, ResourceChange } from './model.ts';

/**
 * AWS: a resource that is replaced has no name until it is made again; of one that is changed, `Ref` stays and any
 * attribute may come out otherwise.
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
      // Declared by its type and without a value now: another try when it is carried out.
      const declared = specs.get(existing.type)?.attributes.includes(name);
      return declared ? new Unknown([{ kind: 'attribute', logicalId, attribute: name }]) : undefined;
    },
  };
}
