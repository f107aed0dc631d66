// All services behind the real wire layer, with simulated nodes: for tests of what requests do to records, which need
// no engines.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createZoneTable } from '../../src/dns/zone-table.ts';
import { fakeAddresses } from '../../src/drivers/fake/fake-driver.ts';
import { createFakeFleet, type FakeFleet } from '../../src/drivers/fake/fake-fleet.ts';
import { noFeeds } from '../../src/feed/no-feeds.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { noLoadBalancers } from '../../src/load-balancer/no-load-balancers.ts';
import type { Containers } from '../../src/machines/containers/containers.ts';
import { noContainers } from '../../src/machines/containers/no-containers.ts';
import { createFunctions } from '../../src/machines/functions/pool.ts';
import { noInstances } from '../../src/machines/instances/no-instances.ts';
import { createHeldAddresses } from '../../src/network/held-addresses.ts';
import { noNetwork } from '../../src/network/loopback/loopback-network.ts';
import type { ElastiCacheService } from '../../src/services/elasticache/service.ts';
import { createServices, type ServicesDependencies } from '../../src/services/services.ts';
import { openStore } from '../../src/store/store.ts';
import type { WireServer } from '../../src/wire/server.ts';
import type { Service } from '../../src/wire/service.ts';
import { recordingLog, serve } from './wire.ts';

/** The running services, with a client and their simulated nodes. */
export interface Engineless {
  server: WireServer;
  services: readonly Service[];
  elasticacheService: ElastiCacheService;
  fleet: FakeFleet;
  /** The errors that were logged. */
  errors: { fields: object; message: string }[];
}

/** Starts the services and stops them when the test ends. Records are kept in memory, files in `dataDir`. */
export async function startEngineless(
  test: TestContext,
  dataDir = mkdtempSync(join(tmpdir(), 'millpond-engineless-')),
  enforcement?: ServicesDependencies['enforcement'],
  { containers = noContainers }: { containers?: Containers } = {},
): Promise<Engineless> {
  const store = openStore(':memory:');
  const { log, errors } = recordingLog();
  const fleet = createFakeFleet();
  const services = createServices({
    ...{ store, clock: systemClock, log, secret: 'secret', dataDir, endpoints: {}, enforcement },
    nodes: {
      fleet,
      takeAddress: fakeAddresses.take,
      isConfigured: fakeAddresses.isReady,
      ownsAddress: fakeAddresses.owns,
      credentials: { user: 'admin', password: 'secret' },
      options: {
        domain: 'cache.amazonaws.com',
        region: 'us-east-1',
        dnsTtlSeconds: 5,
        failureDetectionMs: 1_000,
        testFailoverQuota: undefined,
        keepAddressOnReplace: false,
        demotedGraceMs: 0,
        announceHostnames: false,
        maxMemoryPerNodeBytes: 2 ** 26,
      },
    },
    functions: await createFunctions({
      ...{ directory: join(dataDir, 'functions'), clock: systemClock, log },
      pythonPackages: [],
    }),
    network: noNetwork,
    addresses: createHeldAddresses(fakeAddresses, () => services.elasticache.endpoints.addresses()),
    loadBalancers: noLoadBalancers,
    instances: async () => noInstances,
    feeds: noFeeds,
    containers: async () => containers,
    containerFiles: async () => [],
    functionEnvironment: () => ({}),
    ...{ instanceEnvironment: () => ({}), amiImages: {}, peerAmong: async () => undefined },
    isOwnHost: () => true,
    ...{
      region: 'us-east-1',
      url: () => 'http://127.0.0.1',
      urlForFunctions: () => 'http://127.0.0.1',
      zones: createZoneTable(),
    },
    logs: { groupBytes: 2 ** 26, allBytes: 2 ** 28 },
    isDynamoDbThrottled: false,
    cloudformation: {},
  });
  await services.open();
  const server = await serve(test, {
    ...{ services: services.list, log, maxBodyBytes: 72 * 1024 * 1024 },
    fallback: (request, response, refusal) => refusal === undefined && services.take(request, response),
  });
  await services.begin();
  test.after(async () => {
    await services.stop();
    await fleet.close();
    store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return {
    server,
    services: await services.loadAll(),
    elasticacheService: services.elasticache,
    fleet,
    errors,
  };
}
