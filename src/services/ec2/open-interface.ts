// Opens the network interfaces that services ask for, in subnets and security groups of EC2's API.

import type { Interfaces } from '../../network/network.ts';
import type { Client } from '../../wire/client.ts';
import type { OpenInterface } from '../manifest.ts';
import { groupChecker, subnetFinder } from './interface-subnets.ts';

/** `client` returns the client of EC2; called at the first interface. */
export function interfaceOpener(interfaces: Interfaces, client: () => Client<unknown>): OpenInterface {
  return async (scope, { subnetId, securityGroupIds, ...more }) => {
    const subnet = subnetId === undefined ? undefined : await subnetFinder(client())(scope, subnetId);
    if (subnet) await groupChecker(client())(scope, securityGroupIds, subnet.vpcId);
    return interfaces.open({ ...more, subnet, securityGroupIds, isOperator: false });
  };
}
