import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fakeAddresses } from '../../../drivers/fake/fake-driver.ts';
import { OperationalError } from '../../../kernel/errors.ts';
import { createFakeInstances } from '../../../machines/instances/fake-instances.ts';
import { createHeldAddresses } from '../../../network/held-addresses.ts';
import type { NetworkInterface } from '../../../network/network.ts';
import { openStore } from '../../../store/store.ts';
import type { OpenInterface } from '../../manifest.ts';
import { SCOPE, startMachines } from './machines.fixture.ts';

describe('instances that run here', () => {
  it('are pending until their programs run, and checked once they have booted', async () => {
    const instances = createFakeInstances({ bootsAtOnce: false });
    const gate = Promise.withResolvers<void>();
    instances.onStart = () => gate.promise;
    const { ec2, launch, view, until } = await startMachines({ instances });
    await ec2.call('CreateKeyPair', { KeyName: 'mine' }, SCOPE);
    const id = await launch({ KeyName: 'mine', UserData: Buffer.from('#!/bin/sh\n').toString('base64') });
    assert.equal((await view(id)).State?.Name, 'pending');
    assert.equal((await view(id)).StateReason?.Code, 'pending');
    gate.resolve();
    const running = await until(id, 'running');
    const [machine] = instances.all;
    assert.match(machine!.spec.hostName, /^ip-[\d-]+\.us-west-2\.compute\.internal$/);
    assert.equal(machine!.spec.hostName, running.PrivateDnsName);
    assert.deepEqual(machine!.spec.ssh, { address: running.PrivateIpAddress, port: 22 });
    assert.match(machine!.spec.authorizedKeys[0]!, /^ssh-rsa \S+ mine$/);
    assert.equal(machine!.spec.userData?.toString(), '#!/bin/sh\n');

    const status = async () => {
      const { InstanceStatuses } = await ec2.call('DescribeInstanceStatus', { InstanceIds: [id] }, SCOPE);
      return InstanceStatuses![0]!.InstanceStatus?.Status;
    };
    assert.equal(await status(), 'initializing');
    machine!.boot();
    await machine!.spec;
    while ((await status()) === 'initializing') await new Promise(setImmediate);
    assert.equal(await status(), 'ok');
    const { Output } = await ec2.call('GetConsoleOutput', { InstanceId: id }, SCOPE);
    assert.equal(Buffer.from(Output!, 'base64').toString(), `console of ${id}\n`);
  });

  it('stop, start with their files and address, and are terminated without them', async () => {
    const { ec2, launch, until, instances } = await startMachines();
    const id = await launch();
    const before = await until(id, 'running');
    const stopped = await ec2.call('StopInstances', { InstanceIds: [id] }, SCOPE);
    assert.equal(stopped.StoppingInstances![0]!.CurrentState?.Name, 'stopping');
    const after = await until(id, 'stopped');
    assert.match(after.StateTransitionReason!, /^User initiated \(\d{4}-.* GMT\)$/);
    assert.equal(after.StateReason?.Code, 'Client.UserInitiatedShutdown');
    assert.equal(after.PrivateIpAddress, before.PrivateIpAddress);
    assert.deepEqual([...instances.files], [id]);
    await ec2.call('StartInstances', { InstanceIds: [id] }, SCOPE);
    const again = await until(id, 'running');
    assert.equal(again.PrivateIpAddress, before.PrivateIpAddress);
    assert.equal(instances.all.length, 2);
    await ec2.call('TerminateInstances', { InstanceIds: [id] }, SCOPE);
    await until(id, 'terminated');
    assert.deepEqual([...instances.files], []);
    assert.ok(instances.all.every(({ hasEnded }) => hasEnded));
  });

  it('cannot be stopped while they boot, nor started while they stop', async () => {
    const instances = createFakeInstances();
    const gate = Promise.withResolvers<void>();
    instances.onStart = () => gate.promise;
    const { ec2, launch, until } = await startMachines({ instances });
    const id = await launch();
    const refused = { name: 'IncorrectInstanceState' };
    await assert.rejects(ec2.call('StopInstances', { InstanceIds: [id] }, SCOPE), refused);
    await assert.rejects(ec2.call('RebootInstances', { InstanceIds: [id] }, SCOPE), refused);
    await ec2.call('TerminateInstances', { InstanceIds: [id] }, SCOPE);
    await assert.rejects(ec2.call('StartInstances', { InstanceIds: [id] }, SCOPE), refused);
    gate.resolve();
    await until(id, 'terminated');
    assert.ok(instances.all.every(({ hasEnded }) => hasEnded));
  });

  it('boot again by a reboot, without leaving their state', async () => {
    const { ec2, launch, until, instances, service } = await startMachines();
    const id = await launch();
    await until(id, 'running');
    await ec2.call('RebootInstances', { InstanceIds: [id] }, SCOPE);
    while (instances.all.length < 2) {
      assert.equal((await until(id, 'running')).State?.Name, 'running');
      await service.machines!.controller.idle();
      await new Promise(setImmediate);
    }
    assert.deepEqual(
      instances.all.map(({ hasEnded, spec }) => [hasEnded, spec.labels.boot]),
      [
        [true, '1'],
        [false, '2'],
      ],
    );
  });

  it('stop or terminate when they are shut down inside', async () => {
    const { launch, until, instances } = await startMachines();
    const ids = [await launch(), await launch({ InstanceInitiatedShutdownBehavior: 'terminate' })];
    for (const id of ids) await until(id, 'running');
    for (const machine of instances.all) machine.powerOff();
    const stopped = await until(ids[0]!, 'stopped');
    assert.equal(stopped.StateReason?.Code, 'Client.InstanceInitiatedShutdown');
    assert.equal(stopped.StateTransitionReason, '');
    await until(ids[1]!, 'terminated');
    assert.deepEqual([...instances.files], [ids[0]]);
  });

  it('are terminated when their launch fails, and stopped when a later start does', async () => {
    const instances = createFakeInstances();
    const { ec2, launch, until } = await startMachines({ instances });
    const lasting = await launch();
    await until(lasting, 'running');
    await ec2.call('StopInstances', { InstanceIds: [lasting] }, SCOPE);
    await until(lasting, 'stopped');
    instances.onStart = () => {
      throw new OperationalError('CommandFailed', 'The disk is full.');
    };
    const failed = await until(await launch(), 'terminated');
    assert.equal(failed.StateReason?.Message, 'Server.InternalError: The disk is full.');
    assert.equal(failed.StateTransitionReason, 'Server.InternalError');
    await ec2.call('StartInstances', { InstanceIds: [lasting] }, SCOPE);
    assert.equal((await until(lasting, 'stopped')).StateReason?.Code, 'Server.InternalError');
    assert.ok(instances.files.has(lasting));
  });

  it('leave no address taken when their launch is refused', async () => {
    const addresses = createHeldAddresses(fakeAddresses, () => new Set());
    const network = { ensure: async () => {}, assertFree: async () => {} };
    const { launch, until } = await startMachines({ networks: { addresses, network } });
    const Tags = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    const tagged = { TagSpecifications: [{ ResourceType: 'instance', Tags }] };
    await assert.rejects(launch(tagged), { name: 'TagLimitExceeded' });
    assert.equal(addresses.all().size, 0);
    await until(await launch(), 'running');
    assert.equal(addresses.all().size, 1);
  });

  it('are records that run at once where the machine cannot run them', async () => {
    const instances = createFakeInstances();
    instances.refusal = 'No user namespaces.';
    const { launch, view } = await startMachines({ instances });
    const made = await view(await launch());
    assert.equal(made.State?.Name, 'running');
    assert.equal(instances.all.length, 0);
  });
});

