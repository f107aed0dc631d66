// GetHostedZone, GetHostedZoneCount, UpdateHostedZoneComment, DeleteHostedZone, GetChange.

import { hostedZoneNotEmpty } from '../faults.ts';
import { zoneNamed } from '../lookup.ts';
import type { Operation } from '../sdk.ts';
import { viewChange, viewLiveZone, viewVpc, viewZone } from '../view.ts';

export const GetHostedZone: Operation<'GetHostedZone'> = (route53, { Id }, context) => {
  const zone = zoneNamed(route53, context, Id);
  const { isPrivate, vpcs, nameServers } = zone.record;
  return {
    HostedZone: viewLiveZone(route53, zone),
    ...(isPrivate ? { VPCs: vpcs.map(viewVpc) } : { DelegationSet: { NameServers: [...nameServers] } }),
  };
};

export const GetHostedZoneCount: Operation<'GetHostedZoneCount'> = (route53, _input, context) => ({
  HostedZoneCount: route53.records.zones.count(context),
});

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
    return { HostedZone: viewZone(changed, zone.contents.count + route53.records.computedSets(zone).length) };
  });
};

/** AWS: NS and SOA of the zone itself go with it. */
const APEX_SETS = 2;

export const DeleteHostedZone: Operation<'DeleteHostedZone'> = (route53, { Id }, context) =>
  route53.store.transaction(() => {
    const zone = zoneNamed(route53, context, Id);
    if (zone.contents.count > APEX_SETS) throw hostedZoneNotEmpty();
    route53.records.deleteZone(context, zone);
    return { ChangeInfo: viewChange(route53.records.addChange(context)) };
  });

export const GetChange: Operation<'GetChange'> = (route53, { Id }, context) => {
  const id = Id.slice(Id.lastIndexOf('/') + 1);
  return { ChangeInfo: viewChange(route53.records.changes.existing(context, id)) };
};
