import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { Packet } from 'dns2';
import { withoutProgram } from '../../test/support/outside-clients.ts';
import { silentLog } from '../kernel/log.ts';
import { reverseZone } from './reverse.ts';
import { type DnsServer, type DnsServerOptions, startDnsServer } from './server.ts';
import type { DnsRecord, Zone } from './zone.ts';

const SUFFIX = 'use1.cache.amazonaws.com';
const PRIMARY = `demo.abc123.ng.0001.${SUFFIX}`;
const NODE = `demo-001.abc123.0001.${SUFFIX}`;
const MANY = Array.from({ length: 90 }, (_, i): DnsRecord => ({ type: 'A', ttl: 5, data: `127.9.16.${i}` }));

const RECORDS: Record<string, DnsRecord[]> = {
  [PRIMARY]: [{ type: 'CNAME', ttl: 5, data: NODE }],
  [NODE]: [{ type: 'A', ttl: 5, data: '127.9.16.4' }],
  [`clustercfg.big.abc123.${SUFFIX}`]: MANY,
  [`outside.abc123.${SUFFIX}`]: [{ type: 'CNAME', ttl: 5, data: 'www.example.test' }],
  [`loop.abc123.${SUFFIX}`]: [{ type: 'CNAME', ttl: 5, data: `loop.abc123.${SUFFIX}` }],
  [`text.abc123.${SUFFIX}`]: [{ type: 'TXT', ttl: 5, data: 'x'.repeat(300) }],
  [`_redis._tcp.abc123.${SUFFIX}`]: [{ type: 'SRV', ttl: 5, data: `1 2 6379 ${NODE}` }],
};

const zone: Zone = {
  suffix: SUFFIX,
  owns: (name) => name.includes('abc123'),
  lookup(name) {
    if (name.startsWith('broken.')) throw new Error('a source that fails');
    return RECORDS[name];
  },
};

async function start(context: TestContext, options: Partial<DnsServerOptions> = {}): Promise<DnsServer> {
  const server = await startDnsServer({
    address: '127.0.0.1',
    port: 0,
    upstreams: [],
    log: silentLog,
    ...options,
  });
  server.zones.add(zone);
  context.after(() => server.stop());
  return server;
}

function resolverFor(server: DnsServer): Resolver {
  const resolver = new Resolver({ timeout: 5000, tries: 1 });
  resolver.setServers([`${server.address}:${server.port}`]);
  return resolver;
}

/** One exchange over UDP, in dns2's form. */
async function ask(
  server: DnsServer,
  name: string,
  type: number,
  edit?: (packet: Packet) => void,
): Promise<Packet> {
  const packet = new Packet();
  packet.header = new Packet.Header({ id: 4711, rd: 1 });
  packet.questions.push(new Packet.Question(name, type, Packet.CLASS.IN));
  edit?.(packet);
  return Packet.parse(await exchange(server.address, server.port, packet.toBuffer()));
}

async function exchange(address: string, port: number, message: Buffer): Promise<Buffer> {
  const socket = createSocket('udp4');
  try {
    socket.send(message, port, address);
    const [response] = (await once(socket, 'message', { signal: AbortSignal.timeout(5000) })) as [Buffer];
    return response;
  } finally {
    socket.close();
  }
}

const { TYPE, RCODE } = Packet;

