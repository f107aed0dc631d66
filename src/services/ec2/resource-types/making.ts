// What EC2's resource types have in common: a request that makes one thing however often it comes, and tags.

import { renderTags, tagsOf } from '../../../control/resource-properties.ts';
import type { ExistingResource, ResourceRequest } from '../../../control/resource-type.ts';
import type { Client } from '../../../wire/client.ts';
import type { Sdk } from '../sdk.ts';

export type Ec2Client = Client<Sdk>;

/** The input with the step's token, whether AWS's model has a place for it or not (client-tokens.ts). */
export const once = <T extends object>(
  { token }: ResourceRequest,
  input: T,
): T & { ClientToken: string } => ({
  ...input,
  ClientToken: token,
});

export function tagSpecifications<K extends string>(request: ResourceRequest, resourceType: K) {
  const tags = renderTags(tagsOf(request));
  return tags.length > 0 ? { TagSpecifications: [{ ResourceType: resourceType, Tags: tags }] } : {};
}

/** Makes the tags those that are wanted; those of AWS stay. */
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

/** EC2's names for what does not exist: `InvalidVpcID.NotFound`, `NatGatewayNotFound`… */
export const NOT_FOUND = /NotFound$/;
