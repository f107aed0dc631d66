// Short ways to write the facts of a policy, and a reader of its elements that answers as the kernel does.

import type { Inhabitant, NetworkRules, Rule, SecurityGroup } from '../../security-facts.ts';
import type { Policy } from './policy.ts';
import { contains, rangeOf } from './ranges.ts';

export const ALLOW_ALL: Rule = { isEgress: true, protocol: '-1', cidr: '0.0.0.0/0' };

/** An ingress rule for a TCP port from a block, a group or a prefix list. */
export const from = (peer: string | readonly string[], port = 6379, lastPort = port): Rule =>
  rule(false, peer, { protocol: 'tcp', fromPort: port, toPort: lastPort });

/** An egress rule for a TCP port. */
export const to = (peer: string | readonly string[], port = 6379): Rule =>
  rule(true, peer, { protocol: 'tcp', fromPort: port, toPort: port });

export const rule = (
  isEgress: boolean,
  peer: string | readonly string[],
  traffic: Pick<Rule, 'protocol' | 'fromPort' | 'toPort'>,
): Rule => ({
  isEgress,
  ...traffic,
  ...(typeof peer !== 'string'
    ? { prefixList: peer }
    : peer.startsWith('sg-')
      ? { groupId: peer }
      : { cidr: peer }),
});

/** A group of the VPC `vpc-1` that allows all egress unless its rules have some. */
export const group = (groupId: string, rules: readonly Rule[], vpcId = 'vpc-1'): SecurityGroup => ({
  groupId,
  vpcId,
  isDefault: false,
  rules: rules.some(({ isEgress }) => isEgress) ? rules : [...rules, ALLOW_ALL],
});

export const network = (groups: readonly SecurityGroup[]): NetworkRules => ({
  vpcs: [
    { vpcId: 'vpc-1', cidrs: ['10.0.0.0/16'] },
    { vpcId: 'vpc-2', cidrs: ['10.0.0.0/16', '10.9.0.0/16'] },
  ],
  subnets: ['vpc-1', 'vpc-2'].map((vpcId) => ({ vpcId, subnetId: `subnet-of-${vpcId}` })),
  groups,
});

const resident =
  (kind: 'node' | 'machine') =>
  (address: string, groupIds: readonly string[], vpcId = 'vpc-1'): Inhabitant => ({
    kind,
    address,
    groupIds,
    vpcId,
  });

export const node = resident('node');
export const machine = resident('machine');

/** A packet that opens a connection; `port` is the type of ICMP and `code` its code. */
export interface Opening {
  from: string;
  to: string;
  protocol?: string;
  port?: number;
  code?: number;
}

const NUMBERS: Record<string, number> = { icmp: 1, tcp: 6, udp: 17 };

/** Whether the table lets the packet pass. */
export function isAllowed({ elements }: Policy, packet: Opening): boolean {
  const { protocol = 'tcp', port = 6379, code = 0 } = packet;
  if (elements.operators.has(packet.from)) return true;
  const isIn = (set: ReadonlySet<string>, fields: (string | number | undefined)[]) =>
    !fields.includes(undefined) &&
    [...set].some((element) => matches(element, fields as (string | number)[]));
  const source = valueIn(elements.sources, packet.from);
  const pair = [source, valueIn(elements.destinations, packet.to)];
  const isIcmp = protocol === 'icmp';
  // ICMP has its checksum where other protocols have their ports.
  const service = [NUMBERS[protocol] ?? Number(protocol), isIcmp ? 4711 : port];
  return (
    isIn(elements.services, [...pair, ...service]) ||
    (isIcmp && isIn(elements.icmp_services, [...pair, port, code])) ||
    (!isIn(elements.networks, [packet.to]) && isIn(elements.outside, [source, packet.to, ...service]))
  );
}

const valueIn = (map: ReadonlySet<string>, address: string): string | undefined =>
  [...map].find((element) => element.startsWith(`${address} : `))?.split(' : ')[1];

const matches = (element: string, fields: readonly (string | number)[]): boolean =>
  element.split(' . ').every((part, index) => part === fields[index] || isWithin(part, fields[index]!));

function isWithin(part: string, field: string | number): boolean {
  const value = typeof field === 'number' ? field : rangeOf(field)?.from;
  const [first, last = first] = part
    .split('-')
    .map((end) => rangeOf(end)?.from ?? NUMBERS[end] ?? Number(end));
  return value !== undefined && first !== undefined && contains({ from: first, to: last! }, value);
}
