// Records as Route 53's API shows them. No rules live here.

import type {
  ChangeInfo,
  HostedZone,
  ResourceRecordSet,
  ResourceRecordSetRegion,
  VPC,
  VPCRegion,
} from '@aws-sdk/client-route-53';
import type { Scope } from '../../aws/scope.ts';
import type { Route53 } from './context.ts';
import { nameOfDns } from './domain/names.ts';
import type { RecordSet } from './domain/record-set.ts';
import type { LiveZone } from './live-zones.ts';
import type { ChangeRecord, ComputedRecordSet, HostedZoneRecord, VpcPlace } from './model.ts';

/** ChangeInfo of a change. */
export const viewChange = ({ id, comment, submittedAt }: ChangeRecord): ChangeInfo => ({
  Id: `/change/${id}`,
  // The DNS server answers with a change as soon as it is committed.
  Status: 'INSYNC',
  SubmittedAt: new Date(submittedAt),
  ...(comment && { Comment: comment }),
});

/** HostedZone with a known number of record sets. */
export const viewZone = (record: Readonly<HostedZoneRecord>, setCount: number): HostedZone => ({
  Id: `/hostedzone/${record.id}`,
  Name: record.name,
  CallerReference: record.callerReference,
  Config: { ...(record.comment && { Comment: record.comment }), PrivateZone: record.isPrivate },
  ResourceRecordSetCount: setCount,
});

/** HostedZone of a zone in memory; computed record sets count. */
export const viewLiveZone = (route53: Route53, zone: LiveZone): HostedZone =>
  viewZone(zone.record, zone.contents.count + route53.records.computedSets(zone).length);

/** HostedZones of stored records; computed record sets count. */
export function viewZones(
  route53: Pick<Route53, 'records'>,
  scope: Scope,
  records: readonly HostedZoneRecord[],
): HostedZone[] {
  const countOf = route53.records.setCounter(scope);
  return records.map((record) => viewZone(record, countOf(record.id)));
}

/** VPC of an association. */
export const viewVpc = ({ id, region }: VpcPlace): VPC => ({ VPCId: id, VPCRegion: region as VPCRegion });

/** ResourceRecordSet of a stored or computed set. */
export function viewSet(set: RecordSet): ResourceRecordSet {
  return {
    Name: set.name,
    Type: set.type,
    ...(set.setIdentifier !== undefined && { SetIdentifier: set.setIdentifier }),
    ...viewRouting(set.routing),
    ...(set.ttl !== undefined && { TTL: set.ttl }),
    ...(set.values.length > 0 && { ResourceRecords: set.values.map((Value) => ({ Value })) }),
    ...(set.alias && {
      AliasTarget: {
        HostedZoneId: set.alias.zoneId,
        DNSName: set.alias.name,
        EvaluateTargetHealth: set.alias.evaluateTargetHealth,
      },
    }),
  };
}

function viewRouting(routing: RecordSet['routing']): Partial<ResourceRecordSet> {
  switch (routing?.kind) {
    case undefined:
      return {};
    case 'weighted':
      return { Weight: routing.weight };
    case 'latency':
      return { Region: routing.region as ResourceRecordSetRegion };
    case 'failover':
      return { Failover: routing.role };
    case 'multivalue':
      return { MultiValueAnswer: true };
    case 'geolocation':
      return {
        GeoLocation: {
          ...(routing.continent && { ContinentCode: routing.continent }),
          ...(routing.country && { CountryCode: routing.country }),
          ...(routing.subdivision && { SubdivisionCode: routing.subdivision }),
        },
      };
  }
}

/** A computed record set in the form of a stored one. */
export const setOfComputed = ({ name, type, ttlSeconds, value }: ComputedRecordSet): RecordSet => ({
  name: nameOfDns(name),
  type,
  ttl: ttlSeconds,
  values: [value],
});
