// The world of a data directory: what is in it, who keeps it, how the next Millpond finds it, and that nothing is left.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it, type TestContext } from 'node:test';
import { silentLog } from '../../kernel/log.ts';
import { startTickOf } from '../../kernel/process-identity.ts';
import { endNetwork, openNetwork } from '../open-network.ts';
import { linkOf } from './link.ts';

const options = (dataDir: string, processes: number[] = []) => ({
  ...{ dataDir, kind: 'subnets' as const, log: silentLog },
  processes: async () => processes,
  nodeAddresses: () => new Set<string>(),
  hostApi: () => ({ address: '127.0.0.1', port: 4566 }),
});

function directory(test: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'millpond-network-'));
  test.after(async () => {
    await endNetwork(path);
    rmSync(path, { recursive: true });
  });
  return path;
}

/** A network that a failed test does not leave open: its sockets would keep the whole file from ending. */
async function networkOf(test: TestContext, given: Parameters<typeof openNetwork>[0]) {
  const network = await openNetwork(given);
  let isReleased = false;
  const release: typeof network.release = (nodes) => {
    isReleased = true;
    return network.release(nodes);
  };
  test.after(() => (isReleased ? undefined : network.release('stopped')));
  return { ...network, release };
}

const keeperOf = (dataDir: string): { pid: number; startTick: string; namespace: string } =>
  JSON.parse(readFileSync(join(dataDir, 'network', 'world.json'), 'utf8'));

const run = ([program, ...args]: [string, ...string[]]): string =>
  execFileSync(program, args, { encoding: 'utf8' });

