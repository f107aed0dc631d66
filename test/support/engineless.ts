// All services behind the real wire, over nodes that are only pretended: for tests of what requests do to records,
// where starting engines would cost time and prove nothing.

import type { TestContext } from 'node:test';
import { createFakeFleet, type FakeFleet } from '../../src/engine/fake-fleet.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { nextAddress } from '../../src/network/addresses.ts';
import type { ElastiCacheService } from '../../src/services/elasticache/service.ts';
import { createEc2, createElastiCache, servicesOf } from '../../src/services/index.ts';
import { openStore } from '../../src/store/store.ts';
import { createClient } from '../../src/wire/client.ts';
import type { WireServer } from '../../src/wire/server.ts';
import type { Service } from '../../src/wire/service.ts';
import { recordingLog, serve } from './wire.ts';

export interface Engineless {
  server: WireServer;
  services: readonly Service[];
  heart: ElastiCacheService;
  fleet: FakeFleet;
  /** What was logged as an error. */
  errors: { fields: object; message: string }[];
}

const BLOCK = 9;

/** Stopped when the test ends. */
export async function startEngineless(test: TestContext): Promise<Engineless> {
  const store = openStore(':memory:');
  const { log, errors } = recordingLog();
  const fleet = createFakeFleet();
  const ec2 = createEc2({ store, clock: systemClock });
  const heart = createElastiCache({
    store,
    clock: systemClock,
    log,
    fleet,
    ec2: createClient('ec2', { inProcess: ec2 }),
    takeAddress: (cidr, used) => nextAddress(BLOCK, cidr, used),
    ownsAddress: (address) => address.startsWith(`127.${BLOCK}.`),
    credentials: { user: 'admin', password: 'secret' },
    options: {
      domain: 'cache.amazonaws.com',
      region: 'us-east-1',
      dnsTtlSeconds: 5,
      failureDetectionMs: 1_000,
      testFailoverQuota: undefined,
      newAddressOnReplace: false,
      maxMemoryPerNodeBytes: 2 ** 26,
    },
  });
  const services = servicesOf({ elasticache: heart.service, ec2 });
  const server = await serve(test, { services, log });
  await heart.adopt();
  heart.begin();
  test.after(async () => {
    await heart.stop();
    await fleet.close();
    store.close();
  });
  return { server, services, heart, fleet, errors };
}
