// A whole Millpond in this process, on a data directory and a port of its own, for tests that drive it from outside.

import { Resolver } from 'node:dns/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { type Config, type ConfigFlags, parseConfig } from '../../src/config.ts';
import { startMillpond } from '../../src/main.ts';

export interface TestMillpond {
  url: string;
  port: number;
  dataDir: string;
  dns: { address: string; port: number };
  elasticache: ElastiCacheClient;
  /** Asks Millpond's DNS server and nobody else. */
  resolver: Resolver;
  /** Ends it as a kill would, without its nodes; `start` then finds them again. */
  leave(): Promise<void>;
  /** After `leave`; perhaps with other options. */
  start(changes?: Partial<Config>): Promise<void>;
  /** Stops the nodes as well, and deletes everything. */
  stop(): Promise<void>;
}

/** `env` is all of the environment that Millpond's own options are read from. */
export async function startTestMillpond(
  flags: ConfigFlags = {},
  env: NodeJS.ProcessEnv = {},
): Promise<TestMillpond> {
  const dataDir = mkdtempSync(join(tmpdir(), 'millpond-test-'));
  const config = parseConfig({ port: '0', dataDir, logLevel: 'debug', ...flags }, env);
  let running = await startMillpond(config);
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
      hasLeft = false;
      Object.assign(test, describe());
    },
    async stop() {
      resolver.cancel();
      // Whoever left has nodes that only a new start knows how to stop.
      if (hasLeft) await test.start();
      test.elasticache.destroy();
      await running.stop({ nodes: 'stop' });
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return test;

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
