// The network of the host, with network namespaces in place of a host and of containers on its bridge: the nodes, the
// names and the API are reached from a container; and whatever ends Millpond, nothing of it is left in the host.

import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, statSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import {
  assertNothingLeft,
  call,
  createGroup,
  millpondIn,
  redis,
  taken,
} from '../support/millpond-on-machine.ts';
import {
  asUser,
  type Machine,
  makeHost,
  ORDINARY_USER,
  whyNoMachines,
  whyNotReadable,
} from '../support/network-namespace.ts';
import { GO_REDIS_COMMAND, WITHOUT_GO_REDIS } from '../support/outside-clients.ts';
import { eventually } from '../support/replication-groups.ts';

const COMPOSE = new URL('../../deploy/compose.yaml', import.meta.url);
const WITHOUT_MACHINES = whyNoMachines();
const isRoot = process.getuid?.() === 0;

describe('the network of the host', { skip: WITHOUT_MACHINES }, () => {
  for (const uid of isRoot ? [0, ORDINARY_USER] : [process.getuid!()]) {
    it(`is reached from a container, and is taken back whatever ends Millpond (user ${uid})`, {
      skip: uid === ORDINARY_USER && whyNotReadable(),
    }, async (t) => {
      const host = await makeHost(t, { uid });
      host.addBridge('br0', '172.30.0.1/24');
      const millpond = millpondIn(t, host, uid);
      millpond.up('--network', 'host');
      const { dns, network } = millpond.status();
      assert.equal(network, 'host');
      assert.match(millpond.run('status'), /Network +host +\(addresses of [\d.]+\/16;/);
      const block = dns.address.replace(/\.0\.2$/, '');
      assert.deepEqual(taken(host), [`${block}.0.0/16`]);
      const app = await host.addMachine({
        ...{ bridge: 'br0', address: '172.30.0.7/24', gateway: '172.30.0.1', resolver: dns.address },
      });
      const primary = await createGroup(app, `http://${dns.address}:4566/`);
      assert.equal(redis(app, primary, 'set', 'a', '1'), 'OK');
      assert.ok(app.run('getent', 'ahostsv4', primary).startsWith(`${block}.`));

      const before = millpond.status().groups[0]!.members;
      await millpond.kill();
      assert.deepEqual(taken(host), [`${block}.0.0/16`]);
      assert.equal(redis(app, primary, 'get', 'a'), '1', 'names and nodes live on');
      millpond.up();
      assert.deepEqual(millpond.status().groups[0]!.members, before);
      assert.deepEqual(taken(host), [`${block}.0.0/16`]);

      // The route is made again where somebody deleted it.
      await millpond.kill();
      host.run('ip', 'route', 'flush', 'table', 'local', 'proto', '196');
      millpond.up();
      assert.deepEqual(taken(host), [`${block}.0.0/16`]);
      assert.equal(redis(app, primary, 'get', 'a'), '1');

      await millpond.kill();
      millpond.run('down');
      await assertNothingLeft(host);
      millpond.up();
      await eventually('the nodes run again', () => redis(app, primary, 'get', 'a') === '1');
      assert.equal(millpond.status().dns.address, dns.address);
      millpond.run('down');
      await assertNothingLeft(host);
      millpond.run('down', '--purge');
      assert.ok(!existsSync(millpond.dataDir));
    });
  }

  it('shows go-redis in a container every node of a cluster', { skip: WITHOUT_GO_REDIS }, async (t) => {
    const host = await makeHost(t);
    host.addBridge('br0', '172.30.0.1/24');
    const millpond = millpondIn(t, host);
    millpond.up('--network', 'host');
    const { dns } = millpond.status();
    const app = await host.addMachine({
      ...{ bridge: 'br0', address: '172.30.0.7/24', gateway: '172.30.0.1', resolver: dns.address },
    });
    const size = { NumNodeGroups: '3', ReplicasPerNodeGroup: '1' };
    const configuration = await createGroup(app, `http://${dns.address}:4566/`, size);
    const primaries = millpond
      .status()
      .groups[0]!.members.filter(({ role }) => role === 'primary')
      .map(({ address }) => `${address}:6379`);
    // Each line is one client, which may ask any node first.
    const clients = ['sh', '-c', 'printf "\\n\\n\\n\\n\\n\\n" | "$@"', 'sh'] as const;
    const seen = app
      .run(...clients, ...GO_REDIS_COMMAND, 'nodes', configuration)
      .trim()
      .split('\n');
    assert.equal(seen.length, 6);
    for (const line of seen) assert.deepEqual(JSON.parse(line).masters, primaries.toSorted());
  });

  it('takes no block that something else uses, and leaves the routes of others', async (t) => {
    const host = await makeHost(t);
    host.run('ip', 'route', 'add', 'local', '10.90.0.0/16', 'dev', 'lo', 'proto', '197');
    const [one, other] = [millpondIn(t, host), millpondIn(t, host)];
    const refused = one.tryRun('up', '--detach', '--network', 'host', '--network-block', '10.90.0.0/16');
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /uses addresses of 10\.90\.0\.0\/16 already \(the route 10\.90\.0\.0\/16 dev lo\)/,
    );
    one.up('--network', 'host', '--network-block', '10.91.0.0/16');
    assert.match(one.status().dns.address, /^10\.91\.0\.2$/);
    const second = other.tryRun('up', '--detach', '--network', 'host', '--network-block', '10.91.0.0/16');
    assert.match(second.stderr, /uses addresses of 10\.91\.0\.0\/16 already/);
    other.up('--network', 'host');
    assert.equal(taken(host).length, 2);

    const unlike = one.tryRun('up', '--detach', '--network', 'loopback', '--network-block', '10.93.0.0/16');
    assert.equal(unlike.code, 1);
    // A copy of the directory is another Millpond, and must not take the original's block for its own.
    const copy = millpondIn(t, host);
    cpSync(one.dataDir, copy.dataDir, { recursive: true, filter: (path) => !statSync(path).isSocket() });
    copy.up();
    assert.notEqual(copy.status().dns.address, one.status().dns.address);
    assert.equal(taken(host).length, 3);
    copy.run('down', '--purge');
    assert.equal(taken(host).length, 2);

    await one.kill();
    const elsewhere = one.tryRun('up', '--detach', '--network-block', '10.92.0.0/16');
    assert.match(elsewhere.stderr, /has the block 10\.91\.0\.0\/16; run .*down/);
    // In the meantime somebody replaces the route by one of their own.
    host.run('ip', 'route', 'flush', 'table', 'local', 'proto', '196', 'to', '10.91.0.0/16');
    host.run('ip', 'route', 'add', 'local', '10.91.0.0/16', 'dev', 'lo', 'proto', '198');
    one.run('down');
    other.run('down');
    assert.deepEqual(taken(host), []);
    const routes = host.run('ip', 'route', 'show', 'table', 'local');
    assert.match(routes, /local 10\.90\.0\.0\/16 .*proto 197/);
    assert.match(routes, /local 10\.91\.0\.0\/16 .*proto 198/);
  });

  it('is refused without the right to change it, with the reason', {
    skip: !isRoot && 'needs root',
  }, async (t) => {
    const host = await makeHost(t);
    const bounded: Machine = {
      ...host,
      tryRun: (...command) => host.tryRun('setpriv', '--bounding-set=-net_admin', '--', ...command),
    };
    const ordinary: Machine = {
      ...host,
      tryRun: (...command) => host.tryRun(...asUser(ORDINARY_USER), ...command),
    };
    for (const [machine, uid] of [
      [bounded, 0],
      [ordinary, ORDINARY_USER],
    ] as const) {
      const millpond = millpondIn(t, machine, uid);
      const { code, stderr } = millpond.tryRun('up', '--detach', '--port', '0', '--network', 'host');
      assert.equal(code, 1);
      assert.match(
        stderr,
        /needs CAP_NET_ADMIN: run Millpond as root, give its container `--cap-add NET_ADMIN`/,
      );
      const findings = millpond.tryRun('doctor');
      assert.match(findings.stdout, /Network host +The network of the host needs CAP_NET_ADMIN/);
    }
    assert.deepEqual(taken(host), []);
  });

  it('is refused where its tools are missing, with their packages', async (t) => {
    const host = await makeHost(t);
    const millpond = millpondIn(t, host);
    for (const [tool, kind] of [
      ['nft', 'subnets'],
      ['ip', 'host'],
    ] as const) {
      host.run('sh', '-c', `mount --bind /dev/null "$(readlink -f "$(command -v ${tool})")"`);
      const { code, stderr } = millpond.tryRun('up', '--detach', '--port', '0', '--network', kind);
      assert.equal(code, 1);
      assert.match(stderr, new RegExp(`needs ${tool}, which this machine lacks; install \\w+`));
      const { stdout } = millpond.tryRun('doctor');
      assert.match(
        stdout,
        new RegExp(`note +Network ${kind} .*needs (${tool}|ip, nft), which this machine lacks`),
      );
    }
  });

  it('of containers, as in deploy/compose.yaml: nodes are on the application’s network', async (t) => {
    const { services, networks } = parse(readFileSync(COMPOSE, 'utf8'));
    const { subnet, ip_range } = networks.cache.ipam.config[0];
    const { environment, networks: own } = services.millpond;
    assert.deepEqual(services.millpond.cap_add, ['NET_ADMIN']);
    assert.equal(environment.MILLPOND_NETWORK, 'host');
    const address = own.cache.ipv4_address;
    const api: string = services.app.environment.AWS_ENDPOINT_URL;
    const prefix = subnet.split('/')[1];
    const host = await makeHost(t);
    host.addBridge('br0');
    const container = await host.addMachine({ bridge: 'br0', address: `${address}/${prefix}` });
    const app = await host.addMachine({
      bridge: 'br0',
      address: `${ip_range.replace(/0\/24$/, '1')}/${prefix}`,
      resolver: services.app.dns,
    });
    // Another container has the first address that a node would take.
    const neighbour = await host.addMachine({ bridge: 'br0', address: '10.0.0.4/16' });
    const millpond = millpondIn(t, container);
    millpond.up('--network', 'host', '--network-block', environment.MILLPOND_NETWORK_BLOCK);
    assert.equal(millpond.status().dns.address, address);
    const primary = await createGroup(app, api);
    const { members } = millpond.status().groups[0]!;
    assert.ok(members.every(({ address }) => address.startsWith('10.0.') && address !== '10.0.0.4'));
    assert.deepEqual(taken(container).sort(), members.map(({ address }) => address).sort());
    assert.match(neighbour.run('ip', '-br', 'address', 'show', 'eth0'), /10\.0\.0\.4\/16/);

    assert.equal(redis(app, primary, 'set', 'a', '1'), 'OK');
    const addressOf = () => app.run('getent', 'ahostsv4', primary).split(' ')[0]!;
    const first = addressOf();
    call(app, api, 'TestFailover', { ReplicationGroupId: 'shop', NodeGroupId: '0001' });
    await eventually('the name follows the failover', () => addressOf() !== first);
    assert.equal(redis(app, primary, 'set', 'b', '2'), 'OK');
    await eventually('the failed node is back', () =>
      millpond.status().groups[0]!.members.every(({ state }) => state === 'running'),
    );
    const now = millpond.status().groups[0]!.members.map(({ address }) => address);
    assert.deepEqual(taken(container).sort(), now.sort(), 'the address of the failed node is given back');

    const queues = { name: 'sqs', version: '2012-11-05' };
    const url = /<QueueUrl>(.*)<\/QueueUrl>/.exec(
      call(app, api, 'CreateQueue', { QueueName: 'jobs' }, queues),
    );
    assert.ok(url?.[1]?.startsWith(`${api}/`), 'the application reaches its queues');

    await millpond.kill();
    assert.equal(redis(app, primary, 'get', 'b'), '2');
    millpond.up();
    assert.deepEqual(taken(container).sort(), now.sort());
    await millpond.kill();
    millpond.run('down');
    await assertNothingLeft(container);
    const { code } = app.tryRun('timeout', '1', 'redis-cli', '-h', now[0]!, 'ping');
    assert.notEqual(code, 0);
  });
});