describe('the interface of an instance', () => {
  /** Interfaces that no packet passes; `facts`: what each change gave. */
  function interfaces() {
    const facts: Parameters<NetworkInterface['change']>[0][] = [];
    const openInterface: OpenInterface = async (_, wish) => {
      const subnet = { id: wish.subnetId!, cidr: '', vpcId: '', vpcCidr: '' };
      return {
        ...{ ...wish, address: wish.address!, isOperator: false, subnet, resolver: '10.0.0.2' },
        ready: Promise.resolve(),
        inside: (command) => command as [string],
        change: (changed) => void facts.push(changed),
        close: async () => {},
      };
    };
    return { facts, openInterface };
  }

  it('has the private address, and follows changes of groups and addresses', async () => {
    const { facts, openInterface } = interfaces();
    const { ec2, launch, until } = await startMachines({ openInterface });
    const { Vpcs } = await ec2.call('DescribeVpcs', {}, SCOPE);
    const VpcId = Vpcs![0]!.VpcId!;
    const group = { GroupName: 'web', Description: 'web', VpcId };
    const GroupId = (await ec2.call('CreateSecurityGroup', group, SCOPE)).GroupId!;
    const { Subnets } = await ec2.call('DescribeSubnets', {}, SCOPE);
    const id = await launch({
      NetworkInterfaces: [
        { DeviceIndex: 0, SubnetId: Subnets![0]!.SubnetId, AssociatePublicIpAddress: false },
      ],
    });
    const running = await until(id, 'running');
    assert.match(running.PrivateIpAddress!, /^172\.31\./);
    const next = async (count: number) => {
      while (facts.length < count) await new Promise(setImmediate);
      return facts[count - 1]!;
    };
    assert.equal((await next(1)).hasPublicAddress, false);
    await ec2.call('ModifyInstanceAttribute', { InstanceId: id, Groups: [GroupId] }, SCOPE);
    assert.deepEqual(await next(2), { securityGroupIds: [GroupId], hasPublicAddress: false });
    const { AllocationId } = await ec2.call('AllocateAddress', {}, SCOPE);
    await ec2.call('AssociateAddress', { AllocationId, InstanceId: id }, SCOPE);
    assert.deepEqual(await next(3), { securityGroupIds: [GroupId], hasPublicAddress: true });
  });
});