describe('the network of subnets', { skip: whyNot() }, () => {
  it('has every address of a subnet, and is another network than the host’s', async (test) => {
    const network = await networkOf(test, options(directory(test)));
    const listening = network.inside([process.execPath, '-e', LISTEN, '10.0.3.34']);
    assert.equal(run(listening), '10.0.3.34:6379\n');
    assert.equal(network.take('10.0.3.0/24', new Set(['10.0.3.4'])), '10.0.3.5');
    assert.notEqual(
      run(network.inside(['readlink', '/proc/self/ns/net'])).trim(),
      readlinkSync('/proc/self/ns/net'),
    );
    await network.release('stopped');
  });

  it('outlives Millpond, is found again, and is gone when nothing runs in it any more', async (test) => {
    const dataDir = directory(test);
    const first = await networkOf(test, options(dataDir));
    const { pid, namespace, startTick } = keeperOf(dataDir);
    await first.release('running');
    assert.equal(startTickOf(pid), startTick);
    const second = await networkOf(test, options(dataDir));
    assert.equal(run(second.inside(['readlink', '/proc/self/ns/net'])).trim(), namespace);
    assert.equal(keeperOf(dataDir).pid, pid);
    await second.release('stopped');
    assert.equal(startTickOf(pid), undefined);
    assert.ok(!existsSync(join(dataDir, 'network', 'world.json')));
  });

  it('is entered through a node when its keeper was killed meanwhile, and gets another', async (test) => {
    const dataDir = directory(test);
    const first = await networkOf(test, options(dataDir));
    const [program, ...args] = first.inside(['sleep', '60']);
    const node = spawn(program, args, { stdio: 'ignore' });
    test.after(() => node.kill());
    await once(node, 'spawn');
    const before = keeperOf(dataDir);
    while (readlinkSync(`/proc/${node.pid}/ns/net`) !== before.namespace) await new Promise(setImmediate);
    await first.release('running');
    process.kill(before.pid, 'SIGKILL');
    while (startTickOf(before.pid) !== undefined) await new Promise(setImmediate);
    const second = await networkOf(test, options(dataDir, [node.pid!]));
    const after = keeperOf(dataDir);
    assert.notEqual(after.pid, before.pid);
    assert.equal(after.namespace, before.namespace);
    await second.release('stopped');
  });

  it('gives a process tree an interface, and takes it back with the last process', async (test) => {
    const dataDir = directory(test);
    const network = await networkOf(test, options(dataDir));
    const subnet = { id: 'subnet-1', cidr: '10.0.1.0/24', vpcId: 'vpc-1', vpcCidr: '10.0.0.0/16' };
    const opened = await network.interfaces!.open({
      subnet,
      securityGroupIds: [],
      isOperator: true,
      hasPublicAddress: true,
    });
    assert.deepEqual([opened.address, opened.resolver], ['10.0.1.4', '10.0.0.2']);
    await opened.ready;
    const shown = run(opened.inside(['ip', '-4', '-brief', 'address', 'show', 'dev', 'eth0']));
    assert.match(shown, / 10\.0\.1\.4\/32 /);
    await opened.close();
    const procNet = `/proc/${keeperOf(dataDir).pid}/net/dev`;
    while (readFileSync(procNet, 'utf8').includes(linkOf('10.0.1.4'))) await new Promise(setImmediate);
    const next = await network.interfaces!.open({
      subnet,
      securityGroupIds: [],
      isOperator: true,
      hasPublicAddress: true,
    });
    assert.equal(next.address, '10.0.1.5', 'an address that was just released comes last');
    await next.close();
    await network.release('stopped');
  });

  it('shares an interface that is asked for by its address', async (test) => {
    const network = await networkOf(test, options(directory(test)));
    const subnet = { id: 'subnet-1', cidr: '10.0.1.0/24', vpcId: 'vpc-1', vpcCidr: '10.0.0.0/16' };
    const spec = {
      subnet,
      address: '10.0.1.17',
      securityGroupIds: [],
      isOperator: false,
      hasPublicAddress: false,
    };
    const [first, second] = await Promise.all([
      network.interfaces!.open(spec),
      network.interfaces!.open(spec),
    ]);
    const namespace = ['readlink', '/proc/self/ns/net'];
    assert.equal(run(first.inside(namespace)), run(second.inside(namespace)));
    await first.close();
    assert.match(run(second.inside(['ip', '-4', '-brief', 'address'])), / 10\.0\.1\.17\/32 /);
    second.change({ securityGroupIds: ['sg-1'], hasPublicAddress: true });
    const [listed] = network.interfaces!.list();
    assert.deepEqual([listed!.securityGroupIds, listed!.hasPublicAddress], [['sg-1'], true]);
    await second.close();
    await network.release('stopped');
  });

  it('drops packets with the address of another machine, or of a node', async (test) => {
    const network = await networkOf(test, options(directory(test)));
    const subnet = { id: 'subnet-1', cidr: '10.0.1.0/24', vpcId: 'vpc-1', vpcCidr: '10.0.0.0/16' };
    const open = () => network.interfaces!.open({ subnet, securityGroupIds: [], isOperator: true });
    const [machine, other] = await Promise.all([open(), open()]);
    await Promise.all([machine.ready, other.ready]);
    const [program, ...args] = network.inside([process.execPath, '-e', SENDERS, '10.0.3.34']);
    const listening = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    test.after(() => listening.kill());
    const lines = createInterface({ input: listening.stdout });
    const heard: string[] = [];
    lines.on('line', (line) => heard.push(line));
    while (heard.length === 0) await new Promise(setImmediate);
    for (const sender of [other.address, '10.0.3.35', '203.0.113.5', machine.address]) {
      const asSender = `ip address replace ${sender}/32 dev lo && exec "$@"`;
      run(machine.inside(['sh', '-c', asSender, 'sh', process.execPath, '-e', SEND, sender, '10.0.3.34']));
    }
    while (heard.length === 1) await new Promise(setImmediate);
    assert.deepEqual(heard, ['listening', machine.address]);
    await Promise.all([machine.close(), other.close()]);
    await network.release('stopped');
  });

  it('answers the next query, however many there were just before', async (test) => {
    const network = await networkOf(test, options(directory(test)));
    const subnet = { id: 'subnet-1', cidr: '10.0.1.0/24', vpcId: 'vpc-1', vpcCidr: '10.0.0.0/16' };
    const machine = await network.interfaces!.open({ subnet, securityGroupIds: [], isOperator: true });
    await machine.ready;
    const { dns } = await network.inner!;
    dns.udp.on('message', (query, { port, address }) => dns.udp.send(query, port, address));
    // From every port of a machine.
    const asked = Array.from({ length: 65_535 }, (_, port) => `10.0.1.9 . udp . ${port + 1} : 10.0.0.2`);
    const [nft, ...args] = network.inside(['nft', '-f', '-']);
    execFileSync(nft, args, { input: `add element inet millpond asked { ${asked.join(', ')} }\n` });
    const [program, ...words] = machine.inside([process.execPath, '-e', ASK, machine.resolver]);
    const asking = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    test.after(() => asking.kill());
    const [answer] = await once(createInterface({ input: asking.stdout }), 'line');
    assert.equal(answer, '10.0.0.2');
    await machine.close();
    await network.release('stopped');
  });

  it('listens again after a Millpond that was killed while it opened its sockets', async (test) => {
    const dataDir = directory(test);
    for (const messages of ['1', '2', '3']) {
      const args = ['--input-type=module', '-e', KILLED, '--', dataDir, messages, import.meta.url];
      const killed = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
      assert.deepEqual(await once(killed, 'exit'), [null, 'SIGKILL']);
    }
    const next = await networkOf(test, options(dataDir));
    assert.ok((await next.inner!).api.listening);
    await next.release('stopped');
  });

  it('cannot become another kind while nodes may run in it', async (test) => {
    const dataDir = directory(test);
    const network = await networkOf(test, options(dataDir));
    await network.release('running');
    await assert.rejects(openNetwork({ ...options(dataDir), kind: 'loopback' }), {
      code: 'InvalidOption',
      message: /a network of the kind subnets; run `.* down/,
    });
    await (await openNetwork({ ...options(dataDir), kind: undefined })).release('stopped');
    await (await openNetwork({ ...options(dataDir), kind: 'loopback' })).release('stopped');
  });
});

const LISTEN = `
const server = require('node:net').createServer();
server.listen(6379, process.argv[1], () => {
  console.log(server.address().address + ':' + server.address().port);
  server.close();
});
`;

/** Prints the sender of every packet. */
const SENDERS = `
require('node:dgram').createSocket('udp4')
  .on('message', (_, { address }) => console.log(address))
  .bind(5353, process.argv[1], () => console.log('listening'));
`;

/** Sends a packet with this sender. */
const SEND = `
const [, sender, target] = process.argv;
const socket = require('node:dgram').createSocket('udp4');
socket.bind(0, sender, () => socket.send('hello', 5353, target, () => socket.close()));
`;

/** Opens a network, and is killed when it has received this many of the sockets. */
const KILLED = `
const [, dataDir, messages, here] = process.argv;
const { ChildProcess } = await import('node:child_process');
const { silentLog } = await import(new URL('../../kernel/log.ts', here));
const { openNetwork } = await import(new URL('../open-network.ts', here));
const { emit } = ChildProcess.prototype;
let received = 0;
ChildProcess.prototype.emit = function (name, ...rest) {
  if (name === 'message' && ++received === Number(messages)) process.kill(process.pid, 'SIGKILL');
  return emit.call(this, name, ...rest);
};
await openNetwork({
  ...{ dataDir, kind: 'subnets', log: silentLog, processes: async () => [] },
  ...{ nodeAddresses: () => new Set(), hostApi: () => ({ address: '127.0.0.1', port: 4566 }) },
});
setInterval(() => {}, 1_000);
`;

/** Asks a resolver until it answers, and prints who answered. */
const ASK = `
const socket = require('node:dgram').createSocket('udp4');
const ask = () => socket.send('query', 53, process.argv[1]);
const again = setInterval(ask, 100);
socket.once('message', (_, { address }) => {
  console.log(address);
  clearInterval(again);
  socket.close();
});
ask();
`;

function whyNot(): string | false {
  if (process.platform !== 'linux') return 'needs Linux';
  const users = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  try {
    execFileSync('unshare', [...users, '--net', 'nft', 'list', 'ruleset'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'needs a network of its own';
  }
}
