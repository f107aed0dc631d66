// What every part of ElastiCache is given: its records, its events, the fleet, the time. Built once by service.ts.

import type { Scope } from '../../aws/scope.ts';
import type { EventLog } from '../../control/event-log.ts';
import type { EngineBinary } from '../../engine/fleet.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import type { Client } from '../../wire/client.ts';
import type { Group } from './clusters/domain/model.ts';
import type { WantedRun } from './clusters/domain/observation.ts';
import type { Groups } from './clusters/groups.ts';
import type { RestingAddresses } from './clusters/resting-addresses.ts';
import type { Sightings } from './clusters/sightings.ts';
import type { ElastiCacheEvent } from './events/domain/event.ts';
import type { SnsClient } from './events/notifications.ts';
import type { Endpoints } from './names/endpoints.ts';
import type { Records } from './records.ts';

/** An address for a node in the subnet of that CIDR; `undefined` when every one is in use. */
export type TakeAddress = (
  cidr: string,
  used: ReadonlySet<string>,
  resting: ReadonlyMap<string, number>,
) => string | undefined;

export interface ElastiCacheOptions {
  /** Millpond's, for advice; the usual one by default. */
  dataDir?: string;
  /** `cache.amazonaws.com`. */
  domain: string;
  /** How many TestFailover calls a day; undefined = as many as you like. */
  testFailoverQuota: number | undefined;
  /** How long clients stay connected to a node that they are to leave. */
  demotedGraceMs: number;
  /** A primary that was failed over comes back at its old address; on AWS it gets another one. */
  keepAddressOnReplace: boolean;
  /** In cluster mode the nodes announce their names and not their addresses. */
  announceHostnames: boolean;
  /** No node is given more memory than this, whatever its type. Bytes. */
  maxMemoryPerNodeBytes: number;
}

export interface ElastiCache {
  store: Store;
  records: Records;
  /** The only writer of records.groups. */
  groups: Groups;
  endpoints: Endpoints;
  events: EventLog<ElastiCacheEvent>;
  clock: Clock;
  log: Log;
  options: ElastiCacheOptions;
  /** The engines of this host. */
  binaries: readonly EngineBinary[];
  ec2: Client<typeof import('@aws-sdk/client-ec2')>;
  /** Where notifications go; without it none are sent. */
  sns?: SnsClient | undefined;
  restingAddresses: RestingAddresses;
  /** See drivers/local/addresses/next-address.ts. */
  takeAddress: TakeAddress;
  /** Whether this host can listen on the address without asking anybody for it. */
  isConfigured(address: string): boolean;
  /** Whether the address lies in the block that this Millpond holds now. */
  ownsAddress(address: string): boolean;
  sightings: Sightings;
  /** What the members of a group should run, and the engine of this host that serves it. */
  wantedRun(scope: Scope, group: Group): { wanted: WantedRun; binary: EngineBinary };
  /** Tells the controller that something about a group changed. Called inside or outside a transaction; acts after commit. */
  wake(scope: Scope, groupId: string): void;
}
