// Builds ElastiCache: connects the records, the controller, the names, notifications and metrics.

import { regionOf } from '../../aws/regions.ts';
import { DEFAULT_ACCOUNT_ID, type Scope, scopeKey } from '../../aws/scope.ts';
import type { ServiceInterfaces } from '../../aws/service-interface.ts';
import { createEventLog } from '../../control/event-log.ts';
import type { Fleet } from '../../engine/fleet.ts';
import type { Credentials } from '../../engine/resharding/index.ts';
import type { Feeds } from '../../feed/feeds.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Cuts } from '../../network/cuts/cuts.ts';
import type { NodePlace } from '../../network/cuts/pairs.ts';
import type { Enforcement } from '../../network/network.ts';
import type { Store } from '../../store/store.ts';
import type { Client } from '../../wire/client.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { adoptProcessAddresses, moveToOwnAddresses } from './clusters/controller/addresses.ts';
import { type Controller, createController } from './clusters/controller/controller.ts';
import { fleetKey } from './clusters/controller/members.ts';
import { createMigrations } from './clusters/controller/migrations.ts';
import { stopNodes } from './clusters/controller/stop-nodes.ts';
import { describeUnknownNodes } from './clusters/controller/unknown-nodes.ts';
import { type Group, membersOf } from './clusters/domain/model.ts';
import { createGroups } from './clusters/groups.ts';
import { createMemberObservations } from './clusters/member-observations.ts';
import { nodePlaces, subnetPlaces } from './clusters/places.ts';
import { createQuarantinedAddresses } from './clusters/quarantined-addresses.ts';
import { createWantedRun } from './clusters/wanted-run.ts';
import { constraints } from './constraints.ts';
import type { ElastiCache, ElastiCacheOptions, TakeAddress } from './context.ts';
import type { ElastiCacheEvent } from './events/domain/event.ts';
import { createNotifications, type SnsClient } from './events/notifications.ts';
import { EVENT_RETENTION_MINUTES } from './events/operations/describe-events.ts';
import { createFeedControl, type FeedControl } from './feeds/feed-control.ts';
import { createFeedMetrics } from './feeds/feed-metrics.ts';
import { createFollowers } from './feeds/followers.ts';
import { openFeedRecords } from './feeds/record.ts';
import { createRunningFeeds } from './feeds/running-feeds.ts';
import { type CloudWatchClient, createMetricsSampler } from './metrics/metrics-sampler.ts';
import { nodeName } from './names/domain/endpoint-names.ts';
import { createEndpoints, type Endpoints } from './names/endpoints.ts';
import { createReplicaNamePublisher, type Route53Client } from './names/replica-name-publisher.ts';
import { interfacesOf, placesOf } from './networks/node-interfaces.ts';
import { operations } from './operations.ts';
import { openRecords } from './records.ts';
import type { Sdk } from './sdk.ts';
import { forgetTags } from './tags/tags.ts';

/** What ElastiCache asks and tells the cuts of the network; see network/cuts/cuts.ts. */
export type NetworkCuts = Pick<Cuts, 'list' | 'separatedSince' | 'placesChanged'>;

/** What ElastiCache needs from Millpond and from other services. */
export interface ElastiCacheDependencies {
  store: Store;
  clock: Clock;
  log: Log;
  fleet: Fleet;
  ec2: Client<typeof import('@aws-sdk/client-ec2')>;
  /** Receives notifications. Absent: none are sent. */
  sns?: SnsClient;
  /** A Route 53 that is not Millpond's own; the names of replicas are written there too. */
  route53Elsewhere?: Route53Client | undefined;
  /** Receives the metrics of the nodes every minute. */
  cloudwatch?: CloudWatchClient;
  takeAddress: TakeAddress;
  /** See ElastiCache.isConfigured. */
  isConfigured(address: string): boolean;
  /** See ElastiCache.ownsAddress. */
  ownsAddress(address: string, subnet?: string): boolean;
  /** Where security groups are enforced: learns the addresses and groups of all nodes. */
  enforcement?: Pick<Enforcement, 'setNodes'> | undefined;
  /** The cuts of the network. Absent: nothing is ever cut. */
  cuts?: NetworkCuts;
  /** Runs feeds. */
  feeds: Feeds;
  /** The credentials of the engines' admin user, for MIGRATE. */
  credentials: Credentials;
  options: ElastiCacheOptions & { dnsTtlSeconds: number; failureDetectionMs: number; region: string };
}

