// Finding what a request names.

import type { Scope } from '../../kernel/scope.ts';
import type { Directory } from './directory.ts';
import { zoneIdOf } from './domain/given-change.ts';
import { readName } from './domain/names.ts';
import { invalidDomainName, noSuchHostedZone } from './faults.ts';
import type { LiveZone } from './live-zones.ts';

/** Throws NoSuchHostedZone. */
export function zoneNamed(directory: Directory, scope: Scope, given: string): LiveZone {
  const id = zoneIdOf(given);
  const zone = directory.zone(scope, id);
  if (!zone) throw noSuchHostedZone(id);
  return zone;
}

/** Throws InvalidDomainName. */
export function domainNamed(given: string): string {
  const { name } = readName(given);
  if (name === undefined) throw invalidDomainName(given);
  return name;
}
