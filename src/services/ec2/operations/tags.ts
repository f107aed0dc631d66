// Tags of EC2's resources: create, delete, describe.

import type { Scope } from '../../../aws/scope.ts';
import type { Tags } from '../../../aws/tags.ts';
import { Fault } from '../../../wire/fault.ts';
import type { Ec2 } from '../context.ts';
import { type Listable, list, partsOf, recordsOf, selectionOf } from '../describe.ts';
import { missingParameter, notFound, notTaggable } from '../faults.ts';
import { putTags, resourceExists, tagReader } from '../inventory.ts';
import type { TagsRecord } from '../model.ts';
import { kindOfId, NETWORK_INTERFACE, type ResourceKind } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';
import { serviceInterfacesIn } from '../service-interfaces.ts';
import { tagging, withoutTags } from '../tags.ts';

/** Tags all the resources, or none if one does not exist. */
export const CreateTags: Operation<'CreateTags'> = async (ec2, input, context) => {
  if (!input.Tags?.length) throw missingParameter('Tag');
  const given = input.Tags;
  await change(ec2, context, input.Resources, (held) => tagging.add(held, given, context));
  return {};
};

/** Changes all the resources, or none if one does not exist. */
export const DeleteTags: Operation<'DeleteTags'> = async (ec2, input, context) => {
  await change(ec2, context, input.Resources, (held) => withoutTags(held, input.Tags, context));
  return {};
};

/** AWS: the maximum of one request. */
const MOST_RESOURCES = 1_000;

const tooManyResources = (most: number): Fault =>
  new Fault('InvalidParameterValue', `A request may name at most ${most} resources.`);

/** Changes all the resources, or none if one does not exist. */
async function change(
  ec2: Ec2,
  scope: Scope,
  ids: string[] | undefined,
  changed: (held: Tags) => Record<string, string>,
): Promise<void> {
  if (!ids?.length) throw missingParameter('ResourceId');
  if (ids.length > MOST_RESOURCES) throw tooManyResources(MOST_RESOURCES);
  const hasInterfaces = ids.some((id) => kindOfId(id) === NETWORK_INTERFACE);
  const ofServices = hasInterfaces ? await serviceInterfacesIn(ec2, scope) : [];
  const isOfService = (id: string) => ofServices.some((one) => one.interfaceId === id);
  ec2.store.transaction(() => {
    const tagsOf = tagReader(ec2, scope);
    for (const resourceId of new Set(ids)) {
      const { resourceType } = isOfService(resourceId) ? NETWORK_INTERFACE : existing(ec2, scope, resourceId);
      putTags(ec2, scope, { resourceId, resourceType, tags: changed(tagsOf(resourceId)) });
    }
  });
}

function existing(ec2: Ec2, scope: Scope, id: string): ResourceKind {
  const kind = kindOfId(id);
  if (!kind) throw notTaggable(id);
  if (!resourceExists(ec2, scope, kind, id)) throw notFound(kind, [id]);
  return kind;
}

type OneTag = Omit<TagsRecord, 'tags'> & { key: string; value: string };

/** Sorted by resource id and key. */
export const DescribeTags: Operation<'DescribeTags'> = async (ec2, input, context) => {
  const source = partsOf(recordsOf(ec2.records.tags, context), { find: () => undefined, parts: tagsIn });
  const oneResource = {
    ...source,
    byFilter: (name: string, values: readonly string[]) =>
      name === 'resource-id'
        ? values.flatMap((id) => ec2.records.tags.find(context, id) ?? []).flatMap(tagsIn)
        : undefined,
  };
  const { items, nextToken } = await list(oneResource, LISTABLE, selectionOf(input, undefined), (tag) => ({
    [tag.key]: tag.value,
  }));
  return {
    Tags: items.map((tag) => ({
      Key: tag.key,
      Value: tag.value,
      ResourceId: tag.resourceId,
      ResourceType: tag.resourceType as 'vpc',
    })),
    NextToken: nextToken,
  };
};

const tagsIn = ({ tags, ...resource }: TagsRecord): OneTag[] =>
  Object.entries(tags)
    .map(([key, value]): OneTag => ({ ...resource, key, value }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));

const LISTABLE: Listable<OneTag> = {
  list: 'tags',
  idOf: (tag) => `${tag.resourceId} ${tag.key}`,
  filters: {
    key: (tag) => tag.key,
    'resource-id': (tag) => tag.resourceId,
    'resource-type': (tag) => tag.resourceType,
    value: (tag) => tag.value,
  },
};
