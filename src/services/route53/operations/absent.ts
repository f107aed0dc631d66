// What tools read of a zone or an account that Millpond has none of: signing, authorizations, health checks, reusable
// delegation sets, query logs, traffic policies.

import { zoneNamed } from '../lookup.ts';
import { pageSizeOf } from '../paging.ts';
import type { Operation } from '../sdk.ts';

export const GetDNSSEC: Operation<'GetDNSSEC'> = (route53, { HostedZoneId }, context) => {
  zoneNamed(route53, context, HostedZoneId);
  return { Status: { ServeSignature: 'NOT_SIGNING' }, KeySigningKeys: [] };
};

export const ListVPCAssociationAuthorizations: Operation<'ListVPCAssociationAuthorizations'> = (
  route53,
  { HostedZoneId },
  context,
) => ({
  HostedZoneId: zoneNamed(route53, context, HostedZoneId).record.id,
  VPCs: [],
});

export const ListQueryLoggingConfigs: Operation<'ListQueryLoggingConfigs'> = (
  route53,
  { HostedZoneId },
  context,
) => {
  if (HostedZoneId) zoneNamed(route53, context, HostedZoneId);
  return { QueryLoggingConfigs: [] };
};

const MOST_ITEMS = 100;

export const ListHealthChecks: Operation<'ListHealthChecks'> = (_route53, input) => ({
  HealthChecks: [],
  ...emptyPage(input),
});

export const ListReusableDelegationSets: Operation<'ListReusableDelegationSets'> = (_route53, input) => ({
  DelegationSets: [],
  ...emptyPage(input),
});

const emptyPage = ({ Marker, MaxItems }: { Marker?: string | undefined; MaxItems?: number | undefined }) => ({
  Marker: Marker ?? '',
  IsTruncated: false,
  MaxItems: pageSizeOf(MaxItems, MOST_ITEMS),
});

export const GetHealthCheckCount: Operation<'GetHealthCheckCount'> = () => ({
  HealthCheckCount: 0,
});

export const GetTrafficPolicyInstanceCount: Operation<'GetTrafficPolicyInstanceCount'> = () => ({
  TrafficPolicyInstanceCount: 0,
});
