// Computes, from VPCs, security groups and the addresses in them, the elements of the sets in which the kernel looks
// up whether a connection is allowed. Pure.
//
// Addresses that all rules treat alike are one class: those with the same VPC, the same groups and the same matching
// blocks. The kernel finds the class of both ends and looks up the pair with protocol and port. So when an address
// comes or goes, its own elements change and no others, unless it is the first or the last of its class.

import type { Inhabitant, NetworkRules, Rule, SecurityGroup } from '../../security-facts.ts';
import { contains, cutUp, merged, type Range, rangeOf, renderRange } from './ranges.ts';
import {
  allowedByBoth,
  EVERYTHING,
  intersection,
  isAllIcmp,
  type Traffic,
  trafficOf,
  union,
} from './traffic.ts';

/** The sets and maps of the table; nft-text.ts declares them. */
export const SET_NAMES = [
  'operators',
  'sources',
  'destinations',
  'services',
  'icmp_services',
  'networks',
  'outside',
] as const;

/** Elements as nft reads them, in each set. A map's element has its value after ` : `. */
export type Elements = Readonly<Record<(typeof SET_NAMES)[number], ReadonlySet<string>>>;

/** What the kernel should have. */
export interface Policy {
  elements: Elements;
  /** Class -> its number. */
  classes: ReadonlyMap<string, number>;
  /** The rules that it was computed from, and the results for classes, which the next policy of the same rules uses. */
  computed: { network: NetworkRules; between: ReadonlyMap<number, readonly Element[]> };
}

/** An element of one of the sets that say what is allowed. */
interface Element {
  set: 'services' | 'icmp_services' | 'outside';
  text: string;
}

/** Addresses that are never outside: those of one link, and those of machines outside of VPCs (shared address space). */
const NEVER_OUTSIDE = ['169.254.0.0/16', '100.64.0.0/10'];
const ECHO_REQUEST: Traffic = { protocol: 'icmp', from: 8, to: 8, code: 0 };
const SERVICE_ONLY = 'service-only';

/** Addresses that all rules treat alike. */
interface Class {
  key: string;
  vpcId?: string;
  groups: readonly CompiledGroup[];
  /** The blocks in rules that contain its addresses. */
  blocks: ReadonlySet<string>;
  /** Whether one of its addresses can open connections. */
  opens: boolean;
}

interface CompiledRule {
  isEgress: boolean;
  traffic: Traffic;
  groupId?: string | undefined;
  blocks: readonly string[];
}

interface CompiledGroup extends SecurityGroup {
  compiled: readonly CompiledRule[];
}

type Resident = Extract<Inhabitant, { vpcId: string }>;

/** `before`: the policy that the new one replaces. Classes keep their numbers, and their results under equal rules. */
export const policyOf = (
  network: NetworkRules,
  inhabitants: readonly Inhabitant[],
  before?: Policy,
): Policy => lastOf(policySteps(network, inhabitants, before));

/** As `policyOf`, in steps, because thousands of rules and addresses take longer than a turn of the event loop. */
export function* policySteps(
  network: NetworkRules,
  inhabitants: readonly Inhabitant[],
  before: Policy | undefined,
): Generator<void, Policy> {
  const elements = emptyElements();
  const { members, found } = yield* classesOf(network, inhabitants);
  const classes = numbered([...found.keys()], before?.classes ?? new Map());
  for (const [{ kind, address }, { key }] of members) {
    const id = classes.get(key)!;
    if (kind !== 'node') elements.sources.add(`${address} : ${id}`);
    if (kind !== 'service-only') elements.destinations.add(`${address} : ${asPriority(id)}`);
  }
  for (const { kind, address } of inhabitants) if (kind === 'operator') elements.operators.add(address);
  for (const range of merged(rangesOf([...NEVER_OUTSIDE, ...network.vpcs.flatMap(({ cidrs }) => cidrs)]))) {
    elements.networks.add(renderRange(range));
  }
  const known = before?.computed.network === network ? before.computed.between : undefined;
  const between = new Map<number, readonly Element[]>();
  for (const source of found.values()) {
    if (!source.opens) continue;
    const from = classes.get(source.key)!;
    const add = (key: number, compute: () => readonly Element[]) => {
      const allowed = known?.get(key) ?? compute();
      between.set(key, allowed);
      for (const { set, text } of allowed) elements[set].add(text);
    };
    add(pairOf(from, OUTSIDE), () => towardsOutside(source, from));
    for (const destination of found.values()) {
      const to = classes.get(destination.key)!;
      add(pairOf(from, to), () => towards(source, from, destination, to));
    }
    yield;
  }
  return { elements, classes, computed: { network, between } };
}

