// The regions of AWS: their availability zones and their short codes in ElastiCache's host names. Pure data.
//
// AWS: in the oldest regions the letters of the zones are shuffled for each account, and some zones are closed to new
// accounts (ap-northeast-1b, us-west-1b…). Every account here gets one mapping that new accounts really get.

import { partitionOf } from './scope.ts';

/** An availability zone. */
export interface ZoneFacts {
  /** e.g. `us-east-1a`. */
  name: string;
  /** The id of the physical zone, the same in every account, e.g. `use1-az6`. */
  id: string;
}

/** A region. */
export interface RegionFacts {
  name: string;
  /** The name in the console, e.g. `US East (N. Virginia)`. */
  description: string;
  partition: string;
  /** The suffix of public host names in this partition, e.g. `amazonaws.com`. */
  dnsSuffix: string;
  /** The region's code in ElastiCache's host names, e.g. `use1`. */
  endpointCode: string;
  /** Accounts must enable this region before they use it. */
  optIn: boolean;
  /** Sorted by name. */
  zones: readonly ZoneFacts[];
}

// Columns: name, description, and for each zone its letter with the number in its id. A leading `+` marks an opt-in
// region.
const TABLE = `
  us-east-1       US East (N. Virginia)            a6 b1 c2 d4 e3 f5
  us-east-2       US East (Ohio)                   a1 b2 c3
  us-west-1       US West (N. California)          a3 c1
  us-west-2       US West (Oregon)                 a2 b1 c3 d4
 +af-south-1      Africa (Cape Town)               a1 b2 c3
 +ap-east-1       Asia Pacific (Hong Kong)         a1 b2 c3
 +ap-east-2       Asia Pacific (Taipei)            a1 b2 c3
  ap-northeast-1  Asia Pacific (Tokyo)             a4 c1 d2
  ap-northeast-2  Asia Pacific (Seoul)             a1 b2 c3 d4
  ap-northeast-3  Asia Pacific (Osaka)             a1 b2 c3
  ap-south-1      Asia Pacific (Mumbai)            a1 b3 c2
 +ap-south-2      Asia Pacific (Hyderabad)         a1 b2 c3
  ap-southeast-1  Asia Pacific (Singapore)         a1 b2 c3
  ap-southeast-2  Asia Pacific (Sydney)            a1 b3 c2
 +ap-southeast-3  Asia Pacific (Jakarta)           a1 b2 c3
 +ap-southeast-4  Asia Pacific (Melbourne)         a1 b2 c3
 +ap-southeast-5  Asia Pacific (Malaysia)          a1 b2 c3
 +ap-southeast-6  Asia Pacific (New Zealand)       a1 b2 c3
 +ap-southeast-7  Asia Pacific (Thailand)          a1 b2 c3
  ca-central-1    Canada (Central)                 a1 b2 d4
 +ca-west-1       Canada West (Calgary)            a1 b2 c3
  eu-central-1    Europe (Frankfurt)               a2 b3 c1
 +eu-central-2    Europe (Zurich)                  a1 b2 c3
  eu-north-1      Europe (Stockholm)               a1 b2 c3
 +eu-south-1      Europe (Milan)                   a1 b2 c3
 +eu-south-2      Europe (Spain)                   a1 b2 c3
  eu-west-1       Europe (Ireland)                 a3 b1 c2
  eu-west-2       Europe (London)                  a2 b3 c1
  eu-west-3       Europe (Paris)                   a1 b2 c3
 +il-central-1    Israel (Tel Aviv)                a1 b2 c3
 +me-central-1    Middle East (UAE)                a1 b2 c3
 +me-south-1      Middle East (Bahrain)            a1 b2 c3
 +mx-central-1    Mexico (Central)                 a1 b2 c3
  sa-east-1       South America (Sao Paulo)        a1 b2 c3
  cn-north-1      China (Beijing)                  a1 b2 d4
  cn-northwest-1  China (Ningxia)                  a1 b2 c3
  us-gov-east-1   AWS GovCloud (US-East)           a1 b2 c3
  us-gov-west-1   AWS GovCloud (US-West)           a1 b2 c3
`;

// AWS: these codes do not follow the rule of endpointCodeByRule. Source: host names in public reports of users.
const IRREGULAR_ENDPOINT_CODES: Record<string, string> = {
  'ap-northeast-2': 'apn2',
  'ap-northeast-3': 'apn3',
  'cn-northwest-1': 'cnw1',
};

const COMPASS: Record<string, string> = {
  northeast: 'ne',
  northwest: 'nw',
  southeast: 'se',
  southwest: 'sw',
};

const PLAUSIBLE = /^[a-z]{2}(-[a-z]+){1,3}-[1-9]\d?$/;
const DEFAULT_ZONES = 'a1 b2 c3';

/** Every known region, in the order of the table: the United States first, then by name. */
export const REGIONS: readonly RegionFacts[] = TABLE.trim().split('\n').map(parseLine);

const byName = new Map(REGIONS.map((region) => [region.name, region]));

/**
 * The facts of a region; `undefined` when the name cannot be a region's. A well-formed name that is not in the table
 * gets zones a, b and c.
 */
export function regionOf(name: string): RegionFacts | undefined {
  const known = byName.get(name);
  if (known) return known;
  return PLAUSIBLE.test(name) ? factsOf(name, name, false, DEFAULT_ZONES) : undefined;
}

/** The full names of the zones, sorted; empty when there is no such region. */
export function zonesOf(region: string): string[] {
  return regionOf(region)?.zones.map((zone) => zone.name) ?? [];
}

/** The region's code in ElastiCache's host names: `use1`, `apne1`, `apn2`… */
export function endpointCodeOf(region: string): string {
  return regionOf(region)?.endpointCode ?? endpointCodeByRule(region);
}

function parseLine(line: string): RegionFacts {
  const [, optIn, name, description, zones] = /^\s*(\+?)(\S+)\s+(.*?)\s{2,}(.*)$/.exec(line)!;
  return factsOf(name!, description!, optIn === '+', zones!);
}

function factsOf(name: string, description: string, optIn: boolean, zones: string): RegionFacts {
  const partition = partitionOf(name);
  const code = endpointCodeByRule(name);
  return {
    name,
    description,
    partition,
    dnsSuffix: partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com',
    endpointCode: IRREGULAR_ENDPOINT_CODES[name] ?? code,
    optIn,
    zones: zones.split(' ').map((zone) => ({ name: `${name}${zone[0]}`, id: `${code}-az${zone.slice(1)}` })),
  };
}

/** `us-gov-west-1` is `usgw1`, `ap-southeast-1` is `apse1`: the country, one letter a word (two for a mixed direction). */
function endpointCodeByRule(region: string): string {
  const [country = '', ...rest] = region.split('-');
  const initials = rest.map((word) => (/^\d/.test(word) ? word : (COMPASS[word] ?? word[0] ?? '')));
  return country + initials.join('');
}
