// Instances with network interfaces of their own: OpenSSH's client reaches them at port 22 of their addresses, from another
// interface and not from this host, also after another Millpond has found them.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { silentLog } from '../../src/kernel/log.ts';
import { removeTree } from '../../src/machines/containers/places.ts';
import {
  instanceSpec,
  instancesForTests,
  run,
  shellIn,
  WITHOUT_INSTANCES,
} from '../../src/machines/instances/instances.fixture.ts';
import { instancePids } from '../../src/machines/instances/own-instances.ts';
import type { Network } from '../../src/network/network.ts';
import { endNetwork, openNetwork } from '../../src/network/open-network.ts';

const SUBNET = { id: 'subnet-1', cidr: '10.0.1.0/24', vpcId: 'vpc-1', vpcCidr: '10.0.0.0/16' };
const dataDir = mkdtempSync(join(tmpdir(), 'millpond-instances-'));
let network: Network | undefined;
const tried = instancesForTests({
  directory: join(dataDir, 'instances'),
  enterNetwork: (command) => network!.inside(command),
});
after(async () => {
  await network?.release('stopped');
  await endNetwork(dataDir);
  await removeTree(dataDir);
});

function whyNot(): string | false {
  if (WITHOUT_INSTANCES) return WITHOUT_INSTANCES;
  const users = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  try {
    execFileSync('unshare', [...users, '--net', 'nft', 'list', 'tables'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'needs a network of its own';
  }
}

const open = () => {
  const opened = openNetwork({
    ...{ dataDir, kind: 'subnets', log: silentLog, nodeAddresses: () => new Set() },
    processes: () => instancePids(join(dataDir, 'instances')),
    hostApi: () => ({ address: '127.0.0.1', port: 4566 }),
  });
  return opened;
};

test('an instance has the address of its interface, and its SSH is there', { skip: whyNot() }, async () => {
  network = await open();
  const wish = { subnet: SUBNET, securityGroupIds: [], isOperator: true };
  const own = await network.interfaces!.open(wish);
  const client = await network.interfaces!.open(wish);
  await Promise.all([own.ready, client.ready]);
  const key = join(dataDir, 'key');
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const instance = await tried.booted(
    instanceSpec({
      ...{ interface: own, ssh: { address: own.address, port: 22 } },
      authorizedKeys: [readFileSync(`${key}.pub`, 'utf8')],
    }),
  );
  assert.deepEqual(await instance.booted, {});
  const ssh = (address: string) =>
    [
      'ssh',
      '-F',
      'none',
      '-i',
      key,
      '-o',
      `UserKnownHostsFile=${key}.known`,
      '-o',
      'StrictHostKeyChecking=no',
    ].concat(
      ...[
        '-o',
        'LogLevel=ERROR',
        '-o',
        'ConnectTimeout=20',
        '-o',
        'IdentityAgent=none',
        `ec2-user@${address}`,
      ],
    );
  const reach = (words: readonly string[]) => {
    const [program, ...args] = client.inside(words);
    return run(program, args);
  };
  const told = await reach([...ssh(own.address), 'id -un; hostname -I; sudo id -u']);
  assert.deepEqual(told, { code: 0, output: `ec2-user\n${own.address} \n0`, errors: '' });
  assert.match((await shellIn(instance, 'root', 'hostname -I')).output, new RegExp(`^${own.address}`));
  // The next Millpond.
  const [found] = await tried.instances.find();
  assert.equal(
    (await shellIn(found!, 'ec2-user', 'id -u; hostname -I')).output.trim(),
    `1000\n${own.address}`,
  );
  await instance.stop(10_000);
  await Promise.all([own.close(), client.close()]);
});
