// Operations on features that Millpond does not have and that tools read nevertheless: DNSSEC, VPC association
// authorizations, health checks, reusable delegation sets, query logs and traffic policies. The answers are empty.

import { zoneNamed } from '../lookup.ts';
import { pageSizeOf } from '../paging.ts';
import type { Operation } from '../sdk.ts';

/** Throws NoSuchHostedZone. */
export const GetDNSSEC: Operation<'GetDNSSEC'> = (route53, { HostedZoneId }, context) => {
  zoneNamed(route53, context, HostedZoneId);
  return { Status: { ServeSignature: 'NOT_SIGNING' }, KeySigningKeys: [] };
};

/** Throws NoSuchHostedZone. */
export const ListVPCAssociationAuthorizations: Operation<'ListVPCAssociationAuthorizations'> = (
  route53,
  { HostedZoneId },
  context,
) => ({
  HostedZoneId: zoneNamed(route53, context, HostedZoneId).record.id,
  VPCs: [],
});

/** Throws NoSuchHostedZone. */
export const ListQueryLoggingConfigs: Operation<'ListQueryLoggingConfigs'> = (
  route53,
  { HostedZoneId },
  context,
) => {
  if (HostedZoneId) zoneNamed(route53, context, HostedZoneId);
  return { QueryLoggingConfigs: [] };
};

const MOST_ITEMS = 100;

/** Always empty. */
export const ListHealthChecks: Operation<'ListHealthChecks'> = (_route53, input) => ({
  HealthChecks: [],
  ...emptyPage(input),
});

/** Always empty. */
export const ListReusableDelegationSets: Operation<'ListReusableDelegationSets'> = (_route53, input) => ({
  DelegationSets: [],
  ...emptyPage(input),
});

const emptyPage = ({ Marker, MaxItems }: { Marker?: string | undefined; MaxItems?: number | undefined }) => ({
  Marker: Marker ?? '',
  IsTruncated: false,
  MaxItems: pageSizeOf(MaxItems, MOST_ITEMS),
});

/** Always zero. */
export const GetHealthCheckCount: Operation<'GetHealthCheckCount'> = () => ({
  HealthCheckCount: 0,
});

/** Always zero. */
export const GetTrafficPolicyInstanceCount: Operation<'GetTrafficPolicyInstanceCount'> = () => ({
  TrafficPolicyInstanceCount: 0,
});
