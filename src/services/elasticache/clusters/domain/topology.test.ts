import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Fault } from '../../../../wire/fault.ts';
import { type TopologyRequest, topologyOf } from './topology.ts';

/** `0001: 0-8191 x2 [a,-]`: id, slots, members, wanted zones. */
const shardsOf = (request: TopologyRequest, clusterEnabled = false): string[] =>
  topologyOf(request, clusterEnabled).shards.map(
    ({ id, slots, memberCount, zones }) =>
      `${id}:${slots.map((range) => range.join('-'))} x${memberCount} [${zones.map((zone) => zone ?? '-')}]`,
  );

describe('cluster mode off', () => {
  const cases: [request: TopologyRequest, shard: string][] = [
    [{}, '0001: x1 []'],
    [{ NumCacheClusters: 3 }, '0001: x3 []'],
    [{ PreferredCacheClusterAZs: ['a', 'b'] }, '0001: x2 [a,b]'],
    [{ ReplicasPerNodeGroup: 2 }, '0001: x3 []'],
    [{ NumNodeGroups: 1, ReplicasPerNodeGroup: 1 }, '0001: x2 []'],
    [{ NodeGroupConfiguration: [{ ReplicaCount: 2 }] }, '0001: x3 [-]'],
    [{ NodeGroupConfiguration: [{ ReplicaCount: 2, PrimaryAvailabilityZone: 'b' }] }, '0001: x3 [b]'],
    [{ NodeGroupConfiguration: [{ ReplicaAvailabilityZones: ['b', 'c'] }] }, '0001: x3 [-,b,c]'],
    [{ NumCacheClusters: 2, NodeGroupConfiguration: [{ ReplicaCount: 1 }] }, '0001: x2 [-]'],
  ];
  for (const [request, shard] of cases) {
    it(JSON.stringify(request), () => assert.deepEqual(shardsOf(request), [shard]));
  }
});

describe('cluster mode on', () => {
  const cases: [request: TopologyRequest, shards: string[]][] = [
    [{}, ['0001:0-16383 x1 []']],
    [{ NumNodeGroups: 2, ReplicasPerNodeGroup: 1 }, ['0001:0-8191 x2 []', '0002:8192-16383 x2 []']],
    [{ NumNodeGroups: 3 }, ['0001:0-5461 x1 []', '0002:5462-10922 x1 []', '0003:10923-16383 x1 []']],
    [{ NumCacheClusters: 3 }, ['0001:0-16383 x3 []']],
    [
      {
        NodeGroupConfiguration: [
          { NodeGroupId: '7', Slots: '0-99' },
          { NodeGroupId: '0003', Slots: '100-16383' },
        ],
      },
      ['0007:0-99 x1 [-]', '0003:100-16383 x1 [-]'],
    ],
  ];
  for (const [request, shards] of cases) {
    it(JSON.stringify(request), () => assert.deepEqual(shardsOf(request, true), shards));
  }
});

it('failover and zones: one asks for the other', () => {
  const of = (request: TopologyRequest, clusterEnabled = false) => {
    const { automaticFailover, multiAz } = topologyOf({ NumCacheClusters: 2, ...request }, clusterEnabled);
    return [automaticFailover, multiAz];
  };
  assert.deepEqual(of({}), [false, false]);
  assert.deepEqual(of({ AutomaticFailoverEnabled: true }), [true, false]);
  assert.deepEqual(of({ MultiAZEnabled: true }), [true, true], 'Multi-AZ turns automatic failover on');
  assert.deepEqual(of({}, true), [true, false], 'cluster mode has it always');
});

describe('refused', () => {
  const value = 'InvalidParameterValueException';
  const combination = 'InvalidParameterCombinationException';
  const cases: [request: TopologyRequest, shape: string, clusterEnabled?: boolean][] = [
    ...[0, -1, 7, 1.5, Number.NaN, 2 ** 53].map((count): [TopologyRequest, string] => [
      { NumCacheClusters: count },
      value,
    ]),
    ...[-1, 6, 0.5].map((count): [TopologyRequest, string] => [{ ReplicasPerNodeGroup: count }, value]),
    ...[0, 1.5].map((count): [TopologyRequest, string, boolean] => [{ NumNodeGroups: count }, value, true]),
    [{ NumNodeGroups: 91 }, 'NodeGroupsPerReplicationGroupQuotaExceededFault', true],
    [{ NumNodeGroups: 2 ** 31 }, 'NodeGroupsPerReplicationGroupQuotaExceededFault', true],
    [{ NumNodeGroups: 46, ReplicasPerNodeGroup: 1 }, 'NodeQuotaForClusterExceededFault', true],
    [{ NumNodeGroups: 2 }, combination],
    [{ NumCacheClusters: 2, ReplicasPerNodeGroup: 1 }, combination],
    [{ NumCacheClusters: 3, PreferredCacheClusterAZs: ['a'] }, combination],
    [{ PreferredCacheClusterAZs: Array(7).fill('a') }, value],
    [{ NodeGroupConfiguration: [{ ReplicaAvailabilityZones: Array(6).fill('a') }] }, value, true],
    [{ NodeGroupConfiguration: [{ Slots: '0-16383' }] }, combination],
    [{ NodeGroupConfiguration: [{ Slots: '0-99' }] }, value, true],
    [{ NodeGroupConfiguration: [{ Slots: '0-99' }, {}] }, combination, true],
    [{ NodeGroupConfiguration: [{ NodeGroupId: '1' }, { NodeGroupId: '0001' }] }, value, true],
    [{ NodeGroupConfiguration: [{ NodeGroupId: '0000' }] }, value, true],
    [{ NodeGroupConfiguration: [{ NodeGroupId: 'x' }] }, value, true],
    [{ NodeGroupConfiguration: [{}], NumNodeGroups: 2 }, combination, true],
    [{ AutomaticFailoverEnabled: true }, combination],
    [{ MultiAZEnabled: true }, value],
    [{ MultiAZEnabled: true, NumCacheClusters: 2, AutomaticFailoverEnabled: false }, combination],
    [{ AutomaticFailoverEnabled: false }, value, true],
    [{ MultiAZEnabled: true, NumNodeGroups: 2 }, value, true],
  ];
  for (const [request, shape, clusterEnabled = false] of cases) {
    it(`${JSON.stringify(request)}${clusterEnabled ? ', cluster mode on' : ''}`, () => {
      assert.throws(
        () => topologyOf(request, clusterEnabled),
        (error) => error instanceof Fault && error.shape === shape,
      );
    });
  }
});
