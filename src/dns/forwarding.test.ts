import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { silentLog } from '../kernel/log.ts';
import { hostResolvers, parseUpstream } from './host-resolvers.ts';
import { type DnsServer, startDnsServer } from './server.ts';
import type { Zone } from './zone.ts';

const elsewhere: Zone = {
  suffix: 'example.test',
  lookup(name) {
    if (name === 'www.example.test') return [{ type: 'A', ttl: 60, data: '127.200.0.1' }];
    if (name !== 'many.example.test') return undefined;
    return Array.from({ length: 300 }, (_, i) => ({
      type: 'A',
      ttl: 60,
      data: `127.200.${i % 3}.${i % 250}`,
    }));
  },
};

const own: Zone = {
  suffix: 'cache.test',
  owns: (name) => name.includes('abc123'),
  lookup: (name) =>
    name === 'out.abc123.cache.test' ? [{ type: 'CNAME', ttl: 5, data: 'www.example.test' }] : undefined,
};

async function start(context: TestContext, zone: Zone, upstreams: string[]): Promise<DnsServer> {
  const server = await startDnsServer({ address: '127.0.0.1', port: 0, upstreams, log: silentLog });
  server.zones.add(zone);
  context.after(() => server.stop());
  return server;
}

/** Answers from the upstream's address are only told apart by address, so the forwarding server has its own. */
async function startForwarding(context: TestContext, upstreams: string[]): Promise<Resolver> {
  const server = await startDnsServer({ address: '127.0.0.5', port: 0, upstreams, log: silentLog });
  server.zones.add(own);
  context.after(() => server.stop());
  const resolver = new Resolver({ timeout: 8000, tries: 1 });
  resolver.setServers([`127.0.0.5:${server.port}`]);
  return resolver;
}

describe('forwarding', { skip: process.platform !== 'linux' && 'needs Linux, for 127.0.0.5' }, () => {
  it('asks the next resolver when the first is closed, and passes NXDOMAIN on', async (context) => {
    const upstream = await start(context, elsewhere, []);
    const resolver = await startForwarding(context, ['127.0.0.1:1', `127.0.0.1:${upstream.port}`]);
    assert.deepEqual(await resolver.resolve4('www.example.test'), ['127.200.0.1']);
    await assert.rejects(resolver.resolve4('none.example.test'), { code: 'ENOTFOUND' });
  });

  it('forwards what a zone does not own under its suffix', async (context) => {
    const upstream = await start(context, { suffix: 'cache.test', lookup: elsewhereAddress }, []);
    const resolver = await startForwarding(context, [`127.0.0.1:${upstream.port}`]);
    assert.deepEqual(await resolver.resolve4('real.fff999.cache.test'), ['127.200.0.2']);
    await assert.rejects(resolver.resolve4('real.abc123.cache.test'), { code: 'ENOTFOUND' });
  });

  it('completes a chain that leaves its zones', async (context) => {
    const upstream = await start(context, elsewhere, []);
    const resolver = await startForwarding(context, [`127.0.0.1:${upstream.port}`]);
    assert.deepEqual(await resolver.resolve4('out.abc123.cache.test'), ['127.200.0.1']);
  });

  it('repeats a truncated query over TCP', async (context) => {
    const upstream = await start(context, elsewhere, []);
    const resolver = await startForwarding(context, [`127.0.0.1:${upstream.port}`]);
    assert.equal((await resolver.resolve4('many.example.test')).length, 300);
  });

  it('answers SERVFAIL when no resolver answers, and at once when none listens', async (context) => {
    // Nothing listens at the second one.
    const resolver = await startForwarding(context, ['127.0.0.1:1', '255.255.255.255']);
    await assert.rejects(resolver.resolve4('www.example.test'), { code: 'ESERVFAIL' });
    await assert.rejects(resolver.resolve4('out.abc123.cache.test'), { code: 'ESERVFAIL' });
  });

  it('stops while a resolver has not answered', async () => {
    const silent = createSocket('udp4').bind(0, '127.0.0.1');
    await once(silent, 'listening');
    const upstreams = [`127.0.0.1:${silent.address().port}`];
    const server = await startDnsServer({ address: '127.0.0.5', port: 0, upstreams, log: silentLog });
    const client = createSocket('udp4');
    const query = Buffer.from('000101000001000000000000037777770474657374000001' + '0001', 'hex');
    client.send(query, server.port, server.address);
    await once(silent, 'message');
    await server.stop();
    silent.close();
    client.close();
  });

  it('never forwards to itself', async (context) => {
    const resolver = await startForwarding(context, ['127.0.0.5:53']);
    await assert.rejects(resolver.resolve4('www.example.test'), { code: 'ESERVFAIL' });
  });
});

const elsewhereAddress: Zone['lookup'] = () => [{ type: 'A', ttl: 60, data: '127.200.0.2' }];

describe('the host’s resolvers', () => {
  it('are those in resolv.conf, or the uplinks of systemd-resolved', async (context) => {
    const root = await mkdtemp(join(tmpdir(), 'millpond-dns-'));
    context.after(() => rm(root, { recursive: true }));
    assert.deepEqual(await hostResolvers(root), []);
    await mkdir(join(root, 'etc'));
    await mkdir(join(root, 'run/systemd/resolve'), { recursive: true });
    await writeFile(join(root, 'etc/resolv.conf'), '# ours\nnameserver 192.0.2.1\nsearch a\nnameserver x\n');
    await writeFile(join(root, 'run/systemd/resolve/resolv.conf'), 'nameserver 192.0.2.7\nnameserver ::1\n');
    assert.deepEqual(await hostResolvers(root), [{ address: '192.0.2.1', port: 53 }]);
    await writeFile(join(root, 'etc/resolv.conf'), 'nameserver 127.0.0.53\noptions edns0\n');
    assert.deepEqual(await hostResolvers(root), [
      { address: '192.0.2.7', port: 53 },
      { address: '::1', port: 53 },
    ]);
  });

  it('can be replaced by an option', () => {
    assert.deepEqual(parseUpstream('192.0.2.1'), { address: '192.0.2.1', port: 53 });
    assert.deepEqual(parseUpstream('192.0.2.1:5353'), { address: '192.0.2.1', port: 5353 });
    assert.deepEqual(parseUpstream('::1'), { address: '::1', port: 53 });
    assert.deepEqual(parseUpstream('[::1]:5353'), { address: '::1', port: 5353 });
    for (const bad of ['', 'localhost', '192.0.2.1:0', '192.0.2.1:x', '192.0.2.1:99999']) {
      assert.throws(() => parseUpstream(bad), { code: 'InvalidOption' });
    }
  });
});
