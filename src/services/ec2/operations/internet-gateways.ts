// Internet gateways: create, attach to a VPC, detach, delete.

import { LIMITS } from '../limits.ts';
import {
  gatewayAttached,
  gatewayNotAttached,
  hasDependencies,
  limitExceeded,
  mappedPublicAddresses,
  vpcHasGateway,
} from '../network-faults.ts';
import { interfacesBy } from '../network-interfaces.ts';
import { INTERNET_GATEWAY, newId } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';
import { tagAtCreation } from '../tag-at-creation.ts';
import { viewInternetGateway } from './describe-internet-gateways.ts';

/** Throws InternetGatewayLimitExceeded. */
export const CreateInternetGateway: Operation<'CreateInternetGateway'> = (ec2, input, context) =>
  ec2.store.transaction(() => {
    if (ec2.records.internetGateways.count(context) >= LIMITS.internetGateways) {
      throw limitExceeded('InternetGatewayLimitExceeded', 'internet gateways');
    }
    const gateway = { internetGatewayId: newId(INTERNET_GATEWAY), attachedTo: [] };
    ec2.records.internetGateways.put(context, gateway);
    const id = gateway.internetGatewayId;
    const tags = tagAtCreation(ec2, context, INTERNET_GATEWAY, id, input.TagSpecifications);
    return { InternetGateway: viewInternetGateway(gateway, context, tags) };
  });

/** AWS: a gateway has one VPC, and a VPC one gateway. */
export const AttachInternetGateway: Operation<'AttachInternetGateway'> = (ec2, input, context) => {
  ec2.store.transaction(() => {
    const gateway = ec2.records.internetGateways.existing(context, input.InternetGatewayId);
    const { vpcId } = ec2.records.vpcs.existing(context, input.VpcId);
    const [attached] = gateway.attachedTo;
    if (attached) throw gatewayAttached(gateway.internetGatewayId, attached);
    if (ec2.records.internetGateways.countBy(context, 'vpc', vpcId) > 0) throw vpcHasGateway(vpcId);
    ec2.records.internetGateways.put(context, { ...gateway, attachedTo: [vpcId] });
  });
  return {};
};

/** Throws DependencyViolation while the VPC has public addresses. */
export const DetachInternetGateway: Operation<'DetachInternetGateway'> = (ec2, input, context) => {
  ec2.store.transaction(() => {
    const gateway = ec2.records.internetGateways.existing(context, input.InternetGatewayId);
    const { vpcId } = ec2.records.vpcs.existing(context, input.VpcId);
    if (!gateway.attachedTo.includes(vpcId)) throw gatewayNotAttached(gateway.internetGatewayId, vpcId);
    const isMapped = interfacesBy(ec2.records, context, 'vpc', vpcId).some((one) => one.publicIp);
    if (isMapped) throw mappedPublicAddresses(vpcId);
    ec2.records.internetGateways.put(context, { ...gateway, attachedTo: [] });
  });
  return {};
};

/** Throws DependencyViolation while the gateway is attached. */
export const DeleteInternetGateway: Operation<'DeleteInternetGateway'> = (ec2, input, context) => {
  ec2.store.transaction(() => {
    const gateway = ec2.records.internetGateways.existing(context, input.InternetGatewayId);
    const id = gateway.internetGatewayId;
    if (gateway.attachedTo.length > 0) throw hasDependencies('internetGateway', id);
    ec2.records.internetGateways.remove(context, id);
  });
  return {};
};
