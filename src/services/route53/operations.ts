// Every operation that Millpond's Route 53 implements, by name. All other operations answer that they are not
// implemented.

import type { Operations } from '../../wire/service.ts';
import type { Route53 } from './context.ts';
import {
  GetDNSSEC,
  GetHealthCheckCount,
  GetTrafficPolicyInstanceCount,
  ListHealthChecks,
  ListQueryLoggingConfigs,
  ListReusableDelegationSets,
  ListVPCAssociationAuthorizations,
} from './operations/absent.ts';
import { ChangeResourceRecordSets } from './operations/change-resource-record-sets.ts';
import { CreateHostedZone } from './operations/create-hosted-zone.ts';
import {
  DeleteHostedZone,
  GetChange,
  GetHostedZone,
  GetHostedZoneCount,
  UpdateHostedZoneComment,
} from './operations/hosted-zones.ts';
import { GetAccountLimit, GetHostedZoneLimit } from './operations/limits.ts';
import {
  ListHostedZones,
  ListHostedZonesByName,
  ListHostedZonesByVPC,
} from './operations/list-hosted-zones.ts';
import { ListResourceRecordSets } from './operations/list-resource-record-sets.ts';
import { ChangeTagsForResource, ListTagsForResource, ListTagsForResources } from './operations/tags.ts';
import { TestDNSAnswer } from './operations/test-dns-answer.ts';
import { AssociateVPCWithHostedZone, DisassociateVPCFromHostedZone } from './operations/vpc-associations.ts';
import type { Sdk } from './sdk.ts';

/** Implementations by operation name. */
export const operations: Operations<Sdk, Route53> = {
  AssociateVPCWithHostedZone,
  ChangeResourceRecordSets,
  ChangeTagsForResource,
  CreateHostedZone,
  DeleteHostedZone,
  DisassociateVPCFromHostedZone,
  GetAccountLimit,
  GetChange,
  GetDNSSEC,
  GetHealthCheckCount,
  GetHostedZone,
  GetHostedZoneCount,
  GetHostedZoneLimit,
  GetTrafficPolicyInstanceCount,
  ListHealthChecks,
  ListHostedZones,
  ListHostedZonesByName,
  ListHostedZonesByVPC,
  ListQueryLoggingConfigs,
  ListResourceRecordSets,
  ListReusableDelegationSets,
  ListTagsForResource,
  ListTagsForResources,
  ListVPCAssociationAuthorizations,
  TestDNSAnswer,
  UpdateHostedZoneComment,
};
