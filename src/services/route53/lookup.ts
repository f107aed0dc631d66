// Finds the zone and the domain name that a request gives.

import type { Scope } from '../../aws/scope.ts';
import type { Fault } from '../../wire/fault.ts';
import type { Route53 } from './context.ts';
import { zoneIdOf } from './domain/given-change.ts';
import { readName } from './domain/names.ts';
import { invalidDomainName } from './faults.ts';
import type { LiveZone } from './live-zones.ts';

/** The zone with this id, with or without `/hostedzone/`. Throws NoSuchHostedZone. */
export const zoneNamed = (route53: Route53, scope: Scope, given: string): LiveZone =>
  route53.records.zone(scope, zoneIdOf(given));

/**
 * Parses and normalizes a domain name. Throws InvalidDomainName, or `fault` where the operation declares another error.
 */
export function domainNamed(given: string, fault: (name: string) => Fault = invalidDomainName): string {
  const { name } = readName(given);
  if (name === undefined) throw fault(given);
  return name;
}