describe('DNS server', () => {
  it('answers over UDP with the whole CNAME chain, in the letter case of the query', async (context) => {
    const server = await start(context);
    const asked = PRIMARY.replace('demo', 'DeMo').replace('cache', 'cAcHe');
    const response = await ask(server, asked, TYPE.A);
    assert.equal(response.header.aa, 0);
    assert.equal(response.header.id, 4711);
    assert.equal(response.questions[0]!.name, asked);
    assert.deepEqual(
      response.answers.map(({ name, ttl, domain, address }) => [
        name.toLowerCase(),
        ttl,
        domain?.toLowerCase() ?? address,
      ]),
      [
        [PRIMARY, 5, NODE],
        [NODE, 5, '127.9.16.4'],
      ],
    );
    assert.equal(response.answers[0]!.name, asked);
  });

  it('answers an AAAA query with the CNAME and no address', async (context) => {
    const response = await ask(await start(context), PRIMARY, TYPE.AAAA);
    assert.equal(response.header.rcode, RCODE.NOERROR);
    assert.deepEqual(
      response.answers.map((record) => record.type),
      [TYPE.CNAME],
    );
    assert.equal(response.authorities[0]!.type, TYPE.SOA);
  });

  it('answers the resolver of Node', async (context) => {
    const resolver = resolverFor(await start(context));
    assert.deepEqual(await resolver.resolve4(PRIMARY), ['127.9.16.4']);
    assert.deepEqual(await resolver.resolveCname(PRIMARY), [NODE]);
    assert.deepEqual(await resolver.resolveTxt(`text.abc123.${SUFFIX}`), [['x'.repeat(255), 'x'.repeat(45)]]);
    assert.deepEqual(await resolver.resolveSrv(`_redis._tcp.abc123.${SUFFIX}`), [
      { type: 'SRV', priority: 1, weight: 2, port: 6379, name: NODE },
    ]);
    await assert.rejects(resolver.resolve4(`none.abc123.${SUFFIX}`), { code: 'ENOTFOUND' });
    assert.deepEqual(await resolver.resolve6(PRIMARY), []);
  });

  it('answers NXDOMAIN for an unknown name, with an SOA of a short TTL', async (context) => {
    const response = await ask(await start(context), `none.abc123.${SUFFIX}`, TYPE.A);
    assert.equal(response.header.rcode, RCODE.NXDOMAIN);
    const [authority] = response.authorities;
    assert.equal(authority!.name, SUFFIX);
    assert.ok(authority!.minimum! <= 5);
  });

  it('answers from zones that are added, changed and removed', async (context) => {
    const server = await start(context);
    const resolver = resolverFor(server);
    let address = '127.9.1.1';
    const changing: Zone = {
      suffix: 'deep.abc123.test',
      lookup: () => [{ type: 'A', ttl: 0, data: address }],
    };
    const wider: Zone = { suffix: 'abc123.test', lookup: () => [{ type: 'A', ttl: 0, data: '127.9.9.9' }] };
    server.zones.add(changing);
    server.zones.add(wider);
    assert.deepEqual(await resolver.resolve4('a.deep.abc123.test'), ['127.9.1.1']);
    address = '127.9.1.2';
    assert.deepEqual(await resolver.resolve4('a.deep.abc123.test'), ['127.9.1.2']);
    server.zones.remove(changing);
    assert.deepEqual(await resolver.resolve4('a.deep.abc123.test'), ['127.9.9.9']);
  });

  it('truncates over UDP to what fits, and sends everything over TCP', async (context) => {
    const server = await start(context);
    const name = `clustercfg.big.abc123.${SUFFIX}`;
    const plain = await ask(server, name, TYPE.A);
    assert.equal(plain.header.tc, 1);
    assert.ok(plain.answers.length > 20 && plain.answers.length < 40, `${plain.answers.length} answers`);
    assert.equal(plain.answers[0]!.address, '127.9.16.0');

    const withEdns = await ask(server, name, TYPE.A, (packet) =>
      packet.additionals.push(Packet.Resource.EDNS([], { udpPayloadSize: 4096 })),
    );
    assert.equal(withEdns.header.tc, 0);
    assert.equal(withEdns.answers.length, 90);
    assert.equal(withEdns.additionals[0]!.type, TYPE.EDNS);

    assert.equal((await resolverFor(server).resolve4(name)).length, 90);
  });

  it('refuses transfers, ANY, other classes and EDNS versions that do not exist', async (context) => {
    const server = await start(context);
    assert.equal((await ask(server, SUFFIX, TYPE.AXFR)).header.rcode, RCODE.REFUSED);
    assert.equal((await ask(server, PRIMARY, TYPE.ANY)).header.rcode, RCODE.REFUSED);
    const chaos = await ask(server, 'version.bind', TYPE.TXT, (packet) => {
      packet.questions[0]!.class = Packet.CLASS.CH;
    });
    assert.equal(chaos.header.rcode, RCODE.REFUSED);
    const future = await ask(server, PRIMARY, TYPE.A, (packet) =>
      packet.additionals.push(Packet.Resource.EDNS([], { version: 1 })),
    );
    assert.equal(future.header.rcode, RCODE.BADVERS);
    const update = await ask(server, PRIMARY, TYPE.A, (packet) => {
      packet.header.opcode = 5;
    });
    assert.equal(update.header.rcode, RCODE.NOTIMP);
  });

  it('survives a lookup that throws and a CNAME to itself', async (context) => {
    const server = await start(context);
    assert.equal((await ask(server, `broken.abc123.${SUFFIX}`, TYPE.A)).header.rcode, RCODE.SERVFAIL);
    assert.equal((await ask(server, `loop.abc123.${SUFFIX}`, TYPE.A)).header.rcode, RCODE.SERVFAIL);
    assert.equal((await ask(server, PRIMARY, TYPE.A)).answers.length, 2);
  });

  it('answers a PTR query', async (context) => {
    const server = await start(context);
    const nameOf = (address: string) => (address === '127.9.16.4' ? NODE : undefined);
    server.zones.add(reverseZone({ block: 9, ttl: 5, nameOf }));
    assert.deepEqual(await resolverFor(server).reverse('127.9.16.4'), [NODE]);
    await assert.rejects(resolverFor(server).reverse('127.9.16.5'), { code: 'ENOTFOUND' });
  });

  it('uses the same high port for UDP and TCP when its own is not available', async (context) => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    context.after(() => holder.close());
    const { port } = holder.address() as { port: number };
    const options = { address: '127.0.0.1', port, upstreams: [], log: silentLog };
    await assert.rejects(startDnsServer(options), { code: 'AddressInUse' });
    const server = await start(context, { port, fallbackPort: 0 });
    assert.notEqual(server.port, port);
    assert.deepEqual(await resolverFor(server).resolve4(PRIMARY), ['127.9.16.4']);
  });

  it('answers dig with the CNAME chain', { skip: withoutProgram('dig') }, async (context) => {
    const server = await start(context);
    const args = [`@${server.address}`, '-p', String(server.port), '+short', '+tcp', PRIMARY];
    const output = await promisify(execFile)('dig', args);
    assert.equal(output.stdout, `${NODE}.\n127.9.16.4\n`);
  });
});

