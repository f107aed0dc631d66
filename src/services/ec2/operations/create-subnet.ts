// CreateSubnet: part of a VPC's block, in one zone.

import { regionOf, zonesOf } from '../../../aws/regions.ts';
import { contains, overlap, parseCidr, renderCidr } from '../cidr.ts';
import { missingParameter } from '../faults.ts';
import { LIMITS } from '../limits.ts';
import type { SubnetRecord } from '../model.ts';
import {
  limitExceeded,
  malformedCidr,
  subnetConflict,
  subnetRange,
  unsupported,
  zoneForSubnet,
} from '../network-faults.ts';
import { newId, SUBNET } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';
import { tagAtCreation } from '../tag-at-creation.ts';
import { cidrBlocksOf, isAllowedSize } from '../vpc-cidrs.ts';
import { viewSubnet } from './describe-subnets.ts';
import { joinDefaultAcl } from './network-acl-associations.ts';

/** Throws InvalidSubnet.Range or InvalidSubnet.Conflict for a block that does not fit. */
export const CreateSubnet: Operation<'CreateSubnet'> = (ec2, input, context) => {
  if (input.Ipv6CidrBlock || input.Ipv6Native) throw unsupported('IPv6 blocks');
  if (input.Ipv4IpamPoolId) throw unsupported('IPAM pools');
  if (input.OutpostArn) throw unsupported('Outposts');
  if (!input.CidrBlock) throw missingParameter('cidrBlock');
  const given = input.CidrBlock;
  const cidr = parseCidr(given);
  if (!cidr) throw malformedCidr(given);
  const zone = zoneOf(context.region, input.AvailabilityZone, input.AvailabilityZoneId);
  return ec2.store.transaction(() => {
    const vpc = ec2.records.vpcs.existing(context, input.VpcId);
    const isInVpc = cidrBlocksOf(vpc).some((block) => contains(parseCidr(block)!, cidr));
    if (!isAllowedSize(cidr) || !isInVpc) throw subnetRange(given);
    const siblings = ec2.records.subnets.by(context, 'vpc', vpc.vpcId);
    if (siblings.some((one) => overlap(parseCidr(one.cidrBlock)!, cidr))) throw subnetConflict(given);
    if (siblings.length >= LIMITS.subnetsPerVpc) throw limitExceeded('SubnetLimitExceeded', 'subnets');
    const subnet: SubnetRecord = {
      subnetId: newId(SUBNET),
      vpcId: vpc.vpcId,
      cidrBlock: renderCidr(cidr),
      // AWS: chooses a zone. Millpond takes the zone with the fewest subnets, so that they spread.
      zone: zone ?? leastUsed(zonesOf(context.region), siblings),
      defaultForZone: false,
      mapPublicIpOnLaunch: false,
    };
    ec2.records.subnets.put(context, subnet);
    joinDefaultAcl(ec2, context, subnet);
    const tags = tagAtCreation(ec2, context, SUBNET, subnet.subnetId, input.TagSpecifications);
    return { Subnet: viewSubnet(subnet, context, 0, tags) };
  });
};

function zoneOf(region: string, name: string | undefined, id: string | undefined): string | undefined {
  const zones = regionOf(region)?.zones ?? [];
  const names = zones.map((zone) => zone.name);
  if (name !== undefined) {
    if (!names.includes(name)) throw zoneForSubnet(name, names, 'availabilityZone');
    return name;
  }
  if (id === undefined) return undefined;
  const zone = zones.find((one) => one.id === id);
  if (!zone)
    throw zoneForSubnet(
      id,
      zones.map((one) => one.id),
      'availabilityZoneId',
    );
  return zone.name;
}

function leastUsed(zones: readonly string[], subnets: readonly SubnetRecord[]): string {
  const count = (zone: string) => subnets.filter((subnet) => subnet.zone === zone).length;
  return zones.reduce((best, zone) => (count(zone) < count(best) ? zone : best));
}