/** The running service. Call order: `adopt`, `begin`, `stop`, and `stopNodes` if the nodes should end too. */
export interface ElastiCacheService {
  service: Service;
  serviceInterfaces: ServiceInterfaces;
  endpoints: Endpoints;
  elasticache: ElastiCache;
  controller: Controller;
  /** Feeds that carry changes of caches elsewhere. */
  feeds: FeedControl;
  /**
   * Finds the nodes that an earlier Millpond left running; starts and ends none. Resolves with lines of text about
   * processes and data that no record knows.
   */
  adopt(): Promise<string[]>;
  /** The ids of available groups of which some node serves no client now, other than those that cuts isolate. */
  notServing(): string[];
  /** Where all nodes are. */
  places(): NodePlace[];
  /** Resolves with all subnets of the accounts and regions that have nodes, those of VPCs with nodes first. */
  subnets(): Promise<{ zone: string; cidr: string }[]>;
  /** Tells the controller that the cuts of the network have changed. */
  cutsChanged(): void;
  /** Starts the controller and the background work. Call it after `adopt`, once the rest of Millpond has started. */
  begin(): void;
  /** Stops the controller and the background work; the nodes keep running. */
  stop(): Promise<void>;
  /** Shuts every node down in order, with its data saved. Call it after `stop`. */
  stopNodes(): Promise<void>;
}

const isServing = ({ observations }: ElastiCache, scope: Scope, group: Group): boolean =>
  membersOf(group).every(
    (member) =>
      observations.serviceOf(scope, group, member) !== 'none' ||
      observations.lastSeen(scope, member.id)?.isolatedSince !== undefined,
  );

const EVENT_RETENTION_MS = EVENT_RETENTION_MINUTES * 60_000;

