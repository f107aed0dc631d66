// Records as Route 53 shows them. Never decides anything.

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

export const viewChange = ({ id, comment, submittedAt }: ChangeRecord): ChangeInfo => ({
  Id: `/change/${id}`,
  // A change is answered by the DNS server as soon as it is committed.
  Status: 'INSYNC',
  SubmittedAt: new Date(submittedAt),
  ...(comment && { Comment: comment }),
});

export const viewZone = (record: Readonly<HostedZoneRecord>, setCount: number): HostedZone => ({
  Id: `/hostedzone/${record.id}`,
  Name: record.name,
  CallerReference: record.callerReference,
  Config: { ...(record.comment && { Comment: record.comment }), PrivateZone: record.isPrivate },
  ResourceRecordSetCount: setCount,
});

export const viewLiveZone = (route53: Route53, zone: LiveZone): HostedZone =>
  viewZone(zone.record, zone.contents.count + route53.records.computedSets(zone).length);

/** As their records say. */
export function viewZones(
  route53: Pick<Route53, 'records'>,
  scope: Scope,
  records: readonly HostedZoneRecord[],
): HostedZone[] {
  const countOf = route53.records.setCounter(scope);
  return records.map((record) => viewZone(record, countOf(record.id)));
}

export const viewVpc = ({ id, region }: VpcPlace): VPC => ({ VPCId: id, VPCRegion: region as VPCRegion });

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

export const setOfComputed = ({ name, type, ttlSeconds, value }: ComputedRecordSet): RecordSet => ({
  name: nameOfDns(name),
  type,
  ttl: ttlSeconds,
  values: [value],
});
