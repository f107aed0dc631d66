// Internet gateways: create, attach to a VPC, detach, delete.

import type { HandlerOf } from '../../../wire/service.ts';
import type { Inventory } from '../inventory.ts';
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
import type { Ec2 } from '../service.ts';
import { tagAtCreation } from '../tag-at-creation.ts';
import { viewInternetGateway } from './describe-internet-gateways.ts';

export function createInternetGateway(inventory: Inventory): HandlerOf<Ec2, 'CreateInternetGateway'> {
  return (input, context) =>
    inventory.transaction(() => {
      if (inventory.internetGateways.count(context) >= LIMITS.internetGateways) {
        throw limitExceeded('InternetGatewayLimitExceeded', 'internet gateways');
      }
      const gateway = { internetGatewayId: newId(INTERNET_GATEWAY), attachedTo: [] };
      inventory.internetGateways.put(context, gateway);
      const id = gateway.internetGatewayId;
      const tags = tagAtCreation(inventory, context, INTERNET_GATEWAY, id, input.TagSpecifications);
      return { InternetGateway: viewInternetGateway(gateway, context, tags) };
    });
}

export function attachInternetGateway(inventory: Inventory): HandlerOf<Ec2, 'AttachInternetGateway'> {
  return (input, context) => {
    inventory.transaction(() => {
      const gateway = inventory.internetGateways.existing(context, input.InternetGatewayId);
      const { vpcId } = inventory.vpcs.existing(context, input.VpcId);
      const [attached] = gateway.attachedTo;
      if (attached) throw gatewayAttached(gateway.internetGatewayId, attached);
      if (inventory.internetGateways.countBy(context, 'vpc', vpcId) > 0) throw vpcHasGateway(vpcId);
      inventory.internetGateways.put(context, { ...gateway, attachedTo: [vpcId] });
    });
    return {};
  };
}

export function detachInternetGateway(inventory: Inventory): HandlerOf<Ec2, 'DetachInternetGateway'> {
  return (input, context) => {
    inventory.transaction(() => {
      const gateway = inventory.internetGateways.existing(context, input.InternetGatewayId);
      const { vpcId } = inventory.vpcs.existing(context, input.VpcId);
      if (!gateway.attachedTo.includes(vpcId)) throw gatewayNotAttached(gateway.internetGatewayId, vpcId);
      const isMapped = interfacesBy(inventory, context, 'vpc', vpcId).some((one) => one.publicIp);
      if (isMapped) throw mappedPublicAddresses(vpcId);
      inventory.internetGateways.put(context, { ...gateway, attachedTo: [] });
    });
    return {};
  };
}

export function deleteInternetGateway(inventory: Inventory): HandlerOf<Ec2, 'DeleteInternetGateway'> {
  return (input, context) => {
    inventory.transaction(() => {
      const gateway = inventory.internetGateways.existing(context, input.InternetGatewayId);
      const id = gateway.internetGatewayId;
      if (gateway.attachedTo.length > 0) throw hasDependencies('internetGateway', id);
      inventory.internetGateways.remove(context, id);
    });
    return {};
  };
}
