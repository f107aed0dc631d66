// A CloudWatch for tests, with a manual clock.

import { CloudWatch, type CloudWatchClientConfig } from '@aws-sdk/client-cloudwatch';
import { silentLog } from '../../src/kernel/log.ts';
import type { Sdk } from '../../src/services/cloudwatch/sdk.ts';
import {
  type CloudWatchLimits,
  type CloudWatchService,
  createCloudWatch,
} from '../../src/services/cloudwatch/service.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { type Client, createClient } from '../../src/wire/client.ts';
import { startWireServer } from '../../src/wire/server.ts';

export const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
/** The start time of the manual clock, in milliseconds since the epoch. */
export const NOON = Date.UTC(2026, 10, 21, 12);

export interface TestCloudWatch extends CloudWatchService {
  client: Client<Sdk>;
  store: Store;
  clock: { time: number; now(): number };
  put(data: Input['MetricData'], namespace?: string): Promise<void>;
  /** `[seconds before now, value]` of each period, oldest first. */
  values(
    name: string,
    options?: { period?: number; stat?: string; sinceSeconds?: number },
  ): Promise<number[][]>;
}

type Input = Parameters<Client<Sdk>['call']>[1] & { MetricData?: object[] };

/** Opens CloudWatch on a store, with the manual clock. */
export function openCloudWatch(
  file = ':memory:',
  limits: CloudWatchLimits = {},
  time = NOON,
): TestCloudWatch {
  const store = openStore(file);
  const clock = { time, now: () => clock.time };
  const cloudwatch = createCloudWatch({ store, clock, log: silentLog, limits });
  const client = createClient<Sdk>('monitoring', { inProcess: cloudwatch.service });
  return {
    ...{ ...cloudwatch, client, store, clock },
    async put(data, namespace = 'Test') {
      await client.call('PutMetricData', { Namespace: namespace, MetricData: data as never }, SCOPE);
    },
    async values(name, { period = 60, stat = 'Sum', sinceSeconds = 10_800 } = {}) {
      const { MetricDataResults } = await client.call(
        'GetMetricData',
        {
          StartTime: new Date(clock.time - sinceSeconds * 1000),
          EndTime: new Date(clock.time + 60_000),
          ScanBy: 'TimestampAscending',
          MetricDataQueries: [
            {
              Id: 'q',
              MetricStat: { Metric: { Namespace: 'Test', MetricName: name }, Period: period, Stat: stat },
            },
          ],
        },
        SCOPE,
      );
      const { Timestamps = [], Values = [] } = MetricDataResults![0]!;
      return Timestamps.map((at, place) => [(clock.time - at.getTime()) / 1000, Values[place]!]);
    },
  };
}

/** The same CloudWatch, served over HTTP. */
export async function serveCloudWatch() {
  const cloudwatch = openCloudWatch();
  const server = await startWireServer({
    services: [cloudwatch.service],
    port: 0,
    defaultRegion: 'us-east-1',
    log: silentLog,
  });
  const clientOf = (more: Partial<CloudWatchClientConfig> = {}) =>
    new CloudWatch({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
      ...more,
    });
  const client = clientOf();
  return {
    server,
    clientOf,
    client,
    async stop() {
      client.destroy();
      await server.stop();
      cloudwatch.store.close();
    },
  };
}

/** The time `ms` milliseconds after noon. */
export const at = (ms: number) => new Date(NOON + ms);
