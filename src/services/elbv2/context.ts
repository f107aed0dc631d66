// The context that every operation of Elastic Load Balancing receives. service.ts builds it once.

import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { LoadBalancers } from '../../load-balancer/load-balancers.ts';
import type { HeldAddresses } from '../../network/held-addresses.ts';
import type { Network } from '../../network/network.ts';
import type { Store } from '../../store/store.ts';
import type { Client } from '../../wire/client.ts';
import type { BalancerNames } from './balancer-names.ts';
import type { Balancing } from './balancing.ts';
import type { Deregistrations } from './deregistrations.ts';
import type { BalancerMetrics } from './metrics.ts';
import type { Records } from './records.ts';

/** EC2's client. */
export type Ec2Client = Client<typeof import('@aws-sdk/client-ec2')>;
/** Lambda's client. */
export type LambdaClient = Client<typeof import('@aws-sdk/client-lambda')>;

/** The context of Elastic Load Balancing's operations. */
export interface LoadBalancing {
  store: Store;
  records: Records;
  clock: Clock;
  log: Log;
  ec2: Ec2Client;
  lambda: LambdaClient;
  addresses: HeldAddresses;
  /** Programs of this host reach its loopback addresses where nodes share them. */
  networkKind: Network['kind'];
  names: BalancerNames;
  /** Brings balancers to their records. */
  balancing: Balancing;
  deregistrations: Deregistrations;
  metrics: Pick<BalancerMetrics, 'balancersChanged'>;
  /** The health of targets. */
  health: LoadBalancers['health'];
  /** Resolves at the next change of the health of a target group's targets. */
  nextHealthChange(targetGroupArn: string): Promise<void>;
}
