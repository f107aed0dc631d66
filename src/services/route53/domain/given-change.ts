// Reads one change of a batch into a record set. A malformed request is refused at once (InvalidInput); invalid names
// and values are collected and reported for the whole batch. The zone's contents are not looked at. Pure.

import { invalidInput, noSuchHealthCheck } from '../faults.ts';
import { readName } from './names.ts';
import { problemOfValue } from './record-data.ts';
import { RECORD_TYPES, type RecordSet, type RecordType, type Routing } from './record-set.ts';

/** A record set as the SDK spells it. */
export interface GivenSet {
  Name: string | undefined;
  Type: string | undefined;
  SetIdentifier?: string | undefined;
  Weight?: number | undefined;
  Region?: string | undefined;
  GeoLocation?:
    | {
        ContinentCode?: string | undefined;
        CountryCode?: string | undefined;
        SubdivisionCode?: string | undefined;
      }
    | undefined;
  Failover?: string | undefined;
  MultiValueAnswer?: boolean | undefined;
  TTL?: number | undefined;
  ResourceRecords?: { Value: string | undefined }[] | undefined;
  AliasTarget?:
    | {
        HostedZoneId: string | undefined;
        DNSName: string | undefined;
        EvaluateTargetHealth: boolean | undefined;
      }
    | undefined;
  HealthCheckId?: string | undefined;
  TrafficPolicyInstanceId?: string | undefined;
  CidrRoutingConfig?: unknown;
  GeoProximityLocation?: unknown;
}

/** A change as the SDK spells it. */
export interface GivenChange {
  Action: string | undefined;
  ResourceRecordSet: GivenSet | undefined;
}

/** What a change does. */
export type Action = 'CREATE' | 'DELETE' | 'UPSERT';

/** A change that was read. */
export interface Change {
  action: Action;
  set: RecordSet;
  /** What is wrong with its name and values, in AWS's words. */
  problems: string[];
}

/** Reads a change. Throws InvalidInput, NoSuchHealthCheck. */
export function readChange({ Action, ResourceRecordSet: given }: GivenChange): Change {
  const label = describe(Action!, given!);
  checkContents(given!, label);
  const problems: string[] = [];
  const name = nameIn(given!.Name!, problems);
  const type = typeOf(given!.Type!);
  const values = (given!.ResourceRecords ?? []).map((record) => record.Value ?? '');
  problems.push(...problemsOfValues(type, values));
  const routing = routingOf(given!, label);
  const alias = aliasOf(given!, problems);
  return {
    action: Action as Action,
    set: {
      name,
      type,
      ...(routing && { setIdentifier: given!.SetIdentifier!, routing }),
      ...(!alias && { ttl: given!.TTL! }),
      values,
      ...(alias && { alias }),
    },
    problems,
  };
}

const describe = (action: string, { Name, Type, SetIdentifier }: GivenSet): string =>
  `Change with [Action=${action}, Name=${Name}, Type=${Type}, SetIdentifier=${SetIdentifier ?? 'null'}]`;

function checkContents(given: GivenSet, label: string): void {
  if (given.TrafficPolicyInstanceId !== undefined)
    throw invalidInput(`Millpond has no traffic policies: ${label}`);
  if (given.HealthCheckId) throw noSuchHealthCheck(given.HealthCheckId);
  const isPlain = given.TTL !== undefined && (given.ResourceRecords?.length ?? 0) > 0;
  const isPartlyPlain = given.TTL !== undefined || (given.ResourceRecords?.length ?? 0) > 0;
  const expected =
    'Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId]';
  if (given.AliasTarget ? isPartlyPlain : !isPlain) {
    throw invalidInput(`${expected}, but found ${given.AliasTarget ? 'more than one' : 'none'} in ${label}`);
  }
}

function typeOf(given: string): RecordType {
  const type = RECORD_TYPES.find((known) => known === given);
  if (type) return type;
  throw invalidInput(`Millpond has no record sets of type ${given} yet; it has ${RECORD_TYPES.join(', ')}.`);
}

function nameIn(given: string, problems: string[]): string {
  const { name, problem } = readName(given);
  if (name !== undefined) return name;
  problems.push(
    `Invalid Resource Record: 'FATAL problem: ${problem} encountered with '${given.slice(0, 300)}''`,
  );
  return given;
}

function problemsOfValues(type: RecordType, values: readonly string[]): string[] {
  const problems = values.map((value) => problemOfValue(type, value));
  const repeated = values.find((value, index) => values.indexOf(value) !== index);
  if (repeated !== undefined) problems.push(`Duplicate Resource Record: '${repeated}'`);
  if ((type === 'CNAME' || type === 'SOA') && values.length > 1) {
    problems.push(`Invalid Resource Record: 'FATAL problem: TooManyValues (${type} takes one value)'`);
  }
  return problems.filter((problem) => problem !== undefined);
}

function aliasOf({ AliasTarget }: GivenSet, problems: string[]): RecordSet['alias'] {
  if (!AliasTarget) return undefined;
  const name = nameIn(AliasTarget.DNSName!, problems);
  return {
    zoneId: zoneIdOf(AliasTarget.HostedZoneId!),
    name,
    evaluateTargetHealth: AliasTarget.EvaluateTargetHealth === true,
  };
}

/** The id in a zone reference, with or without `/hostedzone/`. */
export const zoneIdOf = (given: string): string => given.slice(given.lastIndexOf('/') + 1);

function routingOf(given: GivenSet, label: string): Routing | undefined {
  if (given.CidrRoutingConfig !== undefined || given.GeoProximityLocation !== undefined) {
    throw invalidInput(`Millpond does not route by IP ranges or geoproximity: ${label}`);
  }
  const found = [
    given.Weight !== undefined && { kind: 'weighted' as const, weight: given.Weight },
    given.Region !== undefined && { kind: 'latency' as const, region: given.Region },
    given.Failover !== undefined && {
      kind: 'failover' as const,
      role: given.Failover as 'PRIMARY' | 'SECONDARY',
    },
    given.GeoLocation !== undefined && geolocation(given.GeoLocation, label),
    given.MultiValueAnswer === true && { kind: 'multivalue' as const },
  ].filter((routing) => routing !== false);
  const { SetIdentifier } = given;
  const expected =
    'Invalid request: Expected exactly one of [Weight, Region, Failover, GeoLocation, or MultiValueAnswer]';
  if (found.length > 1) throw invalidInput(`${expected}, but found more than one in ${label}`);
  if (found.length === 0 && SetIdentifier !== undefined)
    throw invalidInput(`${expected}, but found none in ${label}`);
  if (found.length === 1 && !SetIdentifier)
    throw invalidInput(`Invalid request: Missing field 'SetIdentifier' in ${label}`);
  return found[0];
}

function geolocation(given: NonNullable<GivenSet['GeoLocation']>, label: string): Routing {
  const { ContinentCode, CountryCode, SubdivisionCode } = given;
  if (!ContinentCode === !CountryCode || (SubdivisionCode && !CountryCode))
    throw invalidInput(`Invalid request: GeoLocation needs a continent or a country in ${label}`);
  return {
    kind: 'geolocation',
    ...(ContinentCode && { continent: ContinentCode }),
    ...(CountryCode && { country: CountryCode }),
    ...(SubdivisionCode && { subdivision: SubdivisionCode }),
  };
}
