// The names that no hosted zone can have: AWS's names, top-level domains, and names that other parts of Millpond
// answer. A zone answers every client of the DNS server, so such a zone would hide them. Pure.

import { AWS_SUFFIXES } from '../../../aws/hosts.ts';
import { isWithin } from './names.ts';

/** Reserved with all names below them. Normalized by `readName`. */
const OF_AWS = AWS_SUFFIXES.map((suffix) => `${suffix}.`);
const OF_THIS_HOST = [
  'localhost.',
  'ec2.internal.',
  'compute.internal.',
  '127.in-addr.arpa.',
  'host.docker.internal.',
];
/** Reserved; names below them are free. */
const OF_ALL = ['com.cn.', 'in-addr.arpa.', 'ip6.arpa.'];

/**
 * Top-level domains in common use; two letters are a country's. Other single labels, such as `internal.` and `corp.`,
 * are free for private zones.
 */
const TOP_LEVEL =
  /^([a-z]{2}|aero|ai|app|arpa|asia|aws|amazon|biz|blog|cat|cloud|com|coop|dev|edu|email|gov|info|int|jobs|mil|mobi|museum|name|net|network|online|org|page|post|pro|shop|site|store|systems|tech|tel|travel|xn--[a-z0-9-]+|xyz)\.$/;

/** The reserved names of this Millpond. */
export interface ReservedNames {
  /** Who reserves the name; `undefined` if a zone may have it. */
  ownerOf(name: string, isPrivate: boolean): 'AWS' | 'Millpond' | undefined;
}

/** `own` are domains of Millpond's own names, in lower case and without final dot. */
export function reservedNames(own: readonly string[]): ReservedNames {
  const ofMillpond = [...OF_THIS_HOST, ...own.map((name) => `${name}.`)];
  return {
    ownerOf(name, isPrivate) {
      if (OF_AWS.some((reserved) => isWithin(name, reserved))) return 'AWS';
      if (ofMillpond.some((reserved) => isWithin(name, reserved))) return 'Millpond';
      if (OF_ALL.includes(name)) return 'AWS';
      const isOneLabel = name.indexOf('.') === name.length - 1;
      return isOneLabel && (!isPrivate || TOP_LEVEL.test(name)) ? 'AWS' : undefined;
    },
  };
}
