// What EC2's resource types share: idempotency tokens and tags.

import { renderTags, tagsOf } from '../../../control/resource-properties.ts';
import type { ExistingResource, ResourceRequest } from '../../../control/resource-type.ts';
import type { Client } from '../../../wire/client.ts';
import type { Sdk } from '../sdk.ts';

/** A client of EC2's own API. */
export type Ec2Client = Client<Sdk>;

/** Adds the step's token to the input, even if AWS's model has no ClientToken: see client-tokens.ts. */
export const withToken = <T extends object>(
  { token }: ResourceRequest,
  input: T,
): T & { ClientToken: string } => ({
  ...input,
  ClientToken: token,
});

/** The member TagSpecifications with the tags of stack and template; empty if there are none. */
export function tagSpecifications<K extends string>(request: ResourceRequest, resourceType: K) {
  const tags = renderTags(tagsOf(request));
  return tags.length > 0 ? { TagSpecifications: [{ ResourceType: resourceType, Tags: tags }] } : {};
}

/** Replaces the resource's tags by those of stack and template. AWS's own tags stay. */
export async function retag(ec2: Ec2Client, request: ExistingResource, resourceId: string): Promise<void> {
  const wanted = tagsOf(request);
  const Filters = [{ Name: 'resource-id', Values: [resourceId] }];
  const { Tags } = await ec2.call('DescribeTags', { Filters }, request.scope);
  const gone = (Tags ?? []).filter(
    ({ Key }) => Key && !Key.startsWith('aws:') && !Object.hasOwn(wanted, Key),
  );
  if (gone.length > 0) {
    const names = gone.map(({ Key }) => ({ Key }));
    await ec2.call('DeleteTags', { Resources: [resourceId], Tags: names }, request.scope);
  }
  if (Object.keys(wanted).length > 0) {
    await ec2.call('CreateTags', { Resources: [resourceId], Tags: renderTags(wanted) }, request.scope);
  }
}

/** EC2's codes for unknown resources: `InvalidVpcID.NotFound`, `NatGatewayNotFound`… */
export const NOT_FOUND = /NotFound$/;
