// GetHostedZone, GetHostedZoneCount, UpdateHostedZoneComment, DeleteHostedZone and GetChange.

import { hostedZoneNotEmpty } from '../faults.ts';
import { zoneNamed } from '../lookup.ts';
import type { Operation } from '../sdk.ts';
import { viewChange, viewLiveZone, viewVpc } from '../view.ts';

/** Throws NoSuchHostedZone. */
export const GetHostedZone: Operation<'GetHostedZone'> = (route53, { Id }, context) => {
  const zone = zoneNamed(route53, context, Id);
  const { isPrivate, vpcs, nameServers } = zone.record;
  return {
    HostedZone: viewLiveZone(route53, zone),
    ...(isPrivate ? { VPCs: vpcs.map(viewVpc) } : { DelegationSet: { NameServers: [...nameServers] } }),
  };
};

/** The number of the account's zones. */
export const GetHostedZoneCount: Operation<'GetHostedZoneCount'> = (route53, _input, context) => ({
  HostedZoneCount: route53.records.zones.count(context),
});

/** An empty comment removes it. Throws NoSuchHostedZone. */
export const UpdateHostedZoneComment: Operation<'UpdateHostedZoneComment'> = (
  route53,
  { Id, Comment },
  context,
) => {
  return route53.store.transaction(() => {
    const zone = zoneNamed(route53, context, Id);
    const { comment: _before, ...record } = zone.record;
    const changed = { ...record, ...(Comment && { comment: Comment }) };
    route53.records.saveZone(context, changed);
    return { HostedZone: viewLiveZone(route53, { ...zone, record: changed }) };
  });
};

/** AWS: a zone with only its NS and SOA record sets can be deleted. */
const APEX_SETS = 2;

/** Throws NoSuchHostedZone, HostedZoneNotEmpty. */
export const DeleteHostedZone: Operation<'DeleteHostedZone'> = (route53, { Id }, context) =>
  route53.store.transaction(() => {
    const zone = zoneNamed(route53, context, Id);
    if (zone.contents.count > APEX_SETS) throw hostedZoneNotEmpty();
    route53.records.deleteZone(context, zone);
    return { ChangeInfo: viewChange(route53.records.addChange(context)) };
  });

/** Every change is INSYNC. Throws NoSuchChange. */
export const GetChange: Operation<'GetChange'> = (route53, { Id }, context) => {
  const id = Id.slice(Id.lastIndexOf('/') + 1);
  return { ChangeInfo: viewChange(route53.records.changes.existing(context, id)) };
};
