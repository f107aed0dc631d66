import assert from 'node:assert/strict';
import { it } from 'node:test';
import { seededRandom } from '../../../../test/support/random-input.ts';
import type { DnsRecord } from '../../../dns/zone.ts';
import { createZoneTable } from '../../../dns/zone-table.ts';
import { type Group, type Member, membersOf } from '../clusters/domain/model.ts';
import type { MemberService } from '../clusters/domain/observation.ts';
import { changed, groupOf } from '../clusters/domain/planning.fixture.ts';
import { createEndpoints, type Endpoints } from './endpoints.ts';

const scope = { accountId: '000000000000', region: 'us-east-1' };
const TTL = 5;

/** Members serve in their recorded roles, except those in `does`. */
function open(does: Record<string, MemberService> = {}): {
  endpoints: Endpoints;
  does: Record<string, MemberService>;
} {
  const endpoints = createEndpoints({
    domain: 'cache.amazonaws.com',
    ttlSeconds: TTL,
    random: seededRandom(1),
    serviceOf: (_scope, group, member) =>
      does[member.id] ??
      (group.shards.some(({ primaryId }) => primaryId === member.id) ? 'primary' : 'replica'),
  });
  return { endpoints, does };
}

const ask = (endpoints: Endpoints, name: string): DnsRecord[] | undefined => endpoints.zones[0]!.lookup(name);
const dataOf = (endpoints: Endpoints, name: string) => ask(endpoints, name)?.map(({ data }) => data);

function named(endpoints: Endpoints, region = 'use1') {
  const { hash } = endpoints.namingOf(scope);
  const suffix = `${region}.cache.amazonaws.com`;
  return {
    primary: `a.${hash}.ng.0001.${suffix}`,
    reader: `a-ro.${hash}.ng.0001.${suffix}`,
    configuration: `a.${hash}.clustercfg.${suffix}`,
    node: (id: string) => `${id}.${hash}.0001.${suffix}`,
    hash,
  };
}

it('the primary name is a CNAME to the name of the node, which has the address', () => {
  const { endpoints } = open();
  const names = named(endpoints);
  endpoints.publish(scope, groupOf());
  assert.match(names.hash, /^[a-z][a-z0-9]{5}$/);
  assert.deepEqual(ask(endpoints, names.primary), [{ type: 'CNAME', ttl: TTL, data: names.node('a-001') }]);
  assert.deepEqual(ask(endpoints, names.node('a-001')), [{ type: 'A', ttl: TTL, data: '127.9.1.1' }]);
  assert.equal(ask(endpoints, names.configuration), undefined);
});

it('the primary name points to another node as soon as the record names another primary', () => {
  const { endpoints } = open();
  const names = named(endpoints);
  const group = groupOf();
  endpoints.publish(scope, group);
  const after = structuredClone(group);
  after.shards[0]!.primaryId = 'a-002';
  endpoints.publish(scope, after);
  assert.deepEqual(dataOf(endpoints, names.primary), [names.node('a-002')]);
});

it('the reader name points to one readable replica after another', () => {
  const { endpoints, does } = open();
  const names = named(endpoints);
  endpoints.publish(scope, groupOf());
  const answers = (count: number) =>
    Array.from({ length: count }, () => dataOf(endpoints, names.reader)!).map(([first, ...others]) => {
      assert.equal(others.length, 0);
      return first;
    });
  const [one, other] = [names.node('a-002'), names.node('a-003')];
  const [first, ...rest] = answers(4);
  const second = first === one ? other : one;
  assert.deepEqual(rest, [second, first, second]);
  does['a-002'] = 'none';
  assert.deepEqual(answers(2), [other, other]);
  does['a-003'] = 'none';
  assert.deepEqual(answers(1), [names.node('a-001')], 'the primary when there is no other');
});

it('shared names do not point to a member that is draining or being removed', () => {
  const { endpoints } = open();
  const names = named(endpoints);
  const leaving: Partial<Member>[] = [{ drain: { since: 0 } }, { phase: 'deleting' }];
  for (const changes of leaving) {
    endpoints.publish(scope, changed(groupOf(), { members: { 'a-002': changes } }));
    for (let turn = 0; turn < 3; turn++)
      assert.deepEqual(dataOf(endpoints, names.reader), [names.node('a-003')]);
    assert.deepEqual(dataOf(endpoints, names.node('a-002')), ['127.9.1.2'], 'its own name stays');
    const cluster = groupOf({ clusterEnabled: true, members: 2 });
    Object.assign(cluster.shards[0]!.members[1]!, changes);
    endpoints.publish(scope, cluster);
    assert.deepEqual(dataOf(endpoints, names.configuration), ['127.9.1.1']);
  }
});

it('the configuration name gives all nodes, primaries first, in random order', () => {
  const { endpoints, does } = open();
  const names = named(endpoints);
  const group = groupOf({ shards: 3, members: 2, clusterEnabled: true });
  endpoints.publish(scope, group);
  const primaries = ['127.9.1.1', '127.9.2.1', '127.9.3.1'];
  const orders = new Set<string>();
  for (let count = 0; count < 40; count++) {
    const addresses = dataOf(endpoints, names.configuration)!;
    assert.equal(addresses.length, 6);
    assert.deepEqual(addresses.slice(0, 3).sort(), primaries);
    orders.add(addresses.slice(0, 3).join());
  }
  assert.equal(orders.size, 6, 'every order of three comes up');
  does['a-0001-001'] = 'none';
  assert.ok(
    !dataOf(endpoints, names.configuration)!.includes('127.9.1.1'),
    'a node that does not serve is left out',
  );
  for (const { id } of membersOf(group)) does[id] = 'none';
  assert.equal(dataOf(endpoints, names.configuration)?.length, 6, 'the answer is never empty');
  assert.equal(ask(endpoints, names.primary), undefined, 'cluster mode has no primary name');
});

