// Where the nodes of a group are in the network: for the network itself, and for EC2, which shows their interfaces.
// Pure.

import type { ServiceInterface } from '../../../aws/service-interface.ts';
import type { NodePlace } from '../../../network/network.ts';
import { type Group, membersOf } from '../clusters/domain/model.ts';

/** The addresses of the nodes with their security groups. */
export const placesOf = (group: Group): NodePlace[] =>
  membersOf(group).map(({ address, subnetId }) => ({
    ...{ address, subnetId, securityGroupIds: group.securityGroupIds },
  }));

/** The network interfaces of the nodes. AWS: the texts are those of public outputs of DescribeNetworkInterfaces. */
export const interfacesOf = (group: Group): ServiceInterface[] =>
  membersOf(group).map(({ id, subnetId, address, createdAt }) => ({
    key: `elasticache ${id}`,
    ...{ subnetId, privateIp: address, createdAt },
    groupIds: group.securityGroupIds,
    description: `ElastiCache ${id}`,
    requesterId: 'amazon-elasticache',
    type: 'interface',
  }));
