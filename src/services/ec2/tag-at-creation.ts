// Tags that a request gives to a new resource. Invalid tags fail the whole request.

import type { RequestContext } from '../../wire/service.ts';
import type { Ec2 } from './context.ts';
import { putTags } from './inventory.ts';
import type { ResourceKind } from './resource-kinds.ts';
import { specifiedTags, type TagSpecification } from './tags.ts';

/** Call it within the transaction that creates the resource. Returns its tags. Throws like `specifiedTags`. */
export function tagAtCreation(
  ec2: Ec2,
  context: RequestContext,
  kind: ResourceKind,
  resourceId: string,
  specifications: readonly TagSpecification[] | undefined,
): Record<string, string> {
  const tags = specifiedTags(specifications, kind.resourceType, context);
  putTags(ec2, context, { resourceId, resourceType: kind.resourceType, tags });
  return tags;
}
