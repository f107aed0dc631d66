// The context that every operation receives. `createRoute53` builds it once.

import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import type { Client } from '../../wire/client.ts';
import type { ReservedNames } from './domain/reserved-names.ts';
import type { RoutingInputs } from './domain/routing.ts';
import type { Records } from './records.ts';

/** EC2's API, called in process. */
export type Ec2Client = Client<typeof import('@aws-sdk/client-ec2')>;

/** The context of Route 53's operations. */
export interface Route53 {
  store: Store;
  clock: Clock;
  records: Records;
  /** Looks up the VPCs of private zones. */
  ec2: Ec2Client;
  /** The names that no hosted zone can have. */
  reserved: ReservedNames;
  /** The inputs of routing policies: chance and region. */
  routing: RoutingInputs;
}
