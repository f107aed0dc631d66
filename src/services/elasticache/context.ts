// The context that every part of ElastiCache receives: records, events, the fleet, the clock. service.ts builds it
// once.

import type { Scope } from '../../aws/scope.ts';
import type { EventLog } from '../../control/event-log.ts';
import type { EngineBinary } from '../../engine/fleet.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Cut } from '../../network/cuts/cut.ts';
import type { Store } from '../../store/store.ts';
import type { Client } from '../../wire/client.ts';
import type { Reach } from './clusters/domain/isolation.ts';
import type { Group } from './clusters/domain/model.ts';
import type { WantedRun } from './clusters/domain/observation.ts';
import type { Groups } from './clusters/groups.ts';
import type { MemberObservations } from './clusters/member-observations.ts';
import type { QuarantinedAddresses } from './clusters/quarantined-addresses.ts';
import type { ElastiCacheEvent } from './events/domain/event.ts';
import type { SnsClient } from './events/notifications.ts';
import type { FeedControl } from './feeds/feed-control.ts';
import type { Endpoints } from './names/endpoints.ts';
import type { Records } from './records.ts';

/**
 * Chooses an address for a node in the subnet `cidr`; `undefined` when all are in use. `quarantined` maps recently
 * released addresses to their time of release (milliseconds since the epoch): they are chosen last.
 */
export type TakeAddress = (
  cidr: string,
  used: ReadonlySet<string>,
  quarantined: ReadonlyMap<string, number>,
) => string | undefined;

/** The command-line options that ElastiCache reads. */
export interface ElastiCacheOptions {
  /** Millpond's data directory, which messages name. Absent: the default directory. */
  dataDir?: string;
  /** `cache.amazonaws.com`. */
  domain: string;
  /** The number of TestFailover calls allowed a day; `undefined` means no limit. */
  testFailoverQuota: number | undefined;
  /** How long clients may stay connected to a node that is being drained. */
  demotedGraceMs: number;
  /** AWS: a failed primary comes back at a new address. When true, it keeps its old one. */
  keepAddressOnReplace: boolean;
  /** In cluster mode, nodes announce host names instead of addresses. */
  announceHostnames: boolean;
  /** The upper limit on a node's memory, whatever its type. Bytes. */
  maxMemoryPerNodeBytes: number;
}

/** What operations, the controller and the views work with. */
export interface ElastiCache {
  store: Store;
  records: Records;
  /** Feeds, which tags and stacks ask for. */
  feeds: FeedControl;
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
  /** Receives notifications. Absent: none are sent. */
  sns?: SnsClient | undefined;
  quarantinedAddresses: QuarantinedAddresses;
  /** See drivers/local/addresses/next-address.ts. */
  takeAddress: TakeAddress;
  /** Whether this host can listen on the address without further configuration. */
  isConfigured(address: string): boolean;
  /** Whether the address lies in the block that this instance holds now. */
  ownsAddress(address: string, subnet?: string): boolean;
  observations: MemberObservations;
  /** What the nodes of a region can reach; `undefined` while nothing is cut. */
  reachIn(scope: Scope): Reach | undefined;
  /** The cuts of the network that hold now. */
  cuts(): Cut[];
  /** What the members of a group should run, and the engine binary of this host that serves the group. */
  wantedRun(scope: Scope, group: Group): { wanted: WantedRun; binary: EngineBinary };
  /** Tells the controller that a group changed. Inside a transaction, it takes effect after the commit. */
  wake(scope: Scope, groupId: string): void;
}
