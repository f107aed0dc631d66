// Functions in the network of subnets, looked at from outside: each environment has an address of its own, reaches what
// it would reach on AWS, and is gone with whatever ends it. As root and as an ordinary user.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import {
  CreateReplicationGroupCommand,
  DescribeReplicationGroupsCommand,
  ElastiCacheClient,
} from '@aws-sdk/client-elasticache';
import { startTickOf } from '../../src/kernel/process-identity.ts';
import { childrenOf } from '../../src/machines/functions/memory.ts';
import { isInRange } from '../../src/network/next-address.ts';
import { MillpondInSubnets } from '../support/functions-in-subnets.ts';
import { ORDINARY_USER } from '../support/network-namespace.ts';
import { WITHOUT_SUBNETS } from '../support/networks.ts';
import { eventually } from '../support/replication-groups.ts';

/** Sends a text to a host and resolves to the first answer, or to why there was none. */
const CODE = `
const net = require('node:net'), os = require('node:os'), dns = require('node:dns');
const ask = ({ host, port = 6379, text, withinMs }) => new Promise((resolve) => {
  const socket = net.connect({ host, port }, () => socket.write(text));
  const end = (result) => { resolve(result); socket.destroy(); };
  if (withinMs) setTimeout(end, withinMs, 'silent');
  socket.on('data', (piece) => end(String(piece))).on('error', (error) => end(error.code));
});
const tasks = {
  ask,
  address: () => os.networkInterfaces().eth0[0].address,
  server: async ({ name }) => [dns.getServers(), await dns.promises.resolve4(name)],
  async who() {
    const { STS } = require('@aws-sdk/client-sts');
    return (await new STS({}).getCallerIdentity({})).Account;
  },
  async post({ path }) {
    const body = JSON.stringify({ region: 'us-east-1' });
    return (await fetch(process.env.AWS_ENDPOINT_URL + path, { method: 'POST', body })).status;
  },
  spin() { for (;;); },
};
exports.handler = async ({ task, ...event }) => tasks[task](event);
`;

const users: [string, number | undefined][] =
  process.getuid?.() === 0
    ? [
        ['root', undefined],
        ['an ordinary user', ORDINARY_USER],
      ]
    : [['this user', undefined]];

for (const [user, uid] of users) {
  describe(`functions in the network of subnets, by ${user}`, { skip: WITHOUT_SUBNETS }, () => {
    it('a function in a VPC reaches a node and shows it an address of its subnet; one outside reaches the API only', async (t) => {
      const millpond = await MillpondInSubnets.start(t, uid);
      const { cidrs, ...vpc } = await millpond.defaultVpc();
      const elasticache = new ElastiCacheClient(millpond.client);
      t.after(() => elasticache.destroy());
      await elasticache.send(
        new CreateReplicationGroupCommand({
          ...{ ReplicationGroupId: 'demo', ReplicationGroupDescription: 'demo', NumCacheClusters: 1 },
          ...{ CacheNodeType: 'cache.t3.micro', Engine: 'redis', SecurityGroupIds: vpc.SecurityGroupIds },
        }),
      );
      const host = await eventually('demo is available', async () => {
        const { ReplicationGroups } = await elasticache.send(new DescribeReplicationGroupsCommand({}));
        const group = ReplicationGroups?.[0];
        return group?.Status === 'available' && group.NodeGroups?.[0]?.PrimaryEndpoint?.Address;
      });
      const inside = await millpond.createFunction('inside', { 'index.js': CODE }, { VpcConfig: vpc });
      const outside = await millpond.createFunction('outside', { 'index.js': CODE });

      const address = await inside({ task: 'address' });
      assert.ok(isInRange(address, cidrs[0]!), `${address} is in ${cidrs[0]}`);
      const clients = await inside({ task: 'ask', host, text: 'CLIENT LIST\r\n' });
      assert.ok(clients.includes(` addr=${address}:`), clients);
      const [servers] = await inside({ task: 'server', name: host });
      assert.deepEqual(servers, ['172.31.0.2']);

      assert.equal(await outside({ task: 'who' }), '000000000000');
      // A function may not open machines, nor cut the network.
      for (const path of ['/_millpond/machines', '/_millpond/faults', '/_millpond/feeds']) {
        assert.equal(await inside({ task: 'post', path }), 403);
        assert.equal(await outside({ task: 'post', path }), 403);
      }
      const [node] = (await outside({ task: 'server', name: host }))[1];
      assert.equal(await outside({ task: 'ask', host: node, text: 'PING\r\n', withinMs: 500 }), 'silent');
      assert.ok(isInRange(await outside({ task: 'address' }), '100.64.0.0/16'));
    });

    it('environments are spread over the subnets, and end with their first process', async (t) => {
      const millpond = await MillpondInSubnets.start(t, uid);
      const { cidrs, ...vpc } = await millpond.defaultVpc();
      const call = await millpond.createFunction('spread', { 'index.js': CODE }, { VpcConfig: vpc });
      const address = await call({ task: 'address' });
      assert.deepEqual(millpond.linked(), [address]);
      const [first] = millpond.environments();
      process.kill(first!, 'SIGKILL');
      await eventually('its link is gone', () => !millpond.linked().includes(address));
      const next = await call({ task: 'address' });
      assert.ok(isInRange(next, cidrs[1]!), `${next} is in ${cidrs[1]}`);
      process.kill(childrenOf(millpond.environments()[0]!)[0]!, 'SIGKILL');
      await eventually('its link is gone', () => !millpond.linked().includes(next));
      assert.deepEqual(millpond.environments(), []);
    });

    it('a killed Millpond leaves no environment, not even a busy one', async (t) => {
      const millpond = await MillpondInSubnets.start(t, uid);
      const { SubnetIds, SecurityGroupIds } = await millpond.defaultVpc();
      const VpcConfig = { SubnetIds, SecurityGroupIds };
      const call = await millpond.createFunction('busy', { 'index.js': CODE }, { VpcConfig });
      const address = await call({ task: 'address' });
      const [environment] = millpond.environments();
      const [shell] = childrenOf(environment!);
      const [program] = childrenOf(shell!);
      const before = ticksOf(program!);
      call({ task: 'spin' }).catch(() => {});
      await eventually('it is busy', () => ticksOf(program!) > before + 20);
      await millpond.kill();
      for (const pid of [environment!, shell!, program!])
        await eventually(`${pid} is gone`, () => startTickOf(pid) === undefined);
      await eventually('its link is gone', () => millpond.linked().length === 0);
      await millpond.up();
      assert.notEqual(await call({ task: 'address' }), undefined);
      assert.deepEqual(millpond.linked().length, 1, address);
      const keeper = millpond.keeper;
      await millpond.command('down');
      assert.equal(startTickOf(keeper), undefined);
    });
  });
}

/** The processor time of a process so far. */
function ticksOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/\(.*\)/s, '()')
    .split(' ');
  return Number(fields[13]) + Number(fields[14]);
}
