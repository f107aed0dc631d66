// The resource types AWS::Route53::RecordSet and AWS::Route53::RecordSetGroup. Each change is one batch for each hosted
// zone.

import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { Scope } from '../../../aws/scope.ts';
import { physicalName } from '../../../control/physical-name.ts';
import { isRefused } from '../../../control/resource-attempts.ts';
import {
  flagOf,
  listOf,
  numberOf,
  objectsOf,
  requiredText,
  textOf,
} from '../../../control/resource-properties.ts';
import type { Properties, ResourceType } from '../../../control/resource-type.ts';
import type { Client } from '../../../wire/client.ts';
import { zoneIdOf } from '../domain/given-change.ts';
import type { Sdk } from '../sdk.ts';

type Route53Client = Client<Sdk>;

const LONGEST_ID = 255;

/** AWS::Route53::RecordSet. Its physical id is the record's name. */
export const recordSetType = (route53: Route53Client): ResourceType => ({
  name: 'AWS::Route53::RecordSet',
  async create({ properties, scope, isRetry }) {
    await change(route53, scope, [], [properties], { isRetry });
    return { physicalId: requiredText(properties, 'Name'), attributes: {} };
  },
  async update({ properties, before, scope, physicalId }) {
    await change(route53, scope, [before], [properties], { isRetry: true });
    return { physicalId, attributes: {} };
  },
  delete: ({ properties, scope }) => remove(route53, scope, [properties]),
});

/** AWS::Route53::RecordSetGroup. */
export const recordSetGroupType = (route53: Route53Client): ResourceType => ({
  name: 'AWS::Route53::RecordSetGroup',
  async create(request) {
    const { properties, scope, isRetry } = request;
    const physicalId = physicalName(request, { maxLength: LONGEST_ID });
    await change(route53, scope, [], membersOf(properties), { isRetry });
    return { physicalId, attributes: { Id: physicalId } };
  },
  async update({ properties, before, scope, physicalId }) {
    await change(route53, scope, membersOf(before), membersOf(properties), { isRetry: true });
    return { physicalId, attributes: { Id: physicalId } };
  },
  delete: ({ properties, scope }) => remove(route53, scope, membersOf(properties)),
});

/** The group names the zone for all of its record sets. */
const membersOf = (group: Properties): Properties[] => {
  const zone = Object.fromEntries(
    ['HostedZoneId', 'HostedZoneName', 'Comment'].flatMap((name) =>
      group[name] === undefined ? [] : [[name, group[name]]],
    ),
  );
  return objectsOf(group, 'RecordSets').map((set) => ({ ...zone, ...set }));
};

/** `isRetry` means that some record sets may exist already. */
async function change(
  route53: Route53Client,
  scope: Scope,
  before: Properties[],
  after: Properties[],
  { isRetry }: { isRetry: boolean },
): Promise<void> {
  const zoneOf = zoneFinder(route53, scope);
  const batches = new Map<string, Change[]>();
  const add = (zoneId: string, one: Change) => batches.set(zoneId, [...(batches.get(zoneId) ?? []), one]);
  const kept = new Set<string>();
  for (const properties of after) kept.add(placeOf(await zoneOf(properties), setOf(properties)));
  const isThere = new Set<string>();
  for (const properties of before) {
    const [zoneId, set] = [await zoneOf(properties), setOf(properties)];
    const place = placeOf(zoneId, set);
    isThere.add(place);
    if (kept.has(place)) continue;
    const present = await presentSet(route53, scope, zoneId, set);
    if (present) add(zoneId, { Action: 'DELETE', ResourceRecordSet: present });
  }
  for (const properties of after) {
    const [zoneId, ResourceRecordSet] = [await zoneOf(properties), setOf(properties)];
    const mayBeThere = isRetry || isThere.has(placeOf(zoneId, ResourceRecordSet));
    add(zoneId, { Action: mayBeThere ? 'UPSERT' : 'CREATE', ResourceRecordSet });
  }
  const Comment = after[0] && textOf(after[0], 'Comment');
  for (const [HostedZoneId, Changes] of batches) {
    const ChangeBatch = { Changes, ...(Comment && { Comment }) };
    await route53.call('ChangeResourceRecordSets', { HostedZoneId, ChangeBatch }, scope);
  }
}

