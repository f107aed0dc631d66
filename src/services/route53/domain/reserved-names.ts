// Names that no hosted zone may have, since every zone answers every client: names that are AWS's, top-level domains,
// and names that are answered by other parts of Millpond. Pure.

import { AWS_SUFFIXES } from '../../../aws/hosts.ts';
import { isWithin } from './names.ts';

/** Neither these nor what lies below them. Names as `readName` spells them. */
const OF_AWS = AWS_SUFFIXES.map((suffix) => `${suffix}.`);
const OF_THIS_HOST = [
  'localhost.',
  'ec2.internal.',
  'compute.internal.',
  '127.in-addr.arpa.',
  'host.docker.internal.',
];
/** These, though names below them are free. */
const OF_ALL = ['com.cn.', 'in-addr.arpa.', 'ip6.arpa.'];

/**
 * Top-level domains in common use; those of countries have two letters. A private zone may have a name of one label
 * that nobody else has: `internal.`, `corp.`.
 */
const TOP_LEVEL =
  /^([a-z]{2}|aero|ai|app|arpa|asia|aws|amazon|biz|blog|cat|cloud|com|coop|dev|edu|email|gov|info|int|jobs|mil|mobi|museum|name|net|network|online|org|page|post|pro|shop|site|store|systems|tech|tel|travel|xn--[a-z0-9-]+|xyz)\.$/;

export interface ReservedNames {
  /** Whose it is, when no zone may have this name. */
  keeperOf(name: string, isPrivate: boolean): 'AWS' | 'Millpond' | undefined;
}

/** `own`: where Millpond's own names lie, besides; lower case, without final dot. */
export function reservedNames(own: readonly string[]): ReservedNames {
  const ofMillpond = [...OF_THIS_HOST, ...own.map((name) => `${name}.`)];
  return {
    keeperOf(name, isPrivate) {
      if (OF_AWS.some((reserved) => isWithin(name, reserved))) return 'AWS';
      if (ofMillpond.some((reserved) => isWithin(name, reserved))) return 'Millpond';
      if (OF_ALL.includes(name)) return 'AWS';
      const isOneLabel = name.indexOf('.') === name.length - 1;
      return isOneLabel && (!isPrivate || TOP_LEVEL.test(name)) ? 'AWS' : undefined;
    },
  };
}
