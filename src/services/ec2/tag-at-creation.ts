// The tags that come with a creation. They fail the whole request before anything is made.

import type { RequestContext } from '../../wire/service.ts';
import type { Ec2 } from './context.ts';
import { putTags } from './inventory.ts';
import type { ResourceKind } from './resource-kinds.ts';
import { specifiedTags, type TagSpecification } from './tags.ts';

/** Inside the transaction that makes the resource. Returns its tags. */
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
