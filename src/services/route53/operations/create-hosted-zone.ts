// CreateHostedZone makes a zone with its NS and SOA record sets. The zone is private if the request names a VPC.

import { randomHex } from '../../../kernel/ids.ts';
import { apexSets, nameServersOf } from '../domain/apex-records.ts';
import { hostedZoneAlreadyExists, invalidInput, noSuchDelegationSet, reservedDomainName } from '../faults.ts';
import { domainNamed } from '../lookup.ts';
import type { HostedZoneRecord } from '../model.ts';
import type { Operation } from '../sdk.ts';
import { viewChange, viewVpc, viewZone } from '../view.ts';
import { checkNoOther, existingVpc } from '../vpcs.ts';

/**
 * Throws InvalidDomainName, InvalidInput, InvalidVPCId, HostedZoneAlreadyExists, ConflictingDomainExists,
 * TooManyHostedZones, NoSuchDelegationSet.
 */
export const CreateHostedZone: Operation<'CreateHostedZone'> = async (route53, input, context) => {
  const { CallerReference: callerReference, HostedZoneConfig, DelegationSetId } = input;
  const name = domainNamed(input.Name);
  const owner = route53.reserved.ownerOf(name, input.VPC !== undefined);
  if (owner) throw reservedDomainName(name.slice(0, -1), owner);
  if (HostedZoneConfig?.PrivateZone === true && !input.VPC)
    throw invalidInput('Invalid request: A private hosted zone needs a VPC');
  if (DelegationSetId) throw noSuchDelegationSet(DelegationSetId);
  const vpc = input.VPC && (await existingVpc(route53.ec2, context, input.VPC));
  const { record, change } = route53.store.transaction(() => {
    if (route53.records.zones.countBy(context, 'callerReference', callerReference) > 0)
      throw hostedZoneAlreadyExists();
    if (vpc) checkNoOther(route53, name, vpc);
    const id = `Z${randomHex(20).toUpperCase()}`;
    const record: HostedZoneRecord = {
      id,
      name,
      callerReference,
      ...(HostedZoneConfig?.Comment && { comment: HostedZoneConfig.Comment }),
      isPrivate: vpc !== undefined,
      vpcs: vpc ? [vpc] : [],
      tags: {},
      createdAt: route53.clock.now(),
      nameServers: nameServersOf(vpc !== undefined, Number.parseInt(id.slice(-6), 16)),
    };
    route53.records.addZone(context, record);
    route53.records.changeSets(context, id, { put: apexSets(name, record.nameServers), deleted: [] });
    return { record, change: route53.records.addChange(context) };
  });
  return {
    HostedZone: viewZone(record, 2),
    ChangeInfo: viewChange(change),
    DelegationSet: vpc ? undefined : { NameServers: record.nameServers },
    VPC: vpc && viewVpc(vpc),
    Location: `https://route53.amazonaws.com/2013-04-01/hostedzone/${record.id}`,
  };
};
