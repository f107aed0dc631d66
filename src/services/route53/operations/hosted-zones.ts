// GetHostedZone, GetHostedZoneCount, UpdateHostedZoneComment, DeleteHostedZone, GetChange.

import type { HandlerOf } from '../../../wire/service.ts';
import type { Directory } from '../directory.ts';
import { hostedZoneNotEmpty, noSuchChange } from '../faults.ts';
import { zoneNamed } from '../lookup.ts';
import type { Route53 } from '../service.ts';
import { viewChange, viewLiveZone, viewVpc, viewZone } from '../view.ts';

export const getHostedZone =
  (directory: Directory): HandlerOf<Route53, 'GetHostedZone'> =>
  ({ Id }, context) => {
    const zone = zoneNamed(directory, context, Id);
    const { isPrivate, vpcs, nameServers } = zone.record;
    return {
      HostedZone: viewLiveZone(directory, zone),
      ...(isPrivate ? { VPCs: vpcs.map(viewVpc) } : { DelegationSet: { NameServers: [...nameServers] } }),
    };
  };

export const getHostedZoneCount =
  (directory: Directory): HandlerOf<Route53, 'GetHostedZoneCount'> =>
  (_input, context) => ({ HostedZoneCount: directory.zonesOf(context).length });

export const updateHostedZoneComment =
  (directory: Directory): HandlerOf<Route53, 'UpdateHostedZoneComment'> =>
  ({ Id, Comment }, context) => {
    return directory.transaction(() => {
      const zone = zoneNamed(directory, context, Id);
      const { comment: _before, ...record } = zone.record;
      const changed = { ...record, ...(Comment && { comment: Comment }) };
      directory.saveZone(context, changed);
      return { HostedZone: viewZone(changed, zone.contents.count + directory.computedSets(zone).length) };
    });
  };

/** AWS: NS and SOA of the zone itself go with it. */
const APEX_SETS = 2;

export const deleteHostedZone =
  (directory: Directory): HandlerOf<Route53, 'DeleteHostedZone'> =>
  ({ Id }, context) =>
    directory.transaction(() => {
      const zone = zoneNamed(directory, context, Id);
      if (zone.contents.count > APEX_SETS) throw hostedZoneNotEmpty();
      directory.deleteZone(context, zone);
      return { ChangeInfo: viewChange(directory.addChange(context)) };
    });

export const getChange =
  (directory: Directory): HandlerOf<Route53, 'GetChange'> =>
  ({ Id }, context) => {
    const id = Id.slice(Id.lastIndexOf('/') + 1);
    const change = directory.change(context, id);
    if (!change) throw noSuchChange(id);
    return { ChangeInfo: viewChange(change) };
  };
