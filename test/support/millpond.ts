// A whole Millpond in this process, with its own data directory and port, for tests that drive it from outside.

import { Resolver } from 'node:dns/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { type Config, type ConfigFlags, parseConfig } from '../../src/config.ts';
import { startMillpond } from '../../src/main.ts';
import { linkToNetwork, TEST_NETWORK } from './networks.ts';

/** A running Millpond with clients. */
export interface TestMillpond {
  url: string;
  port: number;
  dataDir: string;
  dns: { address: string; port: number };
  elasticache: ElastiCacheClient;
  /** A resolver that asks only Millpond's DNS server. */
  resolver: Resolver;
  /** Ends Millpond as a kill would, and leaves its nodes; `start` adopts them. */
  leave(): Promise<void>;
  /** Starts it again after `leave`, with other options if given. */
  start(changes?: Partial<Config>): Promise<void>;
  /** Stops Millpond and its nodes, and deletes everything. */
  stop(): Promise<void>;
}

/** Starts a Millpond on the network of this run. Its other options are read only from `env`. */
export async function startTestMillpond(
  flags: ConfigFlags = {},
  env: NodeJS.ProcessEnv = {},
): Promise<TestMillpond> {
  const dataDir = mkdtempSync(join(tmpdir(), 'millpond-test-'));
  const config = parseConfig({ port: '0', dataDir, logLevel: 'debug', network: TEST_NETWORK, ...flags }, env);
  let running = await startMillpond(config);
  await reach();
  let hasLeft = false;
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  const test: TestMillpond = {
    ...describe(),
    dataDir,
    resolver,
    async leave() {
      await running.stop({ nodes: 'keep-running' });
      hasLeft = true;
    },
    async start(changes = {}) {
      running = await startMillpond({ ...config, ...changes });
      await reach();
      hasLeft = false;
      Object.assign(test, describe());
    },
    async stop() {
      resolver.cancel();
      // After `leave`, only a new start can stop the nodes.
      if (hasLeft) await test.start();
      test.elasticache.destroy();
      await running.stop({ nodes: 'stop' });
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return test;

  async function reach() {
    // A test that asks for this network itself opens machines of its own.
    if (TEST_NETWORK === 'subnets' && config.network === 'subnets')
      await linkToNetwork(`http://127.0.0.1:${running.port}`);
  }

  function describe() {
    const { port, dns } = running;
    const url = `http://127.0.0.1:${port}`;
    resolver.setServers([`${dns.address}:${dns.port}`]);
    const elasticache = new ElastiCacheClient({
      endpoint: url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    return { url, port, dns, elasticache };
  }
}