function lastOf<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

const emptyElements = () =>
  Object.fromEntries(SET_NAMES.map((name) => [name, new Set<string>()])) as Record<
    keyof Elements,
    Set<string>
  >;

/** In place of a class's number. */
const OUTSIDE = 0;

/** A key for two classes. A class that is new has a number that no earlier class had, so old keys stay right. */
const pairOf = (from: number, to: number): number => from * 2 ** 24 + to;

/** Addresses are placed in one step. */
const PLACED_IN_A_STEP = 50;

/** The classes of all addresses, except those of operators, which need none. */
function* classesOf(
  network: NetworkRules,
  inhabitants: readonly Inhabitant[],
): Generator<void, { members: [Inhabitant, Class][]; found: Map<string, Class> }> {
  const place = placesIn(network, inhabitants.filter(isResident));
  const found = new Map<string, Class>();
  const members: [Inhabitant, Class][] = [];
  for (const [index, one] of inhabitants.entries()) {
    if (index % PLACED_IN_A_STEP === 0) yield;
    if (one.kind === 'operator') continue;
    const its = isResident(one) ? place(one) : { key: SERVICE_ONLY, groups: [], blocks: new Set<string>() };
    const known = found.get(its.key) ?? { ...its, opens: false };
    found.set(its.key, known);
    known.opens ||= one.kind !== 'node';
    members.push([one, known]);
  }
  return { members, found };
}

const isResident = (one: Inhabitant): one is Resident => one.kind === 'node' || one.kind === 'machine';

/** Finds the class of an address. Only the blocks of groups in use tell classes apart. */
function placesIn(network: NetworkRules, residents: readonly Resident[]) {
  const groups = new Map(network.groups.map((group) => [group.groupId, group]));
  const compiled = new Map<string, CompiledGroup>();
  const compiledGroup = (groupId: string): CompiledGroup | undefined => {
    const group = groups.get(groupId);
    let known = compiled.get(groupId);
    if (group && !known)
      compiled.set(groupId, (known = { ...group, compiled: group.rules.flatMap(compile) }));
    return known;
  };
  const defaults = new Map(
    network.groups.filter(({ isDefault }) => isDefault).map((one) => [one.vpcId, one.groupId]),
  );
  // AWS: an interface has the default group of its VPC when the request names none.
  const groupsOf = ({ vpcId, groupIds }: Resident): CompiledGroup[] =>
    [...new Set(groupIds.length > 0 ? groupIds : [defaults.get(vpcId) ?? ''])]
      .flatMap((groupId) => compiledGroup(groupId) ?? [])
      .filter((group) => group.vpcId === vpcId)
      .sort((a, b) => (a.groupId < b.groupId ? -1 : 1));
  const blocksOfVpc = new Map<string, Map<string, Range>>();
  for (const group of new Set(residents.flatMap(groupsOf))) {
    const blocks = blocksOfVpc.get(group.vpcId) ?? new Map<string, Range>();
    blocksOfVpc.set(group.vpcId, blocks);
    for (const block of group.compiled.flatMap((rule) => rule.blocks)) blocks.set(block, rangeOf(block)!);
  }
  return (one: Resident): Omit<Class, 'opens'> => {
    const address = rangeOf(one.address)!.from;
    const its = groupsOf(one);
    const blocks = [...(blocksOfVpc.get(one.vpcId) ?? [])]
      .filter(([, range]) => contains(range, address))
      .map(([block]) => block)
      .sort();
    const key = [one.vpcId, its.map(({ groupId }) => groupId).join(), blocks.join()].join(' ');
    return { key, vpcId: one.vpcId, groups: its, blocks: new Set(blocks) };
  };
}

