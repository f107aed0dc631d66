// The client with which services call each other behaves the same in process and through an endpoint.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { serve } from '../../test/support/wire.ts';
import { type Client, type ClientOptions, createClient } from './client.ts';
import { Fault } from './fault.ts';
import { endpointVariable } from './remote-call.ts';
import { defineService, type RequestContext } from './service.ts';

type ElastiCache = typeof import('@aws-sdk/client-elasticache');

const SCOPE = { accountId: '000000000000', region: 'eu-west-1' };
const contexts: RequestContext[] = [];

const elasticache = defineService<ElastiCache, undefined>('elasticache', undefined, {
  DescribeCacheClusters(_elasticache, input, context) {
    contexts.push(context);
    if (input.CacheClusterId === 'none')
      throw new Fault('CacheClusterNotFoundFault', 'CacheCluster none not found.');
    return { CacheClusters: [{ CacheClusterId: input.CacheClusterId, Engine: 'redis' }] };
  },
  DeleteCacheCluster: () => ({}),
});

// The SDK requires credentials. Millpond accepts any, because it does not verify signatures.
process.env.AWS_ACCESS_KEY_ID ??= 'AKIDEXAMPLE';
process.env.AWS_SECRET_ACCESS_KEY ??= 'unused';

const ways: [string, (test: Parameters<typeof serve>[0]) => Promise<Client<ElastiCache>>][] = [
  ['in process', async () => createClient<ElastiCache>('elasticache', { inProcess: elasticache })],
  [
    'through an endpoint',
    async (test) => {
      const { url } = await serve(test, { services: [elasticache] });
      return createClient<ElastiCache>('elasticache', { inProcess: undefined, endpoint: url });
    },
  ],
];

for (const [way, connect] of ways) {
  describe(way, () => {
    it('returns the output and passes the scope', async (test) => {
      const client = await connect(test);
      const output = await client.call('DescribeCacheClusters', { CacheClusterId: 'a' }, SCOPE);
      assert.deepEqual(output, { CacheClusters: [{ CacheClusterId: 'a', Engine: 'redis' }] });
      const { service, operation, region, accountId } = contexts.at(-1)!;
      assert.deepEqual(
        { service, operation, region, accountId },
        { service: 'elasticache', operation: 'DescribeCacheClusters', ...SCOPE },
      );
    });

    it('rejects with the fault of the called service', async (test) => {
      const client = await connect(test);
      await assert.rejects(
        client.call('DescribeCacheClusters', { CacheClusterId: 'none' }, SCOPE),
        (error) => {
          assert.ok(error instanceof Fault);
          assert.deepEqual(
            [error.shape, error.message],
            ['CacheClusterNotFoundFault', 'CacheCluster none not found.'],
          );
          return true;
        },
      );
    });

    it('rejects when a required member or the operation is missing', async (test) => {
      const client = await connect(test);
      const incomplete = client.call('DeleteCacheCluster', {} as { CacheClusterId: string }, SCOPE);
      await assert.rejects(
        incomplete,
        (error) => error instanceof Fault && error.shape === 'MissingParameter',
      );
      const unknown = client.call('DescribeEvents', {}, SCOPE);
      await assert.rejects(unknown, (error) => error instanceof Fault && error.shape === 'NotImplemented');
    });
  });
}

it('names the environment variable to set when the service does not run', async () => {
  assert.equal(endpointVariable('elasticache'), 'AWS_ENDPOINT_URL_ELASTICACHE');
  const absent = createClient<ElastiCache>('elasticache', { inProcess: undefined });
  await assert.rejects(absent.call('DescribeCacheClusters', {}, SCOPE), {
    code: 'NotRunning',
    message: /AWS_ENDPOINT_URL_ELASTICACHE/,
  });
});

it('rejects with an OperationalError when the endpoint does not answer', async (test) => {
  const { url, stop } = await serve(test, {});
  await stop();
  const client = createClient<ElastiCache>('elasticache', { inProcess: undefined, endpoint: url });
  await assert.rejects(client.call('DescribeCacheClusters', {}, SCOPE), {
    code: 'CommandFailed',
    message: /did not answer/,
  });
});

it('a call to an endpoint that never answers ends at the limit, or at once when Millpond stops', async (test) => {
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connect = (options: Partial<ClientOptions>) =>
    createClient<ElastiCache>('elasticache', { inProcess: undefined, endpoint, ...options });
  await assert.rejects(connect({ callLimitMs: 200 }).call('DescribeCacheClusters', {}, SCOPE), {
    code: 'TimedOut',
    message: `elasticache did not answer at ${endpoint} within 0.2 s.`,
  });
  const ending = new AbortController();
  const call = connect({ signal: ending.signal }).call('DescribeCacheClusters', {}, SCOPE);
  server.once('request', () => ending.abort());
  await assert.rejects(call, { code: 'CommandFailed' });
});

it('without credentials, a call to this machine has the account of the scope', async (test) => {
  const key = process.env.AWS_ACCESS_KEY_ID!;
  delete process.env.AWS_ACCESS_KEY_ID;
  test.after(() => {
    process.env.AWS_ACCESS_KEY_ID = key;
  });
  const { url } = await serve(test, { services: [elasticache] });
  const client = createClient<ElastiCache>('elasticache', { inProcess: undefined, endpoint: url });
  await client.call('DescribeCacheClusters', {}, { ...SCOPE, accountId: '111122223333' });
  assert.equal(contexts.at(-1)!.accountId, '111122223333');
});
