// The context that every operation of EC2 receives. service.ts builds it once.

import type { ServiceInterfaces } from '../../aws/service-interface.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import type { Machines } from './machines/machines.ts';
import type { Records } from './records.ts';

/** The context of EC2's operations. */
export interface Ec2 {
  store: Store;
  clock: Clock;
  records: Records;
  /** Reads the interfaces of other services; their groups and subnets cannot be deleted. */
  serviceInterfaces: ServiceInterfaces;
  /** What of instances runs on this host. */
  machines: Machines;
}
