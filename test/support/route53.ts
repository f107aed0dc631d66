// Route 53 behind a wire server, with a DNS server for its zones, on loopback addresses.

import { Resolver } from 'node:dns/promises';
import { Route53, type Route53ClientConfig } from '@aws-sdk/client-route-53';
import { type DnsServer, startDnsServer } from '../../src/dns/server.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { createEc2 } from '../../src/services/ec2/service.ts';
import type { ComputedRecordSet } from '../../src/services/route53/model.ts';
import { createRoute53 } from '../../src/services/route53/service.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { createClient } from '../../src/wire/client.ts';
import { startWireServer, type WireServer } from '../../src/wire/server.ts';
import { seededRandom } from './random-input.ts';

export const SCOPE = { accountId: '000000000000', region: 'us-east-1' };

/** A running Route 53 with its DNS server. */
export interface TestRoute53 {
  server: WireServer;
  dns: DnsServer;
  /** A resolver that asks only that server. */
  resolver: Resolver;
  client: Route53;
  /** The id of the default VPC. */
  vpcId: string;
  store: Store;
  /** Record sets of Millpond, shown in the zones that cover them. */
  computed: ComputedRecordSet[];
  clientOf(config: Route53ClientConfig): Route53;
  stop(): Promise<void>;
}

export async function startTestRoute53(store: Store = openStore(':memory:')): Promise<TestRoute53> {
  const clock = { now: () => Date.now() };
  const ec2 = createEc2({ store, clock });
  const ec2Client = createClient<typeof import('@aws-sdk/client-ec2')>('ec2', { inProcess: ec2 });
  const computed: ComputedRecordSet[] = [];
  const route53 = await createRoute53({
    ...{ store, clock, ec2: ec2Client, region: 'us-east-1' },
    computedRecordSets: () => computed,
    random: seededRandom(1),
  });
  const dns = await startDnsServer({ address: '127.0.0.1', port: 0, upstreams: [], log: silentLog });
  route53.answerIn(dns.zones);
  const server = await startWireServer({
    services: [ec2, route53.service],
    port: 0,
    defaultRegion: 'us-east-1',
    log: silentLog,
  });
  const resolver = new Resolver({ timeout: 5_000, tries: 1 });
  resolver.setServers([`${dns.address}:${dns.port}`]);
  const clients: Route53[] = [];
  const clientOf = (config: Route53ClientConfig) => {
    const client = new Route53({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
      ...config,
    });
    clients.push(client);
    return client;
  };
  const { Vpcs } = await ec2Client.call('DescribeVpcs', {}, SCOPE);
  return {
    ...{ server, dns, resolver, store, computed, clientOf },
    client: clientOf({}),
    vpcId: Vpcs![0]!.VpcId!,
    async stop() {
      for (const client of clients) client.destroy();
      resolver.cancel();
      await server.stop();
      await dns.stop();
      store.close();
    },
  };
}
