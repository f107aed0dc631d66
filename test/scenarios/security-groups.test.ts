// Security groups of a real network: machines reach a cache by its groups' rules, which change while it serves.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { describe, it, type TestContext } from 'node:test';
import { EC2 } from '@aws-sdk/client-ec2';
import { ElastiCache, waitUntilReplicationGroupAvailable } from '@aws-sdk/client-elasticache';
import { openMachine } from '../../src/cli/machine.ts';
import { until } from '../faults/wait.ts';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import { WITHOUT_SUBNETS } from '../support/networks.ts';

/** Tries once, and answers `open`, `timed out` or the error. A dropped packet is never answered. */
const CONNECT = `
const socket = require('node:net').connect({ host: process.argv[1], port: 6379 });
const end = (result) => { console.log(result); process.exit(); };
setTimeout(end, Number(process.argv[2]), 'timed out');
socket.on('connect', () => end('open')).on('error', (error) => end(error.code));
`;
/** Longer than any connection takes on a busy machine. */
const OPENS_WITHIN_MS = 10_000;
const DROPPED_AFTER_MS = 500;

interface Client {
  reaches(address: string): Promise<boolean>;
  isDropped(address: string): Promise<boolean>;
}

async function clientIn(
  test: TestContext,
  millpond: TestMillpond,
  securityGroupIds?: string[],
): Promise<Client> {
  const region = 'us-east-1';
  const machine = await openMachine(millpond.url, {
    region,
    ...(securityGroupIds && { securityGroupIds }),
    // Several commands share it.
    ...(securityGroupIds && { address: `172.31.0.${200 + count++}` }),
  });
  test.after(() => machine.close());
  const connect = async (address: string, withinMs: number) => {
    const [program, ...args] = machine.enter;
    const words = [...args, process.execPath, '-e', CONNECT, address, String(withinMs)];
    const child = spawn(program!, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    for await (const chunk of child.stdout) output += chunk;
    return output.trim();
  };
  return {
    reaches: async (address) => (await connect(address, OPENS_WITHIN_MS)) === 'open',
    isDropped: async (address) => (await connect(address, DROPPED_AFTER_MS)) === 'timed out',
  };
}
let count = 0;

describe('security groups', { skip: WITHOUT_SUBNETS }, () => {
  it('are not deleted while a command is in them, whose interface EC2 shows', async (test) => {
    const millpond = await startTestMillpond({ network: 'subnets' });
    test.after(() => millpond.stop());
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const ec2 = new EC2({ endpoint: millpond.url, region: 'us-east-1', credentials, maxAttempts: 1 });
    test.after(() => ec2.destroy());
    const { GroupId } = await ec2.createSecurityGroup({ GroupName: 'app', Description: 'app' });
    const Filters = [{ Name: 'group-id', Values: [GroupId!] }];
    const shown = async () => (await ec2.describeNetworkInterfaces({ Filters })).NetworkInterfaces!;
    const wish = { region: 'us-east-1', accessKeyId: 'test' };
    const machine = await openMachine(millpond.url, { ...wish, securityGroupIds: [GroupId!] });
    test.after(() => machine.close());
    // Neither a client without groups nor a session of an instance adds one.
    const others = [
      await openMachine(millpond.url, wish),
      await openMachine(millpond.url, { ...wish, securityGroupIds: [GroupId!], isInstance: true }),
    ];
    test.after(() => others.forEach((one) => void one.close()));
    const [one, ...more] = await shown();
    assert.deepEqual(more, []);
    assert.equal(one!.PrivateIpAddress, machine.address);
    await assert.rejects(ec2.deleteSecurityGroup({ GroupId }), { name: 'DependencyViolation' });
    machine.close();
    await until('the interface is gone', 10_000, async () => (await shown()).length === 0);
    await ec2.deleteSecurityGroup({ GroupId });
  });

  it('let in what they allow, at once after each change, after a restart too', async (test) => {
    const millpond = await startTestMillpond({ network: 'subnets' });
    test.after(() => millpond.stop());
    const options = () => ({
      endpoint: millpond.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    let [ec2, cache] = [new EC2(options()), new ElastiCache(options())];
    test.after(() => {
      ec2.destroy();
      cache.destroy();
    });
    const newGroup = async (GroupName: string) =>
      (await ec2.createSecurityGroup({ GroupName, Description: GroupName })).GroupId!;
    const [ofCache, ofApp, closed] = [
      await newGroup('cache'),
      await newGroup('app'),
      await newGroup('closed'),
    ];
    const fromApp = {
      GroupId: ofCache,
      IpPermissions: [
        { IpProtocol: 'tcp', FromPort: 6379, ToPort: 6379, UserIdGroupPairs: [{ GroupId: ofApp }] },
      ],
    };
    await cache.createReplicationGroup({
      ReplicationGroupId: 'shop',
      ReplicationGroupDescription: 'shop',
      CacheNodeType: 'cache.t4g.micro',
      NumCacheClusters: 2,
      AutomaticFailoverEnabled: true,
      SecurityGroupIds: [ofCache],
    });
    const available = () =>
      waitUntilReplicationGroupAvailable({ client: cache, maxWaitTime: 60 }, { ReplicationGroupId: 'shop' });
    await available();
    const addresses = async () =>
      (
        await ec2.describeNetworkInterfaces({
          Filters: [{ Name: 'requester-id', Values: ['amazon-elasticache'] }],
        })
      ).NetworkInterfaces!.map((one) => one.PrivateIpAddress!);
    const [primary, replica] = await addresses();
    const [app, other, operator] = [
      await clientIn(test, millpond, [ofApp]),
      await clientIn(test, millpond, [closed]),
      await clientIn(test, millpond),
    ];
    assert.ok(await app.isDropped(primary!), 'no rule');

    await ec2.authorizeSecurityGroupIngress(fromApp);
    await settled(millpond);
    assert.ok(await app.reaches(primary!));
    assert.ok(await app.reaches(replica!));
    assert.ok(await other.isDropped(primary!));
    assert.ok(await operator.reaches(primary!));

    await ec2.revokeSecurityGroupIngress(fromApp);
    await settled(millpond);
    assert.ok(await app.isDropped(primary!), 'revoked');

    const standard = await ec2.describeSecurityGroups({
      Filters: [{ Name: 'group-name', Values: ['default'] }],
    });
    await cache.modifyReplicationGroup({
      ReplicationGroupId: 'shop',
      SecurityGroupIds: [standard.SecurityGroups![0]!.GroupId!],
      ApplyImmediately: true,
    });
    await ec2.authorizeSecurityGroupIngress({
      GroupId: standard.SecurityGroups![0]!.GroupId!,
      IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '172.31.0.0/16' }] }],
    });
    await settled(millpond);
    assert.ok(await other.reaches(primary!), 'the cache has another group');

    await millpond.leave();
    await millpond.start();
    ec2.destroy();
    cache.destroy();
    [ec2, cache] = [new EC2(options()), new ElastiCache(options())];
    const [later, outsider] = [
      await clientIn(test, millpond, [closed]),
      await clientIn(test, millpond, [ofApp]),
    ];
    assert.ok(await later.reaches(primary!), 'a later Millpond enforces the same');
    await cache.modifyReplicationGroup({
      ReplicationGroupId: 'shop',
      SecurityGroupIds: [ofCache],
      ApplyImmediately: true,
    });
    await ec2.authorizeSecurityGroupIngress(fromApp);
    await settled(millpond);
    assert.ok(await outsider.reaches(primary!));
    assert.ok(await later.isDropped(primary!));
  });
});

/** A new machine is there only once the rules of that moment are in force. */
async function settled(millpond: TestMillpond): Promise<void> {
  (await openMachine(millpond.url, { region: 'us-east-1' })).close();
}
