// The resource types AWS::EC2::InternetGateway, VPCGatewayAttachment, NatGateway and EIP.

import type { Scope } from '../../../aws/scope.ts';
import { createOnce, finishing, unless } from '../../../control/resource-attempts.ts';
import { requiredText, textOf } from '../../../control/resource-properties.ts';
import type { Properties, ResourceState, ResourceType } from '../../../control/resource-type.ts';
import { identified } from './routing.ts';
import { type Ec2Client, NOT_FOUND, retag, tagSpecifications, withToken } from './tokens-and-tags.ts';

/** Its physical id is the gateway's id. */
export const internetGatewayType = (ec2: Ec2Client): ResourceType => ({
  name: 'AWS::EC2::InternetGateway',
  async create(request) {
    const input = withToken(request, tagSpecifications(request, 'internet-gateway'));
    const { InternetGateway } = await ec2.call('CreateInternetGateway', input, request.scope);
    return identified(InternetGateway!.InternetGatewayId!, 'InternetGatewayId');
  },
  async update(request) {
    await retag(ec2, request, request.physicalId);
    return identified(request.physicalId, 'InternetGatewayId');
  },
  async delete({ physicalId, scope }) {
    await unless(NOT_FOUND, ec2.call('DeleteInternetGateway', { InternetGatewayId: physicalId }, scope));
  },
});

/** Its physical id is `IGW|` and the VPC's id. */
export const gatewayAttachmentType = (ec2: Ec2Client): ResourceType => ({
  name: 'AWS::EC2::VPCGatewayAttachment',
  async create({ properties, scope, isRetry }) {
    const attached = ec2.call('AttachInternetGateway', attachmentOf(properties), scope);
    await createOnce({ isRetry }, ATTACHED, attached);
    return attachmentState(properties);
  },
  async update({ properties, before, scope }) {
    await unless(DETACHED, ec2.call('DetachInternetGateway', attachmentOf(before), scope));
    await unless(ATTACHED, ec2.call('AttachInternetGateway', attachmentOf(properties), scope));
    return attachmentState(properties);
  },
  async delete({ properties, scope }) {
    await unless(DETACHED, ec2.call('DetachInternetGateway', attachmentOf(properties), scope));
  },
});

const ATTACHED = /^Resource\.AlreadyAssociated$/;
const DETACHED = /NotFound$|^Gateway\.NotAttached$/;

function attachmentOf(properties: Properties): { VpcId: string; InternetGatewayId: string } {
  if (textOf(properties, 'VpnGatewayId')) throw new Error('Millpond does not support VPN gateways.');
  return {
    VpcId: requiredText(properties, 'VpcId'),
    InternetGatewayId: requiredText(properties, 'InternetGatewayId'),
  };
}

const attachmentState = (properties: Properties): ResourceState => ({
  physicalId: `IGW|${requiredText(properties, 'VpcId')}`,
  attributes: { AttachmentType: 'IGW' },
});

/** Its physical id is the gateway's id. */
export const natGatewayType = (ec2: Ec2Client): ResourceType => ({
  name: 'AWS::EC2::NatGateway',
  async create(request) {
    const { properties, scope } = request;
    const { NatGateway } = await ec2.call(
      'CreateNatGateway',
      withToken(request, {
        SubnetId: requiredText(properties, 'SubnetId'),
        AllocationId: textOf(properties, 'AllocationId'),
        ConnectivityType: textOf(properties, 'ConnectivityType') as 'public' | undefined,
        AvailabilityMode: textOf(properties, 'AvailabilityMode') as 'zonal' | undefined,
        PrivateIpAddress: textOf(properties, 'PrivateIpAddress'),
        ...tagSpecifications(request, 'natgateway'),
      }),
      scope,
    );
    return natGatewayState(ec2, scope, NatGateway!.NatGatewayId!);
  },
  async update(request) {
    await retag(ec2, request, request.physicalId);
    return natGatewayState(ec2, request.scope, request.physicalId);
  },
  async delete({ physicalId, scope }) {
    await unless(NOT_FOUND, ec2.call('DeleteNatGateway', { NatGatewayId: physicalId }, scope));
  },
});

async function natGatewayState(ec2: Ec2Client, scope: Scope, id: string): Promise<ResourceState> {
  const { NatGateways } = await ec2.call('DescribeNatGateways', { NatGatewayIds: [id] }, scope);
  const EniId = NatGateways?.[0]?.NatGatewayAddresses?.[0]?.NetworkInterfaceId ?? '';
  return { physicalId: id, attributes: { NatGatewayId: id, EniId } };
}

/** Its physical id is the public address. */
export const elasticIpType = (ec2: Ec2Client): ResourceType => ({
  name: 'AWS::EC2::EIP',
  async create(request) {
    const { properties, scope } = request;
    const input = withToken(request, { Domain: 'vpc' as const, ...tagSpecifications(request, 'elastic-ip') });
    const { AllocationId, PublicIp } = await ec2.call('AllocateAddress', input, scope);
    return finishing(PublicIp!, async () => {
      await associate(ec2, scope, AllocationId!, properties);
      return { physicalId: PublicIp!, attributes: { AllocationId: AllocationId!, PublicIp: PublicIp! } };
    });
  },
  async update(request) {
    const { physicalId, properties, scope } = request;
    const address = await addressOf(ec2, scope, physicalId);
    if (!address) throw new Error(`Address '${physicalId}' not found.`);
    if (address.AssociationId && address.InstanceId !== textOf(properties, 'InstanceId')) {
      await ec2.call('DisassociateAddress', { AssociationId: address.AssociationId }, scope);
    }
    await associate(ec2, scope, address.AllocationId!, properties);
    await retag(ec2, request, address.AllocationId!);
    return { physicalId, attributes: { AllocationId: address.AllocationId!, PublicIp: physicalId } };
  },
  async delete({ physicalId, scope }) {
    const address = await addressOf(ec2, scope, physicalId);
    if (!address) return;
    const { AssociationId, AllocationId, InstanceId } = address;
    if (AssociationId && InstanceId) {
      await unless(NOT_FOUND, ec2.call('DisassociateAddress', { AssociationId }, scope));
    }
    await unless(NOT_FOUND, ec2.call('ReleaseAddress', { AllocationId }, scope));
  },
});

async function associate(
  ec2: Ec2Client,
  scope: Scope,
  AllocationId: string,
  properties: Properties,
): Promise<void> {
  const InstanceId = textOf(properties, 'InstanceId');
  if (InstanceId) await ec2.call('AssociateAddress', { AllocationId, InstanceId }, scope);
}

async function addressOf(ec2: Ec2Client, scope: Scope, publicIp: string) {
  const Filters = [{ Name: 'public-ip', Values: [publicIp] }];
  const { Addresses } = await ec2.call('DescribeAddresses', { Filters }, scope);
  return Addresses?.[0];
}
