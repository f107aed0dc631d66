import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nextAddress } from '../../../network/next-address.ts';
import { openStore } from '../../../store/store.ts';
import type { ElastiCache } from '../context.ts';
import { context, inMemory, someGroup } from '../in-memory.fixture.ts';
import { withNewAddress } from './controller/addresses.ts';
import { createQuarantinedAddresses } from './quarantined-addresses.ts';

const SCOPE = { accountId: context.accountId, region: context.region };
const HOUR_MS = 3_600_000;

function setUp() {
  const store = openStore(':memory:');
  const clock = { time: 1_000 };
  const open = () =>
    createQuarantinedAddresses({
      store,
      clock: { now: () => clock.time },
      isOwn: (address) => address.startsWith('127.9.'),
    });
  return { store, clock, open };
}

describe('released addresses', () => {
  it('are quarantined for an hour, across restarts of Millpond', () => {
    const { clock, open } = setUp();
    const first = open();
    first.note(['127.9.0.4', '127.9.0.5'], ['127.9.0.5']);
    clock.time += HOUR_MS / 2;
    first.note(['127.9.0.5'], []);
    const second = open();
    assert.deepEqual([...second.list().keys()], ['127.9.0.4', '127.9.0.5']);
    clock.time += HOUR_MS / 2;
    assert.deepEqual([...second.list().keys()], ['127.9.0.5']);
    clock.time += HOUR_MS / 2;
    second.note(['127.9.0.6'], []);
    assert.deepEqual([...open().list().keys()], ['127.9.0.6'], 'expired entries are deleted');
  });

  it('leave the quarantine when a member gets them, and do not enter it when the change is rolled back', () => {
    const { store, open } = setUp();
    const addresses = open();
    addresses.note(['127.9.0.4', '127.9.0.5'], []);
    addresses.note([], ['127.9.0.4']);
    assert.throws(() =>
      store.transaction(() => {
        addresses.note(['127.9.0.6'], ['127.9.0.5']);
        throw new Error('rolled back');
      }),
    );
    assert.deepEqual([...addresses.list().keys()], ['127.9.0.5']);
    assert.deepEqual([...open().list().keys()], ['127.9.0.5']);
  });

  it('of another block are not quarantined', () => {
    const addresses = setUp().open();
    addresses.note(['127.8.0.4'], []);
    assert.equal(addresses.list().size, 0);
  });
});

describe('a primary that was failed over', () => {
  /** A group in a subnet with three addresses for nodes: 127.9.3.4 to 127.9.3.6. */
  function failoverSetUp(options: Partial<ElastiCache['options']> = {}, isConfigured = true) {
    const { elasticache, clock } = inMemory();
    const group = someGroup('shop', { automaticFailover: true });
    group.shards[0]!.members.forEach((member, index) => {
      Object.assign(member, { subnetCidr: '10.0.3.0/29', address: `127.9.3.${index + 4}` });
    });
    const warnings: object[] = [];
    const addresses = () => elasticache.groups.get(SCOPE, 'shop')!.shards[0]!.members.map((m) => m.address);
    Object.assign(elasticache, {
      options: { keepAddressOnReplace: false, ...options },
      isConfigured: () => isConfigured,
      log: { ...elasticache.log, info() {}, warn: (what: object) => warnings.push(what) },
      takeAddress: (...[cidr, used, rest]: Parameters<ElastiCache['takeAddress']>) =>
        nextAddress(cidr, used, rest, '127.9'),
    });
    elasticache.endpoints.addresses = () => new Set(addresses());
    elasticache.groups.create(SCOPE, group);
    const failOver = (oldDied = true) => {
      const { primaryId, members } = elasticache.groups.get(SCOPE, 'shop')!.shards[0]!;
      const to = members.find(({ id }) => id !== primaryId)!.id;
      const changed = { kind: 'primary-changed', shardId: '0001', to, ...(oldDied && { oldDied }) } as const;
      clock.time += 1;
      elasticache.groups.advance(SCOPE, 'shop', withNewAddress(elasticache, SCOPE, 'shop', changed));
      return addresses();
    };
    return { failOver, warnings, elasticache };
  }

  it('gets an address of its subnet that was unused for an hour', () => {
    const { failOver, elasticache } = failoverSetUp();
    assert.deepEqual(failOver(), ['127.9.3.6', '127.9.3.5']);
    assert.deepEqual([...elasticache.quarantinedAddresses.list().keys()], ['127.9.3.4']);
  });

  it('gets the address released first when all are quarantined, with a warning in the log', () => {
    const { failOver, warnings } = failoverSetUp();
    failOver();
    assert.deepEqual(warnings, []);
    assert.deepEqual(failOver(), ['127.9.3.6', '127.9.3.4']);
    assert.deepEqual(failOver(), ['127.9.3.5', '127.9.3.4']);
    assert.equal(warnings.length, 2);
  });

  it('keeps its address after a planned change, with --keep-address-on-replace, and when the host has no other', () => {
    assert.deepEqual(failoverSetUp().failOver(false), ['127.9.3.4', '127.9.3.5']);
    assert.deepEqual(failoverSetUp({ keepAddressOnReplace: true }).failOver(), ['127.9.3.4', '127.9.3.5']);
    assert.deepEqual(failoverSetUp({}, false).failOver(), ['127.9.3.4', '127.9.3.5']);
  });
});