/** Nothing for a rule that no packet matches: one with an IPv6 peer, or of ICMPv6. */
function compile(rule: Rule): CompiledRule[] {
  const blocks = [...(rule.cidr === undefined ? [] : [rule.cidr]), ...(rule.prefixList ?? [])].filter(
    rangeOf,
  );
  if (rule.protocol === 'icmpv6' || (blocks.length === 0 && rule.groupId === undefined)) return [];
  return [{ isEgress: rule.isEgress, traffic: trafficOf(rule), groupId: rule.groupId, blocks }];
}

/** What the egress rules of one class and the ingress rules of the other both allow. */
function towards(source: Class, from: number, destination: Class, to: number): Element[] {
  if (source.vpcId === undefined || source.vpcId !== destination.vpcId) return [];
  const both = allowedByBoth(allowedBy(source, destination, true), allowedBy(destination, source, false));
  return both.map((traffic) => ({
    set: traffic.protocol === 'icmp' && !isAllIcmp(traffic) ? 'icmp_services' : 'services',
    text: `${from} . ${asPriority(to)} . ${render(traffic)}`,
  }));
}

/** What the rules of a class in one direction allow with a peer. */
function allowedBy({ groups }: Class, peer: Class, isEgress: boolean): Traffic[] {
  const matches = (rule: CompiledRule) =>
    rule.isEgress === isEgress &&
    (rule.blocks.some((block) => peer.blocks.has(block)) ||
      peer.groups.some(({ groupId }) => groupId === rule.groupId));
  return union(groups.flatMap(({ compiled }) => compiled.filter(matches).map(({ traffic }) => traffic)));
}

/** What a class may send to addresses outside of every VPC. */
function towardsOutside({ key, groups }: Class, from: number): Element[] {
  const everywhere = { isEgress: true, traffic: EVERYTHING, blocks: ['0.0.0.0/0'] };
  const rules = key === SERVICE_ONLY ? [everywhere] : groups.flatMap(({ compiled }) => compiled);
  const entries = rules
    .filter(({ isEgress }) => isEgress)
    .flatMap(({ traffic, blocks }) => rangesOf(blocks).map((range) => ({ range, value: traffic })));
  return cutUp(entries).flatMap(({ range, values }) =>
    union(values.flatMap(forOutside)).map((traffic) => ({
      set: 'outside' as const,
      text: `${from} . ${renderRange(range)} . ${render(traffic)}`,
    })),
  );
}

/** The set of the outside has no ICMP types: whoever may send an echo request may send all ICMP. */
const forOutside = (traffic: Traffic): Traffic[] => {
  if (traffic.protocol !== 'icmp') return [traffic];
  return intersection(traffic, ECHO_REQUEST) ? [{ protocol: 'icmp', from: 0, to: 255 }] : [];
};

const rangesOf = (blocks: readonly string[]): Range[] => blocks.flatMap((block) => rangeOf(block) ?? []);

/**
 * Protocol and ports, or type and code. Protocols without ports match whatever stands where others have them. The last
 * field is always a range: nft 1.0.6 cannot delete an element of single values from such a set.
 */
function render(traffic: Traffic): string {
  const { protocol, from, to, code } = traffic;
  if (protocol === 'all') return '0-255 . 0-65535';
  if (isAllIcmp(traffic)) return 'icmp . 0-65535';
  if (protocol !== 'icmp') return `${protocol} . ${from}-${to}`;
  return `${from === to ? from : `${from}-${to}`} . ${code === undefined ? '0-255' : `${code}-${code}`}`;
}

/** Known classes keep their numbers, and a new one gets the smallest that neither list uses. Numbers begin with 1. */
function numbered(keys: readonly string[], known: ReadonlyMap<string, number>): Map<string, number> {
  const used = new Set(known.values());
  let next = 1;
  const fresh = () => {
    while (used.has(next)) next++;
    used.add(next);
    return next;
  };
  return new Map([...keys].sort().map((key) => [key, known.get(key) ?? fresh()]));
}

/** nft writes a priority as two hexadecimal halves. */
const asPriority = (id: number): string => `${(id >>> 16).toString(16)}:${(id & 0xffff).toString(16)}`;
