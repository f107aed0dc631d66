// The network interfaces of balancers, for EC2: one in each subnet.

import type { Scope } from '../../aws/scope.ts';
import type { ServiceInterface } from '../../aws/service-interface.ts';
import type { Records } from './records.ts';

/** AWS: the requester is `amazon-elb`, and the description names the balancer. */
export const interfacesOf = (records: Pick<Records, 'balancers'>, scope: Scope): ServiceInterface[] =>
  records.balancers.list(scope).flatMap(({ id, places, securityGroupIds, createdAt }) =>
    places.map(({ subnetId, address }) => ({
      ...{ key: `elb ${id} ${subnetId}`, subnetId, privateIp: address },
      groupIds: securityGroupIds,
      description: `ELB ${id}`,
      requesterId: 'amazon-elb',
      type: 'interface' as const,
      createdAt,
    })),
  );