/** Deletes the record sets that exist, with their present values. */
async function remove(route53: Route53Client, scope: Scope, members: Properties[]): Promise<void> {
  try {
    await change(route53, scope, members, [], { isRetry: true });
  } catch (error) {
    if (!isRefused(error, /^NoSuchHostedZone/) && !isRefused(error, /^ZoneNotFound$/)) throw error;
  }
}

const nameOf = (name: string): string => name.toLowerCase().replace(/\.?$/, '.').replaceAll('*', '\\052');

const placeOf = (zoneId: string, { Name, Type, SetIdentifier }: ResourceRecordSet): string =>
  JSON.stringify([zoneId, nameOf(Name!), Type, SetIdentifier ?? null]);

async function presentSet(
  route53: Route53Client,
  scope: Scope,
  HostedZoneId: string,
  set: ResourceRecordSet,
): Promise<ResourceRecordSet | undefined> {
  const start = {
    StartRecordName: set.Name,
    StartRecordType: set.Type,
    StartRecordIdentifier: set.SetIdentifier,
  };
  const page = await route53.call('ListResourceRecordSets', { HostedZoneId, ...start, MaxItems: 1 }, scope);
  const [found] = page.ResourceRecordSets ?? [];
  return found && placeOf(HostedZoneId, found) === placeOf(HostedZoneId, set) ? found : undefined;
}

class ZoneNotFound extends Error {
  override readonly name = 'ZoneNotFound';
}

function zoneFinder(route53: Route53Client, scope: Scope): (properties: Properties) => Promise<string> {
  const found = new Map<string, string>();
  return async (properties) => {
    const id = textOf(properties, 'HostedZoneId');
    const name = textOf(properties, 'HostedZoneName');
    if ((id === undefined) === (name === undefined))
      throw new Error('Exactly one of HostedZoneId and HostedZoneName must be specified');
    if (id !== undefined) return zoneIdOf(id);
    const known = found.get(name!) ?? (await zoneNamed(route53, scope, name!));
    found.set(name!, known);
    return known;
  };
}

async function zoneNamed(route53: Route53Client, scope: Scope, name: string): Promise<string> {
  const DNSName = nameOf(name);
  const { HostedZones } = await route53.call('ListHostedZonesByName', { DNSName, MaxItems: 2 }, scope);
  const zones = (HostedZones ?? []).filter((zone) => zone.Name === DNSName);
  if (zones.length === 0) throw new ZoneNotFound(`No hosted zones named ${DNSName} found.`);
  if (zones.length > 1)
    throw new Error(`Found multiple hosted zones with name ${DNSName}; specify HostedZoneId instead.`);
  return zoneIdOf(zones[0]!.Id!);
}

function setOf(properties: Properties): ResourceRecordSet {
  const text = (name: string) => textOf(properties, name) as never;
  const [alias] = objectsOf(properties, 'AliasTarget');
  const [geo] = objectsOf(properties, 'GeoLocation');
  const set: ResourceRecordSet = {
    Name: requiredText(properties, 'Name'),
    Type: requiredText(properties, 'Type') as 'A',
    SetIdentifier: text('SetIdentifier'),
    Weight: numberOf(properties, 'Weight'),
    Region: text('Region'),
    Failover: text('Failover'),
    HealthCheckId: text('HealthCheckId'),
    MultiValueAnswer: flagOf(properties, 'MultiValueAnswer'),
    TTL: numberOf(properties, 'TTL'),
    ResourceRecords: listOf(properties, 'ResourceRecords')?.map((Value) => ({ Value })),
    AliasTarget: alias && {
      HostedZoneId: requiredText(alias, 'HostedZoneId'),
      DNSName: requiredText(alias, 'DNSName'),
      EvaluateTargetHealth: flagOf(alias, 'EvaluateTargetHealth') ?? false,
    },
    GeoLocation: geo && {
      ContinentCode: textOf(geo, 'ContinentCode'),
      CountryCode: textOf(geo, 'CountryCode'),
      SubdivisionCode: textOf(geo, 'SubdivisionCode'),
    },
    CidrRoutingConfig: properties.CidrRoutingConfig as never,
    GeoProximityLocation: properties.GeoProximityLocation as never,
  };
  return Object.fromEntries(
    Object.entries(set).filter(([, value]) => value !== undefined),
  ) as unknown as ResourceRecordSet;
}
