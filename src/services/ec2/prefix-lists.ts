// AWS's prefix lists of the services with gateway endpoints. The ids are derived. The addresses are those that AWS
// publishes for its first region; nothing is reached through them. Pure.

import { derivedHex } from '../../kernel/ids.ts';

/** A list of AWS. */
export interface PrefixList {
  prefixListId: string;
  /** For example `com.amazonaws.us-east-1.s3`. */
  name: string;
  cidrs: string[];
}

const CIDRS: Record<string, string[]> = {
  s3: ['54.231.0.0/16', '52.216.0.0/15', '3.5.0.0/19', '44.192.134.240/28', '44.192.140.64/28'],
  dynamodb: ['52.94.0.0/22', '52.119.224.0/20'],
};

/** Tells a prefix list from a CIDR block as the destination of a route. */
export const isPrefixListId = (text: string): boolean => text.startsWith('pl-');

/** The lists of a region. */
export const prefixListsOf = (region: string): PrefixList[] =>
  Object.entries(CIDRS).map(([service, cidrs]) => ({
    prefixListId: `pl-${derivedHex(8, region, service)}`,
    name: `com.amazonaws.${region}.${service}`,
    cidrs,
  }));
