// Random networks that change: the table allows exactly what the rules say, however it came to be.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Inhabitant, NetworkRules, Rule } from '../../security-facts.ts';
import * as f from './policy.fixture.ts';
import { type Policy, policyOf } from './policy.ts';
import { contains, rangeOf } from './ranges.ts';

const BLOCKS = ['0.0.0.0/0', '10.0.0.0/8', '10.0.1.0/24', '10.0.1.8/29', '10.0.2.5/32', '192.0.2.0/24'];
const GROUPS = ['sg-a', 'sg-b', 'sg-c', 'sg-d'];
const PORTS = [0, 22, 79, 80, 81, 6379, 65_535];
const ADDRESSES = ['10.0.1.5', '10.0.1.9', '10.0.1.10', '10.0.2.5', '10.0.2.6', '10.0.3.4'];

/** Numbers below `limit`, the same ones for the same seed (a linear congruential generator). */
function randomFrom(seed: number) {
  let state = seed;
  return (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

type Random = ReturnType<typeof randomFrom>;
const oneOf = <T>(random: Random, list: readonly T[]): T => list[random(list.length)]!;
const some = <T>(random: Random, list: readonly T[]): T[] => list.filter(() => random(2) === 0);

function randomRule(random: Random): Rule {
  const protocol = oneOf(random, ['-1', 'tcp', 'tcp', 'udp', 'icmp', '47', 'icmpv6']);
  const [first, last] = [oneOf(random, PORTS), oneOf(random, PORTS)].sort((a, b) => a - b);
  const traffic = {
    tcp: { fromPort: first, toPort: last },
    udp: { fromPort: first, toPort: last },
    icmp: { fromPort: oneOf(random, [-1, 8, 13]), toPort: oneOf(random, [-1, 0]) },
  }[protocol];
  const peer = oneOf(random, [...BLOCKS, ...GROUPS, some(random, BLOCKS)]);
  return f.rule(random(2) === 0, peer, { protocol, ...traffic });
}

const randomRules = (random: Random): NetworkRules =>
  f.network(
    GROUPS.map((id, index) => ({
      ...f.group(id, [], index === 3 ? 'vpc-2' : 'vpc-1'),
      isDefault: id === 'sg-a',
      rules: Array.from({ length: random(5) }, () => randomRule(random)),
    })),
  );

const randomInhabitants = (random: Random): Inhabitant[] =>
  some(random, ADDRESSES).map((address): Inhabitant => {
    const kind = oneOf(random, ['node', 'machine', 'machine', 'operator', 'service-only'] as const);
    if (kind === 'operator' || kind === 'service-only') return { kind, address };
    return {
      kind,
      address,
      vpcId: oneOf(random, ['vpc-1', 'vpc-1', 'vpc-2']),
      groupIds: some(random, GROUPS),
    };
  });

/** Reads the rules directly. */
function expected(
  rules: NetworkRules,
  inhabitants: readonly Inhabitant[],
  packet: Required<f.Opening>,
): boolean {
  const at = (address: string) => inhabitants.find((one) => one.address === address);
  const [source, destination] = [at(packet.from), at(packet.to)];
  if (source?.kind === 'operator') return true;
  if (!source || source.kind === 'node') return false;
  const isOutside = !rules.vpcs.some(({ cidrs }) => cidrs.some((cidr) => isIn(cidr, packet.to)));
  if (!('vpcId' in source)) return isOutside;
  const groupsOf = (one: Inhabitant | undefined) => {
    if (one?.kind !== 'node' && one?.kind !== 'machine') return [];
    return rules.groups.filter(
      ({ groupId, vpcId, isDefault }) =>
        vpcId === one.vpcId && (one.groupIds.length > 0 ? one.groupIds.includes(groupId) : isDefault),
    );
  };
  const allows = (own: Inhabitant, peer: Inhabitant | undefined, peerAddress: string, isEgress: boolean) =>
    groupsOf(own).some((group) =>
      group.rules.some(
        (rule) =>
          rule.isEgress === isEgress &&
          isTraffic(rule, packet) &&
          ([rule.cidr, ...(rule.prefixList ?? [])].some((cidr) => cidr && isIn(cidr, peerAddress)) ||
            groupsOf(peer).some(({ groupId }) => groupId === rule.groupId)),
      ),
    );
  if (!allows(source, destination, packet.to, true)) return false;
  if (isOutside) return true;
  if (destination?.kind !== 'node' && destination?.kind !== 'machine') return false;
  if (destination.vpcId !== source.vpcId) return false;
  return allows(destination, source, packet.from, false);
}

const isIn = (cidr: string, address: string) => contains(rangeOf(cidr)!, rangeOf(address)!.from);

function isTraffic({ protocol, fromPort, toPort }: Rule, packet: Required<f.Opening>): boolean {
  if (protocol === '-1') return true;
  if (protocol !== packet.protocol) return false;
  if (protocol === 'icmp')
    return fromPort === -1 || (fromPort === packet.port && (toPort === -1 || toPort === packet.code));
  return fromPort === undefined || (fromPort <= packet.port && packet.port <= toPort!);
}

for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
  it(`a network that changes, seed ${seed}`, () => {
    const random = randomFrom(seed);
    let rules = randomRules(random);
    let policy: Policy | undefined;
    for (let change = 0; change < 25; change++) {
      if (random(3) === 0) rules = randomRules(random);
      const inhabitants = randomInhabitants(random);
      policy = policyOf(rules, inhabitants, policy);
      for (let tried = 0; tried < 60; tried++) {
        const protocol = oneOf(random, ['tcp', 'udp', 'icmp', '47']);
        const packet = {
          from: oneOf(random, ADDRESSES),
          to: oneOf(random, [...ADDRESSES, '192.0.2.7', '198.51.100.1']),
          protocol,
          // The set of the outside has no ICMP types: only echo requests are compared.
          port: protocol === 'icmp' ? 8 : oneOf(random, PORTS),
          code: 0,
        };
        const what = JSON.stringify({ change, packet, rules, inhabitants });
        assert.equal(f.isAllowed(policy, packet), expected(rules, inhabitants, packet), what);
      }
    }
  });
}
