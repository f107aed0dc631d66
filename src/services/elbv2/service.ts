// Elastic Load Balancing, version 2: application load balancers. The records are here; the servers that take requests run
// in a process of their own (src/load-balancer/).

import type { Scope } from '../../aws/scope.ts';
import type { ServiceInterface } from '../../aws/service-interface.ts';
import type { ZoneTable } from '../../dns/zone.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { LoadBalancers } from '../../load-balancer/load-balancers.ts';
import type { HeldAddresses } from '../../network/held-addresses.ts';
import type { Enforcement, Network } from '../../network/network.ts';
import type { Store } from '../../store/store.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { createBalancerNames } from './balancer-names.ts';
import { createBalancing } from './balancing.ts';
import { constraints } from './constraints.ts';
import type { Ec2Client, LambdaClient, LoadBalancing } from './context.ts';
import { createDeregistrations } from './deregistrations.ts';
import { healthChanges } from './health-changes.ts';
import { interfacesOf } from './interfaces.ts';
import { functionInvoker } from './invoking.ts';
import { type CloudWatchClient, createBalancerMetrics } from './metrics.ts';
import { operations } from './operations.ts';
import { openRecords } from './records.ts';
import type { Sdk } from './sdk.ts';

/** What `createLoadBalancing` needs. */
export interface LoadBalancingDependencies {
  store: Store;
  clock: Clock;
  log: Log;
  ec2: Ec2Client;
  lambda: LambdaClient;
  /** No metrics are sent without it. */
  cloudwatch?: CloudWatchClient | undefined;
  loadBalancers: LoadBalancers;
  network: Pick<Network, 'kind' | 'ensure' | 'withdraw'>;
  addresses: HeldAddresses;
  enforcement?: Pick<Enforcement, 'setNodes'> | undefined;
  zones: ZoneTable;
}

/** Elastic Load Balancing as the manifest runs it. */
export interface LoadBalancingService {
  readonly service: Service;
  /** Holds the addresses of the records and publishes the names. */
  hold(): Promise<void>;
  /** Sets all balancers up again, and ends the deregistrations whose time has come. */
  begin(): Promise<void>;
  /** The names of balancers, each with one of its addresses. */
  names(): Record<string, string>;
  /** Why listeners do not listen at their ports, and balancers not at all. */
  notices(): string[];
  serviceInterfaces(scope: Scope): Promise<ServiceInterface[]>;
  /** Ends the balancers, too. */
  stop(): Promise<void>;
}

/** Builds Elastic Load Balancing. Await `hold` before any address is given out. */
export function createLoadBalancing(dependencies: LoadBalancingDependencies): LoadBalancingService {
  const { store, clock, ec2, lambda, loadBalancers, network, addresses, enforcement, zones } = dependencies;
  const log = dependencies.log.child({ service: 'elbv2' });
  const records = openRecords(store);
  const names = createBalancerNames(zones);
  const balancing = createBalancing({
    ...{ records, store, log, loadBalancers, network, addresses, enforcement, names },
  });
  const deregistrations = createDeregistrations({ records, store, clock, log, balancing });
  const health: LoadBalancers['health'] = (targetGroupArn) => loadBalancers.health(targetGroupArn);
  const metrics = createBalancerMetrics({
    ...{ records, health, clock, log, cloudwatch: dependencies.cloudwatch },
  });
  const changes = healthChanges();
  loadBalancers.connect({
    invoke: functionInvoker(lambda, log),
    counted: metrics.counted,
    healthChanged: changes.changed,
  });
  const elb: LoadBalancing = {
    ...{ store, records, clock, log, ec2, lambda, addresses, names, balancing, deregistrations, metrics },
    networkKind: network.kind,
    health,
    nextHealthChange: changes.next,
  };
  return {
    service: defineService<Sdk, LoadBalancing>('elasticloadbalancing', elb, operations, { constraints }),
    async hold() {
      for await (const batch of records.balancers.everywhere()) {
        for (const { scope, value } of batch) {
          for (const { address, cidr } of value.places) {
            if (addresses.owns(address, cidr)) addresses.hold(address);
          }
          names.publish(scope, value);
        }
      }
    },
    async begin() {
      await balancing.begin();
      await deregistrations.sweep();
      if (Object.keys(names.hostNames()).length > 0) metrics.balancersChanged();
    },
    names: names.hostNames,
    notices: balancing.notices,
    serviceInterfaces: async (scope) => interfacesOf(records, scope),
    async stop() {
      // Their process reports its last counts before it ends.
      await Promise.all([deregistrations.stop(), loadBalancers.stop()]);
      await metrics.stop();
      names.stop();
    },
  };
}
