// Route 53: hosted zones and their record sets, answered by Millpond's DNS server. No health checks, no traffic
// policies, no signing.

import type { ZoneTable } from '../../dns/zone.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import { defineHandlers, type Service } from '../../wire/service.ts';
import { answerIn } from './answers.ts';
import { constraints } from './constraints.ts';
import { openDirectory } from './directory.ts';
import { reservedNames } from './domain/reserved-names.ts';
import {
  getDnssec,
  getHealthCheckCount,
  getTrafficPolicyInstanceCount,
  listHealthChecks,
  listQueryLoggingConfigs,
  listReusableDelegationSets,
  listVpcAssociationAuthorizations,
} from './operations/absent.ts';
import { changeResourceRecordSets } from './operations/change-resource-record-sets.ts';
import { createHostedZone } from './operations/create-hosted-zone.ts';
import {
  deleteHostedZone,
  getChange,
  getHostedZone,
  getHostedZoneCount,
  updateHostedZoneComment,
} from './operations/hosted-zones.ts';
import { getAccountLimit, getHostedZoneLimit } from './operations/limits.ts';
import {
  listHostedZones,
  listHostedZonesByName,
  listHostedZonesByVpc,
} from './operations/list-hosted-zones.ts';
import { listResourceRecordSets } from './operations/list-resource-record-sets.ts';
import { changeTagsForResource, listTagsForResource, listTagsForResources } from './operations/tags.ts';
import { testDnsAnswer } from './operations/test-dns-answer.ts';
import { associateVpc, disassociateVpc } from './operations/vpc-associations.ts';
import type { ComputedRecordSet } from './records.ts';
import type { Ec2 } from './vpcs.ts';

export type Route53 = typeof import('@aws-sdk/client-route-53');

export interface Route53Dependencies {
  store: Store;
  clock: Clock;
  /** Where the VPCs of private zones are looked up. */
  ec2: Ec2;
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

export function createRoute53(dependencies: Route53Dependencies): Route53Service {
  const {
    store,
    clock,
    ec2,
    region,
    computedRecordSets = () => [],
    random = Math.random,
    reserved = [],
  } = dependencies;
  const directory = openDirectory({ store, clock, computed: computedRecordSets });
  const asked = { random, region };
  const service = defineHandlers<Route53>(
    'route53',
    {
      AssociateVPCWithHostedZone: associateVpc(directory, ec2),
      ChangeResourceRecordSets: changeResourceRecordSets(directory),
      ChangeTagsForResource: changeTagsForResource(directory),
      CreateHostedZone: createHostedZone(directory, ec2, reservedNames(reserved)),
      DeleteHostedZone: deleteHostedZone(directory),
      DisassociateVPCFromHostedZone: disassociateVpc(directory),
      GetAccountLimit: getAccountLimit(directory),
      GetChange: getChange(directory),
      GetDNSSEC: getDnssec(directory),
      GetHealthCheckCount: getHealthCheckCount(),
      GetHostedZone: getHostedZone(directory),
      GetHostedZoneCount: getHostedZoneCount(directory),
      GetHostedZoneLimit: getHostedZoneLimit(directory),
      GetTrafficPolicyInstanceCount: getTrafficPolicyInstanceCount(),
      ListHealthChecks: listHealthChecks(),
      ListHostedZones: listHostedZones(directory),
      ListHostedZonesByName: listHostedZonesByName(directory),
      ListHostedZonesByVPC: listHostedZonesByVpc(directory),
      ListQueryLoggingConfigs: listQueryLoggingConfigs(directory),
      ListResourceRecordSets: listResourceRecordSets(directory),
      ListReusableDelegationSets: listReusableDelegationSets(),
      ListTagsForResource: listTagsForResource(directory),
      ListTagsForResources: listTagsForResources(directory),
      ListVPCAssociationAuthorizations: listVpcAssociationAuthorizations(directory),
      TestDNSAnswer: testDnsAnswer(directory, asked),
      UpdateHostedZoneComment: updateHostedZoneComment(directory),
    },
    { constraints },
  );
  return { service, answerIn: (table) => answerIn(table, directory.live, asked) };
}
