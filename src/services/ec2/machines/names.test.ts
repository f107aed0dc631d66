import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createZoneTable } from '../../../dns/zone-table.ts';
import { SCOPE, startMachines } from './machines.fixture.ts';
import { namesOfInstances, publishNames, reachedInstances } from './names.ts';
import { hostKeysIn, sshConfig, sshFiles } from './ssh-files.ts';

const KEY = `AAAAC3NzaC1lZDI1NTE5AAAAI${'J'.repeat(43)}`;

test('public names lead to the instance while it runs, in the form of the region and where the VPC has them', async () => {
  const { ec2, service, launch, until } = await startMachines();
  const zones = createZoneTable();
  const withdraw = publishNames(service.ec2, zones);
  const lookup = (name: string) => zones.zoneOf(name)?.lookup(name);
  const id = await launch();
  const { PublicDnsName = '', PrivateIpAddress, PrivateDnsName, VpcId = '' } = await until(id, 'running');
  assert.match(PublicDnsName, /^ec2-[\d-]+\.us-west-2\.compute\.amazonaws\.com$/);
  assert.deepEqual(lookup(PublicDnsName), [{ type: 'A', ttl: 60, data: PrivateIpAddress }]);
  assert.deepEqual(namesOfInstances(service.ec2), {
    [PublicDnsName]: PrivateIpAddress,
    [PrivateDnsName!]: PrivateIpAddress,
  });
  // Instances of AWS are not Millpond's.
  assert.equal(lookup(PublicDnsName.replace('us-west-2', 'us-east-2')), undefined);
  assert.equal(lookup('ec2-3-4-5-6.us-west-2.compute.amazonaws.com'), undefined);

  const { AllocationId, PublicIp } = await ec2.call('AllocateAddress', {}, SCOPE);
  await ec2.call('AssociateAddress', { AllocationId, InstanceId: id }, SCOPE);
  const elastic = `ec2-${PublicIp!.replaceAll('.', '-')}.us-west-2.compute.amazonaws.com`;
  assert.equal(lookup(elastic)?.[0]?.data, PrivateIpAddress);
  assert.equal(lookup(PublicDnsName), undefined);

  await ec2.call('ModifyVpcAttribute', { VpcId, EnableDnsHostnames: { Value: false } }, SCOPE);
  assert.equal(lookup(elastic), undefined);
  await ec2.call('ModifyVpcAttribute', { VpcId, EnableDnsHostnames: { Value: true } }, SCOPE);
  await ec2.call('StopInstances', { InstanceIds: [id] }, SCOPE);
  await until(id, 'stopped');
  assert.equal(lookup(elastic), undefined);
  withdraw();
  assert.equal(zones.zoneOf(elastic), undefined);
});

test('an instance whose private address is none of this host’s is reached at another', async () => {
  const { ec2, service, launch, until } = await startMachines();
  const { Subnets } = await ec2.call('DescribeSubnets', {}, SCOPE);
  const { SubnetId, CidrBlock = '' } = Subnets![0]!;
  const PrivateIpAddress = CidrBlock.replace(/\.\d+\/\d+$/, '.77');
  const id = await launch({ SubnetId, PrivateIpAddress });
  assert.equal((await until(id, 'running')).PrivateIpAddress, PrivateIpAddress);
  const [found] = reachedInstances(service.ec2);
  assert.equal(found!.instance.instanceId, id);
  assert.equal(namesOfInstances(service.ec2)[found!.privateName], found!.address);
});

test('ssh knows running instances by id, names and addresses, with the keys in their console output', async (context) => {
  const { service, launch, until } = await startMachines();
  const id = await launch();
  await until(id, 'running');
  const directory = mkdtempSync(join(tmpdir(), 'ssh-files-'));
  context.after(() => rmSync(directory, { recursive: true }));
  const files = sshFiles(join(directory, 'ssh'));
  const [one] = reachedInstances(service.ec2);
  one!.instance.machine!.hostKeys = [`ssh-ed25519 ${KEY}`];
  files.write([one!]);
  const text = readFileSync(join(directory, 'ssh', 'config'), 'utf8');
  assert.match(text, new RegExp(`^Host ${id} ${one!.privateName} ${one!.publicName} `, 'm'));
  assert.match(text, /^ {2}StrictHostKeyChecking yes$/m);
  assert.equal(readFileSync(files.knownHosts, 'utf8'), `${id} ssh-ed25519 ${KEY}\n`);
  assert.match(sshConfig([one!], 'k', 'carry %h %p'), /^ {2}ProxyCommand carry %h %p$/m);
  files.write([]);
  assert.doesNotMatch(readFileSync(join(directory, 'ssh', 'config'), 'utf8'), /^Host/m);
});

test('host keys are taken from the console output, and nothing else of it', () => {
  const output = (lines: string[]) =>
    ['boot', '-----BEGIN SSH HOST KEY KEYS-----', ...lines, '-----END SSH HOST KEY KEYS-----', ''].join('\n');
  assert.deepEqual(hostKeysIn(output([`ssh-ed25519 ${KEY} root@ip-10-0-1-17`])), [`ssh-ed25519 ${KEY}`]);
  assert.deepEqual(hostKeysIn(output(['* evil', `ssh-ed25519 ${KEY}\r`, 'ssh-ed25519 x', '@revoked *'])), [
    `ssh-ed25519 ${KEY}`,
  ]);
  assert.deepEqual(hostKeysIn('nothing'), []);
});
