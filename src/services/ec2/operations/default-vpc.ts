// CreateDefaultVpc and CreateDefaultSubnet: recreate parts of the default network after they were deleted.

import { zonesOf } from '../../../aws/regions.ts';
import { Fault } from '../../../wire/fault.ts';
import { overlap, parseCidr, renderCidr, sizeOf } from '../cidr.ts';
import { defaultNetworkOf } from '../default-network.ts';
import { defaultVpcOf } from '../default-vpc.ts';
import { missingParameter } from '../faults.ts';
import { putNetwork } from '../inventory.ts';
import type { SubnetRecord, VpcRecord } from '../model.ts';
import { defaultAclOf } from '../network-acls.ts';
import { unsupported, zoneForSubnet } from '../network-faults.ts';
import { newId, SUBNET } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';
import { viewSubnet } from './describe-subnets.ts';
import { viewVpc } from './describe-vpcs.ts';
import { regionsDhcpOptions } from './dhcp-options.ts';
import { joinDefaultAcl } from './network-acl-associations.ts';

/** Throws DefaultVpcAlreadyExists. */
export const CreateDefaultVpc: Operation<'CreateDefaultVpc'> = (ec2, _input, context) =>
  ec2.store.transaction(() => {
    if (defaultVpcOf(ec2, context)) throw vpcExists();
    const made = defaultNetworkOf(context, String(ec2.clock.now()));
    const vpc = { ...made.vpc, dhcpOptionsId: regionsDhcpOptions(ec2, context) };
    putNetwork(ec2.records, context, { ...made, vpc });
    ec2.records.networkAcls.put(context, defaultAclOf(vpc.vpcId, made.subnets));
    return { Vpc: { ...viewVpc(vpc, context, {}), State: 'pending' } };
  });

/** The size of the original default subnets. */
const PREFIX = 20;

/** Throws DefaultSubnetAlreadyExistsInAvailabilityZone, DefaultVpcDoesNotExist or InsufficientFreeAddressesInVpc. */
export const CreateDefaultSubnet: Operation<'CreateDefaultSubnet'> = (ec2, input, context) => {
  if (input.Ipv6Native) throw unsupported('IPv6 blocks');
  const zone = input.AvailabilityZone;
  if (!zone) throw missingParameter('availabilityZone');
  const zones = zonesOf(context.region);
  if (!zones.includes(zone)) throw zoneForSubnet(zone, zones, 'availabilityZone');
  return ec2.store.transaction(() => {
    const vpc = defaultVpcOf(ec2, context);
    if (!vpc) throw noVpc();
    const siblings = ec2.records.subnets.by(context, 'vpc', vpc.vpcId);
    if (siblings.some((one) => one.zone === zone && one.defaultForZone)) throw subnetExists(zone);
    const subnet: SubnetRecord = {
      subnetId: newId(SUBNET),
      vpcId: vpc.vpcId,
      cidrBlock: freeBlockIn(vpc, siblings),
      zone,
      defaultForZone: true,
      mapPublicIpOnLaunch: true,
    };
    ec2.records.subnets.put(context, subnet);
    joinDefaultAcl(ec2, context, subnet);
    return { Subnet: viewSubnet(subnet, context, 0, {}) };
  });
};

function freeBlockIn(vpc: VpcRecord, subnets: readonly SubnetRecord[]): string {
  const whole = parseCidr(vpc.cidrBlock)!;
  const taken = subnets.map((subnet) => parseCidr(subnet.cidrBlock)!);
  const size = 2 ** (32 - PREFIX);
  for (let first = whole.first; first < whole.first + sizeOf(whole); first += size) {
    const block = { first, prefix: PREFIX };
    if (!taken.some((one) => overlap(one, block))) return renderCidr(block);
  }
  throw noRoom(vpc.vpcId);
}

// AWS: the codes and the first text are known from how Terraform's provider and other clients handle them.

const vpcExists = (): Fault =>
  new Fault('DefaultVpcAlreadyExists', 'A Default VPC already exists for this account in this region.');

const noVpc = (): Fault =>
  new Fault('DefaultVpcDoesNotExist', 'No default VPC exists for this account in this region.');

const subnetExists = (zone: string): Fault =>
  new Fault(
    'DefaultSubnetAlreadyExistsInAvailabilityZone',
    `A default subnet already exists in the Availability Zone ${zone}.`,
  );

const noRoom = (vpcId: string): Fault =>
  new Fault(
    'InsufficientFreeAddressesInVpc',
    `There are not enough free addresses in VPC '${vpcId}' for a default subnet.`,
  );
