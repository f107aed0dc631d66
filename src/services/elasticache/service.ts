// ElastiCache: how its parts are put together.

import { DEFAULT_ACCOUNT_ID, type Scope } from '../../aws/scope.ts';
import { createEventLog } from '../../control/event-log.ts';
import type { Fleet } from '../../engine/fleet.ts';
import type { Credentials } from '../../engine/resharding/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import type { Client } from '../../wire/client.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { moveToOwnBlock, takeAddressesOfProcesses } from './clusters/controller/addresses.ts';
import { type Controller, createController } from './clusters/controller/controller.ts';
import { fleetKey } from './clusters/controller/members.ts';
import { createMigrations } from './clusters/controller/migrations.ts';
import { stopNodes } from './clusters/controller/stop-nodes.ts';
import { describeStrangers } from './clusters/controller/strangers.ts';
import { membersOf } from './clusters/domain/model.ts';
import { createGroups } from './clusters/groups.ts';
import { createRestingAddresses } from './clusters/resting-addresses.ts';
import { createSightings } from './clusters/sightings.ts';
import { createWantedRun } from './clusters/wanted-run.ts';
import { constraints } from './constraints.ts';
import type { ElastiCache, ElastiCacheOptions, TakeAddress } from './context.ts';
import type { ElastiCacheEvent } from './events/domain/event.ts';
import { createNotifications, type SnsClient } from './events/notifications.ts';
import { type CloudWatchClient, createMetricsSampler } from './metrics/metrics-sampler.ts';
import { nodeName } from './names/domain/endpoint-names.ts';
import { createEndpoints, type Endpoints } from './names/endpoints.ts';
import { createReplicaNameKeeper, type Route53Client } from './names/replica-name-keeper.ts';
import { operations } from './operations.ts';
import { openRecords } from './records.ts';
import type { Sdk } from './sdk.ts';
import { forgetTags } from './tags/tags.ts';

export interface ElastiCacheDependencies {
  store: Store;
  clock: Clock;
  log: Log;
  fleet: Fleet;
  ec2: Client<typeof import('@aws-sdk/client-ec2')>;
  /** Where notifications go; without it none are sent. */
  sns?: SnsClient;
  /** One that is not Millpond's own: the names of replicas are then kept right there as well. */
  route53Elsewhere?: Route53Client | undefined;
  /** Told of the nodes, minute by minute. */
  cloudwatch?: CloudWatchClient;
  takeAddress: TakeAddress;
  /** See ElastiCache.isConfigured. */
  isConfigured(address: string): boolean;
  /** See ElastiCache.ownsAddress. */
  ownsAddress(address: string): boolean;
  /** Of the engines' admin user, for MIGRATE. */
  credentials: Credentials;
  options: ElastiCacheOptions & { dnsTtlSeconds: number; failureDetectionMs: number; region: string };
}

export interface ElastiCacheService {
  service: Service;
  endpoints: Endpoints;
  elasticache: ElastiCache;
  controller: Controller;
  /**
   * Finds the nodes that outlived an earlier Millpond. Starts none, and ends none. Resolves with what is there and no
   * record knows: a line each, for people.
   */
  adopt(): Promise<string[]>;
  /** Goes on with everything. After `adopt`, and once nothing can keep Millpond from running any more. */
  begin(): void;
  /** Stops controlling; the nodes run on. */
  stop(): Promise<void>;
  /** Stops every node in order, its data saved. To be called after `stop`. */
  stopNodes(): Promise<void>;
}

/** AWS: events can be asked for during 14 days. */
const EVENT_RETENTION_MS = 14 * 24 * 60 * 60 * 1000;

