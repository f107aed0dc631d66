// A load balancer in a real network: at addresses of its subnets and its own port, behind its security groups, and at the
// same addresses after a restart.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { describe, it } from 'node:test';
import { EC2 } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { openMachine } from '../../src/cli/machine.ts';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import { WITHOUT_SUBNETS } from '../support/networks.ts';
import { eventually } from '../support/replication-groups.ts';

/** Asks once, and answers the body, or why there is none. A dropped packet is never answered. */
const ASK = `
fetch(process.argv[1], { signal: AbortSignal.timeout(Number(process.argv[2])) })
  .then((response) => response.text(), (error) => error.name)
  .then((result) => (console.log(result), process.exit()));
`;

async function ask(
  millpond: TestMillpond,
  securityGroupIds: string[],
  address: string,
  withinMs: number,
): Promise<string> {
  const machine = await openMachine(millpond.url, { region: 'us-east-1', securityGroupIds });
  try {
    const [program, ...args] = machine.enter;
    const words = [...args, process.execPath, '-e', ASK, `http://${address}/`, String(withinMs)];
    const child = spawn(program!, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    for await (const chunk of child.stdout) output += chunk;
    return output.trim();
  } finally {
    await machine.close();
  }
}

describe('a load balancer', { skip: WITHOUT_SUBNETS }, () => {
  it('answers at port 80 of its subnets those whom its security groups let in', async (test) => {
    const millpond = await startTestMillpond({ network: 'subnets' });
    test.after(() => millpond.stop());
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const clients = () => {
      const options = { endpoint: millpond.url, region: 'us-east-1', credentials };
      return { ec2: new EC2(options), elb: new ElasticLoadBalancingV2(options) };
    };
    const names = async () =>
      (await (await fetch(`${millpond.url}/_millpond/names`)).json()) as Record<string, string>;
    const { ec2, elb } = clients();
    const { Subnets } = await ec2.describeSubnets({});
    const newGroup = async (GroupName: string) =>
      (await ec2.createSecurityGroup({ GroupName, Description: GroupName })).GroupId!;
    const [ofBalancer, ofClient] = [await newGroup('balancer'), await newGroup('client')];
    const { LoadBalancers } = await elb.createLoadBalancer({
      ...{ Name: 'front', Scheme: 'internal', SecurityGroups: [ofBalancer] },
      Subnets: Subnets!.slice(0, 2).map(({ SubnetId }) => SubnetId!),
    });
    const { LoadBalancerArn, DNSName } = LoadBalancers![0]!;
    await elb.createListener({
      ...{ LoadBalancerArn, Port: 80, Protocol: 'HTTP' },
      DefaultActions: [
        { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200', MessageBody: 'here' } },
      ],
    });
    const addressesNow = async () => {
      const Filters = [{ Name: 'requester-id', Values: ['amazon-elb'] }];
      const { NetworkInterfaces } = await clients().ec2.describeNetworkInterfaces({ Filters });
      return NetworkInterfaces!.map((one) => one.PrivateIpAddress!).toSorted();
    };
    const addresses = await addressesNow();
    const { [DNSName!]: named } = await names();
    assert.ok(addresses.includes(named!));
    for (const [place, subnet] of Subnets!.slice(0, 2).entries()) {
      const network = subnet.CidrBlock!.split('.').slice(0, 2).join('.');
      assert.ok(addresses[place]!.startsWith(`${network}.`), `${addresses} in ${subnet.CidrBlock}`);
    }
    assert.equal(await ask(millpond, [ofClient], addresses[0]!, 500), 'TimeoutError', 'no rule');
    await ec2.authorizeSecurityGroupIngress({
      GroupId: ofBalancer,
      IpPermissions: [
        { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, UserIdGroupPairs: [{ GroupId: ofClient }] },
      ],
    });
    for (const address of addresses) {
      await eventually(
        'the client is let in',
        async () => (await ask(millpond, [ofClient], address, 2_000)) === 'here',
      );
    }
    assert.equal(await ask(millpond, [ofBalancer], addresses[0]!, 500), 'TimeoutError', 'another group');

    await millpond.leave();
    await millpond.start();
    assert.deepEqual(await addressesNow(), addresses);
    assert.equal(await ask(millpond, [ofClient], addresses[1]!, 10_000), 'here', 'after a restart');
  });
});
