// AssociateVPCWithHostedZone and DisassociateVPCFromHostedZone. Associations are recorded and have no effect: the DNS
// server answers all clients with all zones.

import type { RequestContext } from '../../../wire/service.ts';
import type { Route53 } from '../context.ts';
import { lastVpc, publicZoneAssociation, vpcNotAssociated } from '../faults.ts';
import type { LiveZone } from '../live-zones.ts';
import { zoneNamed } from '../lookup.ts';
import type { VpcPlace } from '../model.ts';
import type { Operation } from '../sdk.ts';
import { viewChange } from '../view.ts';
import { checkNoOther, existingVpc, isSameVpc } from '../vpcs.ts';

/** Throws NoSuchHostedZone, PublicZoneVPCAssociation, InvalidVPCId, ConflictingDomainExists. */
export const AssociateVPCWithHostedZone: Operation<'AssociateVPCWithHostedZone'> = async (
  route53,
  input,
  context,
) => {
  privateZone(route53, context, input.HostedZoneId);
  const vpc = await existingVpc(route53.ec2, context, input.VPC);
  return route53.store.transaction(() => {
    const { record } = privateZone(route53, context, input.HostedZoneId);
    checkNoOther(route53, record.name, vpc);
    route53.records.saveZone(context, { ...record, vpcs: [...record.vpcs, vpc] });
    return { ChangeInfo: viewChange(route53.records.addChange(context, input.Comment)) };
  });
};

/** Throws NoSuchHostedZone, VPCAssociationNotFound, LastVPCAssociation. */
export const DisassociateVPCFromHostedZone: Operation<'DisassociateVPCFromHostedZone'> = (
  route53,
  input,
  context,
) =>
  route53.store.transaction(() => {
    const { record } = zoneNamed(route53, context, input.HostedZoneId);
    const vpc: VpcPlace = { id: input.VPC.VPCId ?? '', region: input.VPC.VPCRegion ?? '' };
    const vpcs = record.vpcs.filter((one) => !isSameVpc(one, vpc));
    if (vpcs.length === record.vpcs.length) throw vpcNotAssociated(vpc.id, record.id);
    if (vpcs.length === 0) throw lastVpc(vpc.id, record.id);
    route53.records.saveZone(context, { ...record, vpcs });
    return { ChangeInfo: viewChange(route53.records.addChange(context, input.Comment)) };
  });

function privateZone(route53: Route53, context: RequestContext, id: string): LiveZone {
  const zone = zoneNamed(route53, context, id);
  if (!zone.record.isPrivate) throw publicZoneAssociation();
  return zone;
}
