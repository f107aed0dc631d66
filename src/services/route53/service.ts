// Route 53: hosted zones and their record sets, which Millpond's DNS server answers. There are no health checks,
// traffic policies or DNSSEC signing.

import type { ZoneTable } from '../../dns/zone.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { answerIn } from './answers.ts';
import { constraints } from './constraints.ts';
import type { Ec2Client, Route53 } from './context.ts';
import { reservedNames } from './domain/reserved-names.ts';
import type { ComputedRecordSet } from './model.ts';
import { operations } from './operations.ts';
import { openRecords } from './records.ts';
import type { Sdk } from './sdk.ts';

/** What `createRoute53` needs. */
export interface Route53Dependencies {
  store: Store;
  clock: Clock;
  /** Looks up the VPCs of private zones. */
  ec2: Ec2Client;
  /** Domains of Millpond's own names, in lower case and without final dot. No hosted zone can lie there. */
  reserved?: readonly string[];
  /** The region that latency routing prefers. */
  region: string;
  /**
   * Record sets that other services compute. The zone that covers them shows them, and they cannot be changed there.
   */
  computedRecordSets?(): readonly ComputedRecordSet[];
  /** A random number, at least 0 and less than 1. For weighted routing; `Math.random` by default. */
  random?(): number;
}

/** Route 53 as the manifest runs it. */
export interface Route53Service {
  service: Service;
  /** Adds the DNS zones of all hosted zones to a table and keeps it up to date. */
  answerIn(table: ZoneTable): void;
}

/** Builds Route 53 over a store. Resolves once the stored zones are loaded into memory. */
export async function createRoute53(dependencies: Route53Dependencies): Promise<Route53Service> {
  const {
    store,
    clock,
    ec2,
    region,
    computedRecordSets = () => [],
    random = Math.random,
    reserved = [],
  } = dependencies;
  const records = await openRecords({ store, clock, computed: computedRecordSets });
  const routing = { random, region };
  const route53: Route53 = { store, clock, records, ec2, reserved: reservedNames(reserved), routing };
  const service = defineService<Sdk, Route53>('route53', route53, operations, { constraints });
  return { service, answerIn: (table) => answerIn(table, records.live, routing) };
}
