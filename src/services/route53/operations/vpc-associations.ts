// AssociateVPCWithHostedZone, DisassociateVPCFromHostedZone: where a private zone is seen. Recorded and returned: on
// this machine every zone answers everyone.

import type { HandlerOf, RequestContext } from '../../../wire/service.ts';
import type { Directory } from '../directory.ts';
import { lastVpc, publicZoneAssociation, vpcNotAssociated } from '../faults.ts';
import type { LiveZone } from '../live-zones.ts';
import { zoneNamed } from '../lookup.ts';
import type { VpcPlace } from '../records.ts';
import type { Route53 } from '../service.ts';
import { viewChange } from '../view.ts';
import { checkNoOther, type Ec2, existingVpc, isSameVpc } from '../vpcs.ts';

export const associateVpc =
  (directory: Directory, ec2: Ec2): HandlerOf<Route53, 'AssociateVPCWithHostedZone'> =>
  async (input, context) => {
    privateZone(directory, context, input.HostedZoneId);
    const vpc = await existingVpc(ec2, context, input.VPC);
    return directory.transaction(() => {
      const { record } = privateZone(directory, context, input.HostedZoneId);
      checkNoOther(directory, record.name, vpc);
      directory.saveZone(context, { ...record, vpcs: [...record.vpcs, vpc] });
      return { ChangeInfo: viewChange(directory.addChange(context, input.Comment)) };
    });
  };

export const disassociateVpc =
  (directory: Directory): HandlerOf<Route53, 'DisassociateVPCFromHostedZone'> =>
  (input, context) =>
    directory.transaction(() => {
      const { record } = zoneNamed(directory, context, input.HostedZoneId);
      const vpc: VpcPlace = { id: input.VPC.VPCId ?? '', region: input.VPC.VPCRegion ?? '' };
      const vpcs = record.vpcs.filter((one) => !isSameVpc(one, vpc));
      if (vpcs.length === record.vpcs.length) throw vpcNotAssociated(vpc.id, record.id);
      if (vpcs.length === 0) throw lastVpc(vpc.id, record.id);
      directory.saveZone(context, { ...record, vpcs });
      return { ChangeInfo: viewChange(directory.addChange(context, input.Comment)) };
    });

function privateZone(directory: Directory, context: RequestContext, id: string): LiveZone {
  const zone = zoneNamed(directory, context, id);
  if (!zone.record.isPrivate) throw publicZoneAssociation();
  return zone;
}
