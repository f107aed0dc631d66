// What every operation of EC2 is given. Built once, by service.ts.

import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import type { NodePlaces } from './node-places.ts';
import type { Records } from './records.ts';

export interface Ec2 {
  store: Store;
  clock: Clock;
  records: Records;
  /** What cache nodes use cannot be deleted. */
  nodes: NodePlaces;
}