/** Builds the service without starting anything. */
export function createElastiCache(dependencies: ElastiCacheDependencies): ElastiCacheService {
  const { store, clock, fleet, options } = dependencies;
  const log = dependencies.log.child({ service: 'elasticache' });
  const records = openRecords(store);
  /** Addresses of engines that no record knows. */
  const taken = new Set<string>();
  const events = createEventLog<ElastiCacheEvent>(store, 'elasticache', EVENT_RETENTION_MS);
  const notifications = createNotifications({ store, clock, log, sns: dependencies.sns });
  const observations = createMemberObservations(fleet);
  const endpoints = createEndpoints({
    domain: options.domain,
    ttlSeconds: options.dnsTtlSeconds,
    serviceOf: observations.serviceOf,
    random: Math.random,
  });
  // Registers the default scope, so that unknown names in it get a negative answer instead of being forwarded.
  endpoints.namingOf({ accountId: DEFAULT_ACCOUNT_ID, region: options.region });
  const { route53Elsewhere: route53 } = dependencies;
  const replicaNames =
    route53 &&
    createReplicaNamePublisher({
      ...{ store, records, route53, log, ttlSeconds: options.dnsTtlSeconds },
      nodeNameOf: (scope, memberId) => nodeName(endpoints.namingOf(scope), memberId),
    });
  const wake = (scope: Scope, groupId: string) =>
    store.afterCommit(() => {
      controller.wake(scope, groupId);
      replicaNames?.wake(scope, groupId);
    });
  const placed = (scope: Scope, group: Group) => {
    dependencies.enforcement?.setNodes(`${scopeKey(scope)}/${group.id}`, placesOf(group));
    dependencies.cuts?.placesChanged();
    followers.nodesChanged(scope, group.id);
    runningFeeds.groupChanged(scope, group.id);
  };
  const feedRecords = openFeedRecords(store);
  const followers = createFollowers({
    ...{ feeds: dependencies.feeds, fleet, observations, log },
    hasFeeds: (groupKey) => runningFeeds.isFollowed(groupKey),
    groupOf: (scope, id) => records.groups.get(scope, id),
  });
  const runningFeeds = createRunningFeeds({
    ...{ store, records, feedRecords, feeds: dependencies.feeds, events, clock, log },
    showNodes: followers.nodesChanged,
  });
  const feeds = createFeedControl({
    ...{ store, clock, records, feedRecords, feeds: dependencies.feeds, running: runningFeeds },
  });
  const quarantinedAddresses = createQuarantinedAddresses({
    ...{ store, clock },
    isOwn: dependencies.ownsAddress,
  });
  const elasticache: ElastiCache = {
    store,
    records,
    feeds,
    events,
    clock,
    log,
    options,
    endpoints,
    wake,
    binaries: fleet.binaries,
    ec2: dependencies.ec2,
    sns: dependencies.sns,
    quarantinedAddresses,
    takeAddress: (cidr, used, quarantined) =>
      dependencies.takeAddress(cidr, taken.size > 0 ? taken.union(used) : used, quarantined),
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
      quarantinedAddresses,
      wake,
      placed,
      forgetTags: (scope, group, members) => forgetTags(elasticache, scope, group, members),
    }),
    observations,
    cuts: () => dependencies.cuts?.list() ?? [],
    reachIn(scope) {
      const { cuts } = dependencies;
      if (!cuts || cuts.list().length === 0) return undefined;
      const zones = (regionOf(scope.region)?.zones ?? []).map(({ name }) => name);
      return { separatedSince: cuts.separatedSince, zones };
    },
    wantedRun: createWantedRun({ records, options, binaries: fleet.binaries }),
  };
  const migrations = createMigrations({
    ...{ elasticache, fleet, followers, credentials: dependencies.credentials, log },
  });
  const controller = createController({
    elasticache,
    fleet,
    followers,
    migrations,
    electionMs: 2 * options.failureDetectionMs + 2_000,
    failureDetectionMs: options.failureDetectionMs,
    log,
  });
  const { cloudwatch } = dependencies;
  const feedMetrics = cloudwatch && createFeedMetrics({ views: () => feeds.views(), clock, log, cloudwatch });
  const sampler = cloudwatch && createMetricsSampler({ records, fleet, clock, log, cloudwatch });

  return {
    service: defineService<Sdk, ElastiCache>('elasticache', elasticache, operations, { constraints }),
    serviceInterfaces: async (scope) => records.groups.list(scope).flatMap(interfacesOf),
    endpoints,
    elasticache,
    controller,
    feeds,
    async adopt() {
      const known = new Set<string>();
      for await (const batch of records.groups.everywhere()) {
        for (const { scope, value } of batch) {
          for (const member of membersOf(value)) known.add(fleetKey(scope, member.id));
          endpoints.publish(scope, value);
          placed(scope, value);
        }
      }
      const unknown = await fleet.adopt(known);
      for (const { address } of unknown) if (address) taken.add(address);
      return describeUnknownNodes(unknown, await fleet.unknownData(known), options.dataDir);
    },
    notServing: () =>
      records.groups
        .listAll()
        .filter(({ scope, value }) => value.status === 'available' && !isServing(elasticache, scope, value))
        .map(({ value }) => value.id),
    places: () => nodePlaces(elasticache),
    subnets: () => subnetPlaces(elasticache),
    cutsChanged() {
      for (const { scope, id } of records.groups.listAll()) controller.wake(scope, id);
    },
    begin() {
      adoptProcessAddresses(elasticache, fleet);
      for (const { scope, id, value } of records.groups.listAll()) {
        moveToOwnAddresses(elasticache, fleet, scope, value);
        controller.wake(scope, id);
      }
      notifications.start();
      sampler?.start();
      feedMetrics?.start();
      replicaNames?.start();
      runningFeeds.begin();
    },
    async stop() {
      await sampler?.stop();
      await feedMetrics?.stop();
      await controller.stop();
      await runningFeeds.stop();
      observations.stop();
      await replicaNames?.stop();
      await notifications.stop();
    },
    stopNodes: () => stopNodes(elasticache, fleet),
  };
}
