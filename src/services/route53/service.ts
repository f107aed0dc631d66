// Route 53: hosted zones and their record sets, answered by Millpond's DNS server. No health checks, no traffic
// policies, no signing.

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

export interface Route53Dependencies {
  store: Store;
  clock: Clock;
  /** Where the VPCs of private zones are looked up. */
  ec2: Ec2Client;
  /** Where Millpond's own names lie, besides those of every host: no hosted zone may lie there. */
  reserved?: readonly string[];
  /** Taken to be nearest by latency routing. */
  region: string;
  /** Record sets that others compute; they are shown in the zone that covers them and cannot be changed there. */
  computedRecordSets?(): readonly ComputedRecordSet[];
  /** From 0 up to but not including 1. */
  random?(): number;
}

export interface Route53Service {
  service: Service;
  /** Every hosted zone answers there, now and from now on. */
  answerIn(table: ZoneTable): void;
}

/** Ready once what is kept has been read. */
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
  const asked = { random, region };
  const route53: Route53 = { store, clock, records, ec2, reserved: reservedNames(reserved), asked };
  const service = defineService<Sdk, Route53>('route53', route53, operations, { constraints });
  return { service, answerIn: (table) => answerIn(table, records.live, asked) };
}
