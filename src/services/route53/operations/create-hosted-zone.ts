// CreateHostedZone: a zone with its two apex record sets; private when a VPC is named.

import { randomHex } from '../../../kernel/ids.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import type { Directory } from '../directory.ts';
import { apexSets, nameServersOf } from '../domain/apex-records.ts';
import type { ReservedNames } from '../domain/reserved-names.ts';
import {
  hostedZoneAlreadyExists,
  invalidInput,
  noSuchDelegationSet,
  reservedDomainName,
  tooManyHostedZones,
} from '../faults.ts';
import { domainNamed } from '../lookup.ts';
import { type HostedZoneRecord, MOST_ZONES } from '../records.ts';
import type { Route53 } from '../service.ts';
import { viewChange, viewVpc, viewZone } from '../view.ts';
import { checkNoOther, type Ec2, existingVpc } from '../vpcs.ts';

export const createHostedZone =
  (directory: Directory, ec2: Ec2, reserved: ReservedNames): HandlerOf<Route53, 'CreateHostedZone'> =>
  async (input, context) => {
    const { CallerReference: callerReference, HostedZoneConfig, DelegationSetId } = input;
    const name = domainNamed(input.Name);
    const keeper = reserved.keeperOf(name, input.VPC !== undefined);
    if (keeper) throw reservedDomainName(name.slice(0, -1), keeper);
    if (HostedZoneConfig?.PrivateZone === true && !input.VPC)
      throw invalidInput('Invalid request: A private hosted zone needs a VPC');
    if (DelegationSetId) throw noSuchDelegationSet(DelegationSetId);
    const vpc = input.VPC && (await existingVpc(ec2, context, input.VPC));
    const { record, change } = directory.transaction(() => {
      const zones = directory.zonesOf(context);
      if (zones.some((zone) => zone.record.callerReference === callerReference))
        throw hostedZoneAlreadyExists();
      if (zones.length >= MOST_ZONES) throw tooManyHostedZones(MOST_ZONES);
      if (vpc) checkNoOther(directory, name, vpc);
      const id = `Z${randomHex(20).toUpperCase()}`;
      const record: HostedZoneRecord = {
        id,
        name,
        callerReference,
        ...(HostedZoneConfig?.Comment && { comment: HostedZoneConfig.Comment }),
        isPrivate: vpc !== undefined,
        vpcs: vpc ? [vpc] : [],
        tags: {},
        createdAt: directory.now(),
        nameServers: nameServersOf(vpc !== undefined, Number.parseInt(id.slice(-6), 16)),
      };
      directory.saveZone(context, record);
      directory.changeSets(context, id, { put: apexSets(name, record.nameServers), deleted: [] });
      return { record, change: directory.addChange(context) };
    });
    return {
      HostedZone: viewZone(record, 2),
      ChangeInfo: viewChange(change),
      DelegationSet: vpc ? undefined : { NameServers: record.nameServers },
      VPC: vpc && viewVpc(vpc),
      Location: `https://route53.amazonaws.com/2013-04-01/hostedzone/${record.id}`,
    };
  };
