// What every operation of Route 53 is given. Built once, by service.ts.

import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import type { Client } from '../../wire/client.ts';
import type { ReservedNames } from './domain/reserved-names.ts';
import type { Asked } from './domain/routing.ts';
import type { Records } from './records.ts';

export type Ec2Client = Client<typeof import('@aws-sdk/client-ec2')>;

export interface Route53 {
  store: Store;
  clock: Clock;
  records: Records;
  /** Where the VPCs of private zones are looked up. */
  ec2: Ec2Client;
  /** Where no hosted zone may lie. */
  reserved: ReservedNames;
  /** What routing goes by. */
  asked: Asked;
}
