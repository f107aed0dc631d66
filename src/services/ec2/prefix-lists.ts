// The prefix lists that AWS keeps for gateway endpoints: which addresses a service has. Pure; ids are derived. The
// addresses are AWS's published ones for its first region, and stand for the service, nothing is reached through them.

import { derivedHex } from '../../kernel/ids.ts';

export interface PrefixList {
  prefixListId: string;
  /** e.g. `com.amazonaws.us-east-1.s3`. */
  name: string;
  cidrs: string[];
}

const CIDRS: Record<string, string[]> = {
  s3: ['54.231.0.0/16', '52.216.0.0/15', '3.5.0.0/19', '44.192.134.240/28', '44.192.140.64/28'],
  dynamodb: ['52.94.0.0/22', '52.119.224.0/20'],
};

export const isPrefixListId = (text: string): boolean => text.startsWith('pl-');

export const prefixListsOf = (region: string): PrefixList[] =>
  Object.entries(CIDRS).map(([service, cidrs]) => ({
    prefixListId: `pl-${derivedHex(8, region, service)}`,
    name: `com.amazonaws.${region}.${service}`,
    cidrs,
  }));
