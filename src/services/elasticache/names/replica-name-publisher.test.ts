import assert from 'node:assert/strict';
import { it } from 'node:test';
import { silentLog } from '../../../kernel/log.ts';
import { openStore } from '../../../store/store.ts';
import { Fault } from '../../../wire/fault.ts';
import { context as scope, someGroup } from '../in-memory.fixture.ts';
import { openRecords } from '../records.ts';
import { settleReplicaNames } from './domain/replica-names.ts';
import { createReplicaNamePublisher, type Route53Client } from './replica-name-publisher.ts';

interface Input {
  DNSName?: string;
  ChangeBatch?: {
    Changes: { Action: string; ResourceRecordSet: { Name: string; ResourceRecords: { Value: string }[] } }[];
  };
}

/** Another Route 53 with one zone, which fails `state.failures` times. */
function elsewhere() {
  const names = new Map<string, string>();
  const state = { names, zoneName: 'example.test.', failures: 0, batches: 0 };
  const call = async (operation: string, input: Input) => {
    if (operation === 'ListHostedZonesByName') {
      const found = input.DNSName === state.zoneName;
      return { HostedZones: found ? [{ Id: '/hostedzone/Z1', Name: state.zoneName }] : [] };
    }
    if (state.failures-- > 0) throw new Error('away');
    state.batches++;
    for (const { Action, ResourceRecordSet } of input.ChangeBatch!.Changes) {
      const { Name, ResourceRecords } = ResourceRecordSet;
      const { Value } = ResourceRecords[0]!;
      if (Action === 'UPSERT') names.set(Name, Value);
      else if (names.get(Name) === Value) names.delete(Name);
      else throw new Fault('InvalidChangeBatch', 'not found');
    }
    return {};
  };
  return { state, route53: { call } as unknown as Route53Client };
}

function open() {
  const store = openStore(':memory:');
  const records = openRecords(store);
  const { state, route53 } = elsewhere();
  const make = () =>
    createReplicaNamePublisher({
      ...{ store, records, route53, ttlSeconds: 5, log: silentLog },
      nodeNameOf: (_scope, memberId) => `${memberId}.node`,
    });
  const group = someGroup(
    'a',
    { replicaNames: { pattern: 'read.in.example.test', homes: [], guests: [] } },
    4,
  );
  settleReplicaNames(group);
  const save = () => records.groups.put(scope, 'a', group);
  save();
  return { state, make, group, save, records };
}

const shown = (names: Map<string, string>) =>
  [...names].map(([name, value]) => `${name.split('.')[0]}=${value.split('.')[0]}`).sort();

it('writes the names, updates the ones that change, and removes the ones that are gone', async () => {
  const { state, make, group, save, records } = open();
  const keeper = make();
  keeper.start();
  await keeper.idle();
  assert.deepEqual(shown(state.names), ['read1=a-002', 'read2=a-003', 'read3=a-004']);
  assert.equal([...state.names.keys()][0], 'read1.in.example.test');
  keeper.wake(scope, 'a');
  await keeper.idle();
  assert.equal(state.batches, 1, 'nothing changed');
  group.replicaNames!.guests = ['a-004', null, null];
  save();
  keeper.wake(scope, 'a');
  await keeper.idle();
  assert.deepEqual(shown(state.names), ['read1=a-004', 'read2=a-003', 'read3=a-004']);
  group.shards[0]!.members.pop();
  group.replicaNames!.guests = [];
  settleReplicaNames(group);
  save();
  keeper.wake(scope, 'a');
  await keeper.idle();
  assert.deepEqual(shown(state.names), ['read1=a-002', 'read2=a-003']);
  state.names.set('read1.in.example.test', 'mine');
  records.groups.delete(scope, 'a');
  keeper.wake(scope, 'a');
  await keeper.idle();
  assert.deepEqual(shown(state.names), ['read1=mine'], 'what someone else changed stays');
  await keeper.stop();
});

it('retries after a failure, and removes after a restart what may have been written before', async () => {
  const { state, make, records } = open();
  state.failures = 1;
  const keeper = make();
  keeper.wake(scope, 'a');
  await keeper.idle();
  assert.equal(state.names.size, 0);
  keeper.wake(scope, 'a');
  await keeper.idle();
  assert.equal(state.names.size, 3);
  await keeper.stop();
  records.groups.delete(scope, 'a');
  const next = make();
  next.start();
  await next.idle();
  assert.equal(state.names.size, 0);
  await next.stop();
});

it('writes nothing when no zone covers the names, or the group has none', async () => {
  const { state, make, group, save } = open();
  state.zoneName = 'other.test.';
  const keeper = make();
  keeper.start();
  await keeper.idle();
  delete group.replicaNames;
  save();
  keeper.wake(scope, 'a');
  await keeper.idle();
  assert.equal(state.batches, 0);
  await keeper.stop();
});
