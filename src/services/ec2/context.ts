// The context that every operation of EC2 receives. service.ts builds it once.

import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import type { NodePlaces } from './node-places.ts';
import type { Records } from './records.ts';

/** The context of EC2's operations. */
export interface Ec2 {
  store: Store;
  clock: Clock;
  records: Records;
  /** Reads which groups and subnets cache nodes use; these cannot be deleted. */
  nodes: NodePlaces;
}