export function createElastiCache(dependencies: ElastiCacheDependencies): ElastiCacheService {
  const { store, clock, fleet, options } = dependencies;
  const log = dependencies.log.child({ service: 'elasticache' });
  const records = openRecords(store);
  /** By engines that no record knows. */
  const taken = new Set<string>();
  const events = createEventLog<ElastiCacheEvent>(store, 'elasticache', EVENT_RETENTION_MS);
  const notifications = createNotifications({ store, clock, log, sns: dependencies.sns });
  const sightings = createSightings(fleet);
  const endpoints = createEndpoints({
    domain: options.domain,
    ttlSeconds: options.dnsTtlSeconds,
    serviceOf: sightings.serviceOf,
    random: Math.random,
  });
  // From now on the names of the usual scope are Millpond's to deny, too.
  endpoints.namingOf({ accountId: DEFAULT_ACCOUNT_ID, region: options.region });
  const { route53Elsewhere: route53 } = dependencies;
  const replicaNames =
    route53 &&
    createReplicaNameKeeper({
      ...{ store, records, route53, log, ttlSeconds: options.dnsTtlSeconds },
      nodeNameOf: (scope, memberId) => nodeName(endpoints.namingOf(scope), memberId),
    });
  const wake = (scope: Scope, groupId: string) =>
    store.afterCommit(() => {
      controller.wake(scope, groupId);
      replicaNames?.wake(scope, groupId);
    });
  const restingAddresses = createRestingAddresses({
    ...{ store, clock },
    isOwn: dependencies.ownsAddress,
  });
  const elasticache: ElastiCache = {
    store,
    records,
    events,
    clock,
    log,
    options,
    endpoints,
    wake,
    binaries: fleet.binaries,
    ec2: dependencies.ec2,
    sns: dependencies.sns,
    restingAddresses,
    takeAddress: (cidr, used, resting) =>
      dependencies.takeAddress(cidr, taken.size > 0 ? taken.union(used) : used, resting),
    isConfigured: dependencies.isConfigured,
    ownsAddress: dependencies.ownsAddress,
    groups: createGroups({
      store,
      records,
      events,
      notifications,
      clock,
      log,
      binaries: fleet.binaries,
      endpoints,
      restingAddresses,
      wake,
      forgetTags: (scope, group, members) => forgetTags(elasticache, scope, group, members),
    }),
    sightings,
    wantedRun: createWantedRun({ records, options, binaries: fleet.binaries }),
  };
  const migrations = createMigrations({ elasticache, fleet, credentials: dependencies.credentials, log });
  const controller = createController({
    elasticache,
    fleet,
    migrations,
    electionMs: 2 * options.failureDetectionMs + 2_000,
    log,
  });
  const { cloudwatch } = dependencies;
  const sampler = cloudwatch && createMetricsSampler({ records, fleet, clock, log, cloudwatch });

  return {
    service: defineService<Sdk, ElastiCache>('elasticache', elasticache, operations, { constraints }),
    endpoints,
    elasticache,
    controller,
    async adopt() {
      const known = new Set<string>();
      for await (const batch of records.groups.everywhere()) {
        for (const { scope, value } of batch)
          for (const member of membersOf(value)) known.add(fleetKey(scope, member.id));
      }
      const strangers = await fleet.adopt(known);
      for (const { address } of strangers) if (address) taken.add(address);
      for await (const batch of records.groups.everywhere()) {
        for (const { scope, value } of batch) endpoints.publish(scope, value);
      }
      return describeStrangers(strangers, await fleet.unknownData(known), options.dataDir);
    },
    begin() {
      takeAddressesOfProcesses(elasticache, fleet);
      for (const { scope, id, value } of records.groups.listAll()) {
        moveToOwnBlock(elasticache, fleet, scope, value);
        controller.wake(scope, id);
      }
      notifications.start();
      sampler?.start();
      replicaNames?.start();
    },
    async stop() {
      await sampler?.stop();
      await controller.stop();
      sightings.stop();
      await replicaNames?.stop();
      await notifications.stop();
    },
    stopNodes: () => stopNodes(elasticache, fleet),
  };
}
