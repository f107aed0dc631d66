// What tools read of a zone or an account that Millpond has none of: signing, authorizations, health checks, reusable
// delegation sets, query logs, traffic policies.

import type { HandlerOf } from '../../../wire/service.ts';
import type { Directory } from '../directory.ts';
import { zoneNamed } from '../lookup.ts';
import { pageSizeOf } from '../paging.ts';
import type { Route53 } from '../service.ts';

export const getDnssec =
  (directory: Directory): HandlerOf<Route53, 'GetDNSSEC'> =>
  ({ HostedZoneId }, context) => {
    zoneNamed(directory, context, HostedZoneId);
    return { Status: { ServeSignature: 'NOT_SIGNING' }, KeySigningKeys: [] };
  };

export const listVpcAssociationAuthorizations =
  (directory: Directory): HandlerOf<Route53, 'ListVPCAssociationAuthorizations'> =>
  ({ HostedZoneId }, context) => ({
    HostedZoneId: zoneNamed(directory, context, HostedZoneId).record.id,
    VPCs: [],
  });

export const listQueryLoggingConfigs =
  (directory: Directory): HandlerOf<Route53, 'ListQueryLoggingConfigs'> =>
  ({ HostedZoneId }, context) => {
    if (HostedZoneId) zoneNamed(directory, context, HostedZoneId);
    return { QueryLoggingConfigs: [] };
  };

const MOST_ITEMS = 100;

export const listHealthChecks = (): HandlerOf<Route53, 'ListHealthChecks'> => (input) => ({
  HealthChecks: [],
  ...emptyPage(input),
});

export const listReusableDelegationSets =
  (): HandlerOf<Route53, 'ListReusableDelegationSets'> => (input) => ({
    DelegationSets: [],
    ...emptyPage(input),
  });

const emptyPage = ({ Marker, MaxItems }: { Marker?: string | undefined; MaxItems?: number | undefined }) => ({
  Marker: Marker ?? '',
  IsTruncated: false,
  MaxItems: pageSizeOf(MaxItems, MOST_ITEMS),
});

export const getHealthCheckCount = (): HandlerOf<Route53, 'GetHealthCheckCount'> => () => ({
  HealthCheckCount: 0,
});

export const getTrafficPolicyInstanceCount =
  (): HandlerOf<Route53, 'GetTrafficPolicyInstanceCount'> => () => ({
    TrafficPolicyInstanceCount: 0,
  });
