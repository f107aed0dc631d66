// The resource type AWS::Route53::HostedZone, over Route 53's own API.

import type { VPC, VPCRegion } from '@aws-sdk/client-route-53';
import type { Scope } from '../../../aws/scope.ts';
import { finishing, isRefused, unless } from '../../../control/resource-attempts.ts';
import {
  changesOf,
  objectsOf,
  renderTags,
  requiredText,
  tagsOf,
  textOf,
} from '../../../control/resource-properties.ts';
import type {
  ExistingResource,
  Properties,
  ResourceRequest,
  ResourceState,
  ResourceType,
} from '../../../control/resource-type.ts';
import type { Client } from '../../../wire/client.ts';
import { zoneIdOf } from '../domain/given-change.ts';
import type { Sdk } from '../sdk.ts';

type Route53Client = Client<Sdk>;

const MOST_REFERENCE_CHARACTERS = 128;
const ZONE_IS_GONE = /^NoSuchHostedZone/;
const IS_ASSOCIATED = /^ConflictingDomainExists/;

/** AWS::Route53::HostedZone. Its physical id is the zone's id. */
export const hostedZoneType = (route53: Route53Client): ResourceType => ({
  name: 'AWS::Route53::HostedZone',
  async create(request) {
    const { scope, properties } = request;
    refuseUnsupported(properties);
    const id = await createOrFind(route53, request);
    await finishing(id, async () => {
      for (const VPC of vpcsOf(properties).slice(1)) await associate(route53, scope, id, VPC);
      await retag(route53, { ...request, physicalId: id });
    });
    return stateOf(route53, scope, id);
  },
  async update(request) {
    const { scope, physicalId: Id, properties, before } = request;
    refuseUnsupported(properties);
    await route53.call('UpdateHostedZoneComment', { Id, Comment: commentOf(properties) ?? '' }, scope);
    const keyOf = ({ VPCRegion, VPCId }: VPC) => `${VPCRegion}/${VPCId}`;
    const { gone, come } = changesOf(vpcsOf(before), vpcsOf(properties), keyOf);
    for (const VPC of come) await associate(route53, scope, Id, VPC);
    for (const VPC of gone) {
      const input = { HostedZoneId: Id, VPC };
      await unless(/^VPCAssociationNotFound/, route53.call('DisassociateVPCFromHostedZone', input, scope));
    }
    await retag(route53, request);
    return stateOf(route53, scope, Id);
  },
  async delete({ physicalId: Id, scope }) {
    await unless(ZONE_IS_GONE, route53.call('DeleteHostedZone', { Id }, scope));
  },
});

function refuseUnsupported(properties: Properties): void {
  for (const name of ['QueryLoggingConfig', 'HostedZoneFeatures']) {
    if (properties[name] !== undefined)
      throw new Error(`Millpond does not support ${name} of a hosted zone.`);
  }
}

const commentOf = (properties: Properties): string | undefined => {
  const [config] = objectsOf(properties, 'HostedZoneConfig');
  return config && textOf(config, 'Comment');
};

const vpcsOf = (properties: Properties): VPC[] =>
  objectsOf(properties, 'VPCs').map((vpc) => ({
    VPCId: requiredText(vpc, 'VPCId'),
    VPCRegion: requiredText(vpc, 'VPCRegion') as VPCRegion,
  }));

/** Creates the zone. A retry finds the zone of an earlier attempt by its caller reference. */
async function createOrFind(route53: Route53Client, request: ResourceRequest): Promise<string> {
  const { scope, properties, stackName, logicalId, token, isRetry } = request;
  const CallerReference = `${token}-${stackName}-${logicalId}`.slice(0, MOST_REFERENCE_CHARACTERS);
  const Comment = commentOf(properties);
  const input = {
    Name: requiredText(properties, 'Name'),
    CallerReference,
    VPC: vpcsOf(properties)[0],
    HostedZoneConfig: Comment === undefined ? undefined : { Comment },
  };
  try {
    const { HostedZone } = await route53.call('CreateHostedZone', input, scope);
    return zoneIdOf(HostedZone!.Id!);
  } catch (error) {
    const mayExist = isRefused(error, /^(HostedZoneAlreadyExists|ConflictingDomainExists)/);
    const found = isRetry && mayExist ? await zoneOfReference(route53, scope, CallerReference) : undefined;
    if (found === undefined) throw error;
    return found;
  }
}

async function zoneOfReference(
  route53: Route53Client,
  scope: Scope,
  reference: string,
): Promise<string | undefined> {
  let Marker: string | undefined;
  do {
    const page = await route53.call('ListHostedZones', { Marker }, scope);
    const zone = page.HostedZones?.find(({ CallerReference }) => CallerReference === reference);
    if (zone) return zoneIdOf(zone.Id!);
    Marker = page.NextMarker;
  } while (Marker);
  return undefined;
}

async function associate(
  route53: Route53Client,
  scope: Scope,
  HostedZoneId: string,
  VPC: VPC,
): Promise<void> {
  try {
    await route53.call('AssociateVPCWithHostedZone', { HostedZoneId, VPC }, scope);
  } catch (error) {
    // An earlier attempt may have associated the VPC with this zone. Another zone of the same name is a conflict.
    if (!isRefused(error, IS_ASSOCIATED) || !error.message.includes(HostedZoneId)) throw error;
  }
}

async function retag(route53: Route53Client, request: Omit<ExistingResource, 'isRetry'>): Promise<void> {
  const { scope, physicalId, properties, tags } = request;
  const resource = { ResourceType: 'hostedzone' as const, ResourceId: physicalId };
  const wanted = tagsOf({ properties: { Tags: properties.HostedZoneTags ?? null }, tags });
  const { ResourceTagSet } = await route53.call('ListTagsForResource', resource, scope);
  const present = (ResourceTagSet?.Tags ?? []).map((tag) => tag.Key ?? '');
  const RemoveTagKeys = present.filter((key) => !Object.hasOwn(wanted, key));
  const AddTags = renderTags(wanted);
  if (RemoveTagKeys.length + AddTags.length === 0) return;
  await route53.call(
    'ChangeTagsForResource',
    {
      ...resource,
      ...(AddTags.length > 0 && { AddTags }),
      ...(RemoveTagKeys.length > 0 && { RemoveTagKeys }),
    },
    scope,
  );
}

async function stateOf(route53: Route53Client, scope: Scope, Id: string): Promise<ResourceState> {
  const { DelegationSet } = await route53.call('GetHostedZone', { Id }, scope);
  // AWS: a private zone has no NameServers.
  const servers = DelegationSet?.NameServers;
  return { physicalId: Id, attributes: { Id, ...(servers && { NameServers: [...servers] }) } };
}