describe('DNS server with malformed input', () => {
  it('still answers after 5,000 random and mutilated datagrams', async (context) => {
    const server = await start(context);
    const random = xorshift(20261121);
    const good = new Packet();
    good.header = new Packet.Header({ id: 1, rd: 1 });
    good.questions.push(new Packet.Question(PRIMARY, TYPE.A, Packet.CLASS.IN));
    good.additionals.push(Packet.Resource.EDNS([], {}));
    const sample = good.toBuffer();
    const socket = createSocket('udp4');
    context.after(() => socket.close());
    for (let i = 0; i < 5000; i++) {
      const message = Buffer.from(i % 2 ? sample : Buffer.alloc(random(600)));
      if (i % 2) for (let hits = random(4); hits >= 0; hits--) message[random(message.length)] = random(256);
      if (i % 2 === 0) for (let at = 0; at < message.length; at++) message[at] = random(256);
      await new Promise((sent) => socket.send(message, server.port, server.address, sent));
      // Waits for an answer now and then, so that the kernel does not drop the datagrams unread.
      if (i % 50 === 49) await exchange(server.address, server.port, sample);
    }
    assert.deepEqual(await resolverFor(server).resolve4(PRIMARY), ['127.9.16.4']);
  });

  it('closes a TCP connection with a too large length, and answers many queries on a valid one', async (context) => {
    const server = await start(context);
    const greedy = connect(server.port, server.address).on('error', () => {});
    greedy.write(Buffer.from([0xff, 0xff, 1, 2, 3]));
    await once(greedy, 'close');

    const good = new Packet();
    good.header = new Packet.Header({ id: 1, rd: 1 });
    good.questions.push(new Packet.Question(PRIMARY, TYPE.A, Packet.CLASS.IN));
    const message = good.toBuffer();
    const frame = Buffer.concat([Buffer.from([0, message.length]), message]);
    const socket = connect(server.port, server.address);
    context.after(() => socket.destroy());
    // Segments that end within a message, and a segment with several messages.
    socket.write(Buffer.concat([frame, frame, frame.subarray(0, 7)]));
    let received = 0;
    const length = 2 + (await exchange(server.address, server.port, message)).length;
    for await (const chunk of socket) {
      received += (chunk as Buffer).length;
      if (received === 2 * length) socket.write(frame.subarray(7));
      if (received === 3 * length) break;
    }
    assert.equal(received, 3 * length);
  });
});

/** Uniform integers below `limit`; the same seed gives the same sequence. */
function xorshift(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}
