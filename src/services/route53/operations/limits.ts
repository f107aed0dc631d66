// GetHostedZoneLimit and GetAccountLimit: what there may be, and how much of it there is.

import { MOST_SETS } from '../domain/change-batch.ts';
import { zoneNotPrivate } from '../faults.ts';
import { zoneNamed } from '../lookup.ts';
import { MOST_ZONES } from '../model.ts';
import type { Operation } from '../sdk.ts';
import { viewLiveZone } from '../view.ts';

/** AWS: without a request to raise it. It is not enforced here. */
const MOST_VPCS = 300;

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

/** Of what is not here there is none. AWS: its limits for new accounts. */
const NOT_HERE: Record<string, number> = {
  MAX_HEALTH_CHECKS_BY_OWNER: 200,
  MAX_REUSABLE_DELEGATION_SETS_BY_OWNER: 100,
  MAX_TRAFFIC_POLICIES_BY_OWNER: 50,
  MAX_TRAFFIC_POLICY_INSTANCES_BY_OWNER: 5,
};

export const GetAccountLimit: Operation<'GetAccountLimit'> = (route53, { Type }, context) =>
  Type === 'MAX_HOSTED_ZONES_BY_OWNER'
    ? { Limit: { Type, Value: MOST_ZONES }, Count: route53.records.zones.count(context) }
    : { Limit: { Type, Value: NOT_HERE[Type]! }, Count: 0 };
