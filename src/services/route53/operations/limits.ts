// GetHostedZoneLimit and GetAccountLimit: the quotas and how much of each is used.

import { MOST_SETS } from '../domain/change-batch.ts';
import { zoneNotPrivate } from '../faults.ts';
import { zoneNamed } from '../lookup.ts';
import { MOST_ZONES } from '../model.ts';
import type { Operation } from '../sdk.ts';
import { viewLiveZone } from '../view.ts';

/** AWS: the default quota. It is not enforced here. */
const MOST_VPCS = 300;

/** Throws NoSuchHostedZone, HostedZoneNotPrivate. */
export const GetHostedZoneLimit: Operation<'GetHostedZoneLimit'> = (
  route53,
  { HostedZoneId, Type },
  context,
) => {
  const zone = zoneNamed(route53, context, HostedZoneId);
  if (Type === 'MAX_RRSETS_BY_ZONE') {
    return {
      Limit: { Type, Value: MOST_SETS },
      Count: viewLiveZone(route53, zone).ResourceRecordSetCount,
    };
  }
  if (!zone.record.isPrivate) throw zoneNotPrivate();
  return { Limit: { Type, Value: MOST_VPCS }, Count: zone.record.vpcs.length };
};

/** Quotas of features that Millpond does not have, so none is used. AWS: the limits of a new account. */
const UNSUPPORTED: Record<string, number> = {
  MAX_HEALTH_CHECKS_BY_OWNER: 200,
  MAX_REUSABLE_DELEGATION_SETS_BY_OWNER: 100,
  MAX_TRAFFIC_POLICIES_BY_OWNER: 50,
  MAX_TRAFFIC_POLICY_INSTANCES_BY_OWNER: 5,
};

/** Never fails; the constraints refuse unknown types. */
export const GetAccountLimit: Operation<'GetAccountLimit'> = (route53, { Type }, context) =>
  Type === 'MAX_HOSTED_ZONES_BY_OWNER'
    ? { Limit: { Type, Value: MOST_ZONES }, Count: route53.records.zones.count(context) }
    : { Limit: { Type, Value: UNSUPPORTED[Type]! }, Count: 0 };
