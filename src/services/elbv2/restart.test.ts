// What a start finds after a kill at any instant: balancers whose process is gone, addresses, names, and targets that
// were being deregistered.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { makeBalancer, openBalancing, SCOPE, serveBalancing } from '../../../test/support/balancers.ts';
import { openRecords } from './records.ts';

it('a start gives every balancer its configuration, addresses and name again', async (test) => {
  const served = await serveBalancing(test);
  const { LoadBalancerArn, balancer } = await makeBalancer(served);
  const before = served.recorded.balancers.get(LoadBalancerArn);
  const again = await openBalancing(served.store);
  test.after(() => again.balancing.stop());
  assert.deepEqual(again.recorded.balancers.get(LoadBalancerArn), before);
  const addresses = before!.addresses.map(({ address }) => address);
  assert.deepEqual([...again.addresses.all()].sort(), addresses.sort());
  assert.deepEqual(Object.keys(again.balancing.names()), [balancer.DNSName]);
});

it('a balancer that was only recorded is set up by the next start', async (test) => {
  const served = await serveBalancing(test);
  served.recorded.refusal = new Error('killed here');
  const { LoadBalancerArn } = await makeBalancer(served);
  const again = await openBalancing(served.store);
  test.after(() => again.balancing.stop());
  assert.ok(again.recorded.balancers.has(LoadBalancerArn));
  const [record] = openRecords(served.store).balancers.list(SCOPE);
  assert.equal(record!.isActive, true);
});

it('addresses of another network are replaced', async (test) => {
  const served = await serveBalancing(test);
  const { LoadBalancerArn, balancer } = await makeBalancer(served);
  const { balancers } = openRecords(served.store);
  const [record] = balancers.list(SCOPE);
  const places = record!.places.map((place) => ({
    ...place,
    address: place.address.replace('127.9', '127.8'),
  }));
  balancers.put(SCOPE, { ...record!, places });
  const again = await openBalancing(served.store);
  test.after(() => again.balancing.stop());
  const { addresses } = again.recorded.balancers.get(LoadBalancerArn)!;
  assert.ok(addresses.every(({ address }) => address.startsWith('127.9.')));
  assert.equal(again.addresses.all().size, 2);
  const name = balancer.DNSName!;
  assert.deepEqual(
    again.zones
      .zoneOf(name)!
      .lookup(name)!
      .map(({ data }) => data)
      .sort(),
    addresses.map(({ address }) => address).sort(),
  );
});

it('targets whose deregistration ended meanwhile are gone', async (test) => {
  let now = 1_000;
  const clock = { now: () => now };
  const served = await serveBalancing(test, { clock });
  const { LoadBalancerArn, TargetGroupArn } = await makeBalancer(served);
  await served.elb.registerTargets({ TargetGroupArn, Targets: [{ Id: '172.31.0.9' }] });
  await served.elb.deregisterTargets({ TargetGroupArn, Targets: [{ Id: '172.31.0.9' }] });
  const targets = (opened: Pick<typeof served, 'recorded'>) => {
    const [group] = opened.recorded.balancers.get(LoadBalancerArn)!.targetGroups;
    return group?.type === 'address' && group.targets.map(({ isDraining }) => isDraining);
  };
  const during = await openBalancing(served.store, { clock });
  assert.deepEqual(targets(during), [true]);
  await during.balancing.stop();
  now += 300_000;
  const after = await openBalancing(served.store, { clock });
  test.after(() => after.balancing.stop());
  assert.deepEqual(targets(after), []);
});