it('the zones own every name under their hashes, known or not, and no other', () => {
  const { endpoints } = open();
  const { hash } = named(endpoints);
  const [zone, chinese] = endpoints.zones;
  assert.equal(zone!.suffix, 'cache.amazonaws.com');
  assert.equal(chinese!.suffix, 'cache.amazonaws.com.cn');
  assert.ok(zone!.owns!(`nobody.${hash}.ng.0001.use1.cache.amazonaws.com`));
  assert.equal(zone!.lookup(`nobody.${hash}.ng.0001.use1.cache.amazonaws.com`), undefined);
  assert.ok(!zone!.owns!('real.abcdef.ng.0001.use1.cache.amazonaws.com'));
});

it('each account and region has its own hash', () => {
  const { endpoints } = open();
  const hashes = [scope, { ...scope, accountId: '111111111111' }, { ...scope, region: 'eu-west-1' }].map(
    (one) => endpoints.namingOf(one).hash,
  );
  assert.equal(new Set(hashes).size, 3);
  const china = { ...scope, region: 'cn-north-1' };
  assert.match(endpoints.namingOf(china).domain, /\.cn$/);
});

it('a standalone cluster has only the name of its node', () => {
  const { endpoints } = open();
  const names = named(endpoints);
  const group = standalone('a');
  endpoints.publish(scope, group);
  assert.deepEqual(dataOf(endpoints, names.node('a')), ['127.9.1.1']);
  assert.equal(ask(endpoints, names.primary), undefined);
});

it('a withdrawn group’s names are gone, except the node name that a retained cluster keeps', () => {
  const { endpoints } = open();
  const names = named(endpoints);
  const group = groupOf();
  endpoints.publish(scope, group);
  // The primary is retained: first the cluster is published under its name, then the group without it goes.
  endpoints.publish(scope, standalone('a-001'));
  const [shard] = group.shards;
  endpoints.publish(scope, {
    ...group,
    shards: [{ ...shard!, members: shard!.members.slice(1) }],
  });
  endpoints.withdraw(scope, 'a');
  assert.equal(ask(endpoints, names.primary), undefined);
  assert.equal(ask(endpoints, names.node('a-002')), undefined);
  assert.deepEqual(dataOf(endpoints, names.node('a-001')), ['127.9.1.1']);
  endpoints.withdraw(scope, 'a-001');
  assert.equal(ask(endpoints, names.node('a-001')), undefined);
});

it('hostNames lists every name with its address', () => {
  const { endpoints } = open();
  const names = named(endpoints);
  endpoints.publish(scope, groupOf({ members: 2 }));
  assert.deepEqual(endpoints.hostNames(), {
    [names.primary]: '127.9.1.1',
    [names.reader]: '127.9.1.2',
    [names.node('a-001')]: '127.9.1.1',
    [names.node('a-002')]: '127.9.1.2',
  });
  assert.deepEqual([...endpoints.addresses()].sort(), ['127.9.1.1', '127.9.1.2']);
});

it('each replica name that a group asks for is a zone, which is removed with the name', () => {
  const { endpoints, does } = open();
  const names = named(endpoints);
  const table = createZoneTable();
  endpoints.answerIn(table);
  const [first, second] = ['read1.in.test', 'read2.in.test'] as const;
  const led = (name: string) => table.zoneOf(name)?.lookup(name);
  const group = groupOf();
  const publish = (homes: string[]) =>
    endpoints.publish(scope, {
      ...group,
      replicaNames: { pattern: 'read.in.test', homes, guests: homes.map(() => null) },
    });
  publish(['a-002', 'a-003']);
  assert.deepEqual(led(first), [{ type: 'CNAME', ttl: TTL, data: names.node('a-002') }]);
  assert.equal(endpoints.hostNames()[second], '127.9.1.3');
  does['a-002'] = 'none';
  assert.equal(led(first)![0]!.data, names.node('a-003'), 'at once, from what is seen');
  assert.deepEqual(
    endpoints.replicaNames().map(({ name, value }) => [name, value]),
    [
      [first, names.node('a-003')],
      [second, names.node('a-003')],
    ],
  );
  assert.equal(table.zoneOf('in.test'), undefined, 'nothing else of the domain is answered');
  publish(['a-003']);
  assert.equal(table.zoneOf(second), undefined);
  const late = createZoneTable();
  endpoints.answerIn(late);
  assert.ok(late.zoneOf(first) && late.zoneOf(names.primary));
  endpoints.withdraw(scope, 'a');
  assert.equal(table.zoneOf(first) ?? late.zoneOf(first), undefined);
});

function standalone(id: string): Group {
  const group = groupOf({ members: 1 }, { kind: 'cache-cluster', id });
  const [shard] = group.shards;
  shard!.members[0]!.id = id;
  shard!.primaryId = id;
  return group;
}