it('instances of VPCs with the same block have different addresses', async () => {
  // As records only, they show the addresses that they would have on subnets.
  const instances = createFakeInstances();
  instances.refusal = 'not here';
  const { ec2, launch, view } = await startMachines({ instances });
  const addresses: (string | undefined)[] = [];
  for (let count = 0; count < 2; count++) {
    const { Vpc } = await ec2.call('CreateVpc', { CidrBlock: '10.0.0.0/16' }, SCOPE);
    const { Subnet } = await ec2.call(
      'CreateSubnet',
      { VpcId: Vpc!.VpcId!, CidrBlock: '10.0.4.0/28' },
      SCOPE,
    );
    const launched = async () => (await view(await launch({ SubnetId: Subnet!.SubnetId }))).PrivateIpAddress;
    addresses.push(await launched(), await launched());
  }
  assert.deepEqual(addresses, ['10.0.4.14', '10.0.4.13', '10.0.4.12', '10.0.4.11']);
});

describe('another Millpond', () => {
  it('adopts those that run, with their address', async () => {
    const store = openStore(':memory:');
    const first = await startMachines({ store });
    const id = await first.launch();
    const before = await first.until(id, 'running');
    await first.service.machines!.controller.stop();
    const { instances } = first;
    const second = await startMachines({ store, instances });
    await second.service.machines!.controller.idle();
    assert.equal((await second.view(id)).PrivateIpAddress, before.PrivateIpAddress);
    const other = await second.until(await second.launch(), 'running');
    assert.notEqual(other.PrivateIpAddress, before.PrivateIpAddress);
    await second.ec2.call('TerminateInstances', { InstanceIds: [id] }, SCOPE);
    await second.until(id, 'terminated');
    assert.ok(instances.all[0]!.hasEnded);
  });

  it('deletes the files of an instance whose record was lost, and no others', async () => {
    const store = openStore(':memory:');
    const first = await startMachines({ store });
    const id = await first.launch();
    await first.until(id, 'running');
    await first.service.machines!.controller.stop();
    first.instances.files.add('i-0123456789abcdef0');
    await startMachines({ store, instances: first.instances });
    assert.deepEqual([...first.instances.files], [id]);
  });

  it('sees a shutdown of which the first did not know', async () => {
    const store = openStore(':memory:');
    const first = await startMachines({ store });
    const id = await first.launch();
    await first.until(id, 'running');
    await first.service.machines!.controller.stop();
    first.instances.all[0]!.powerOff();
    const second = await startMachines({ store, instances: first.instances });
    await second.until(id, 'stopped');
  });

  it('boots those again that ended with the host, or with Millpond', async () => {
    const store = openStore(':memory:');
    const instances = createFakeInstances();
    instances.now = () => 1;
    const first = await startMachines({ store, instances });
    const ids = [await first.launch(), await first.launch()];
    for (const id of ids) await first.until(id, 'running');
    await first.service.machines!.controller.stop();
    for (const machine of instances.all) machine.powerOff();
    instances.now = Date.now;
    const second = await startMachines({ store, instances });
    while (instances.all.length < 4) await new Promise(setImmediate);
    for (const id of ids) await second.until(id, 'running');
    await second.service.machines!.controller.stop();
    await second.service.machines!.controller.endAll();
    assert.ok(instances.all.every(({ hasEnded }) => hasEnded));
    const third = await startMachines({ store, instances });
    for (const id of ids) await third.until(id, 'running');
    assert.equal(instances.all.length, 6);
    assert.equal(instances.files.size, 2);
  });

  it('ends an instance without a record', async () => {
    const store = openStore(':memory:');
    const first = await startMachines({ store });
    const id = await first.launch();
    await first.until(id, 'running');
    await first.service.machines!.controller.stop();
    first.service.records.instances.remove(SCOPE, id);
    const other = await first.launch();
    await startMachines({ store, instances: first.instances });
    assert.ok(first.instances.all.find(({ spec }) => spec.id === id)!.hasEnded);
    assert.ok(other);
  });
});
