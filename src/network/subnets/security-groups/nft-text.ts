// The table of security groups as text for nft: its chains and sets, and the changes of their elements. Pure. nft
// reads one text as one transaction. It wants each statement on a line of its own.

import { TABLE } from '../setup.ts';
import { type Elements, SET_NAMES } from './policy.ts';

// The class of the source is kept in the packet's mark and that of the destination in its priority: nft can look up
// two registers as one key, and a packet has no others. Neither leaves this namespace with the packet.
const PAIR = 'meta mark . meta priority';
const FIND_CLASSES = (source: string, destination: string) => [
  'meta mark set 0',
  'meta priority set 0:0',
  `meta mark set ip ${source} map @sources`,
  `meta priority set ip ${destination} map @destinations`,
];

// When the type of a set changes, rename it: an adopted table keeps the set that it has.
const TYPES: Record<keyof Elements, string> = {
  operators: 'set { type ipv4_addr; }',
  sources: 'map { type ipv4_addr : mark; }',
  destinations: 'map { typeof ip daddr : meta priority; }',
  services: `set { typeof ${PAIR} . meta l4proto . th dport; flags interval; }`,
  icmp_services: `set { typeof ${PAIR} . icmp type . icmp code; flags interval; }`,
  networks: 'set { type ipv4_addr; flags interval; }',
  outside: 'set { typeof meta mark . ip daddr . meta l4proto . th dport; flags interval; }',
};

/** Elements of one statement. nft reads long lines slowly. */
const ELEMENTS_IN_A_STATEMENT = 500;
const ELEMENTS_IN_A_TRANSACTION = 2_500;

/**
 * Chains -> rules. Established connections leave at the first rule, so only packets that open one are looked up.
 * `services`: the addresses of Millpond, which are always allowed.
 */
function chainsOf(services: readonly string[]): Record<string, string[]> {
  return {
    groups_input: ['tcp flags & (syn | ack) != syn accept', 'iifname "lo" accept', 'goto groups'],
    groups_forward: ['tcp flags & (syn | ack) != syn accept', 'goto groups'],
    groups: [
      `ip daddr { ${services.join(', ')} } accept`,
      'ip saddr @operators accept',
      // Answers and errors: only requests are looked up.
      'icmp type != { router-solicitation, echo-request, timestamp-request, info-request, address-mask-request } accept',
      ...FIND_CLASSES('saddr', 'daddr'),
      `${PAIR} . meta l4proto . th dport @services accept`,
      `${PAIR} . icmp type . icmp code @icmp_services accept`,
      'ip daddr != @networks meta mark . ip daddr . meta l4proto . th dport @outside accept',
      'meta l4proto udp jump groups_answers',
      'drop',
    ],
    // UDP has no connections: an answer is a packet whose opposite is allowed.
    groups_answers: [
      'ip daddr @operators accept',
      ...FIND_CLASSES('daddr', 'saddr'),
      `${PAIR} . meta l4proto . th sport @services accept`,
      'ip saddr != @networks meta mark . ip saddr . meta l4proto . th sport @outside accept',
    ],
  };
}

const HOOKS: Record<string, string> = {
  groups_input: ' { type filter hook input priority filter; policy accept; }',
  groups_forward: ' { type filter hook forward priority filter; policy accept; }',
};

/** Writes everything, whatever the table contained. Texts to run in this order; see `transactions`. */
export function rewriting(elements: Elements, services: readonly string[]): string[] {
  const chains = chainsOf(services);
  const names = Object.keys(chains);
  const structure = [
    `add table ${TABLE}`,
    ...names.map((name) => `add chain ${TABLE} ${name}${HOOKS[name] ?? ''}`),
    ...names.map((name) => `flush chain ${TABLE} ${name}`),
    ...SET_NAMES.flatMap((name) => {
      const [kind, type] = [TYPES[name].slice(0, 3), TYPES[name].slice(4)];
      return [`add ${kind} ${TABLE} ${name} ${type}`, `flush ${kind} ${TABLE} ${name}`];
    }),
    ...names.flatMap((name) => chains[name]!.map((rule) => `add rule ${TABLE} ${name} ${rule}`)),
  ];
  return transactions([
    ...structure.map((line) => ({ line: `${line}\n`, elements: 0 })),
    ...SET_NAMES.flatMap((name) => statements('add', name, elements[name])),
  ]);
}

/** Lets everything pass, whatever the table contained. */
export const permitting = (): string =>
  [
    `add table ${TABLE}`,
    ...Object.entries(HOOKS).map(([name, hook]) => `add chain ${TABLE} ${name}${hook}`),
    ...Object.keys(HOOKS).map((name) => `flush chain ${TABLE} ${name}`),
  ]
    .map((line) => `${line}\n`)
    .join('');

/** Changes what differs; no text when nothing does. */
export const changing = (before: Elements, after: Elements): string[] =>
  transactions([
    ...SET_NAMES.flatMap((name) => statements('delete', name, before[name].difference(after[name]))),
    ...SET_NAMES.flatMap((name) => statements('add', name, after[name].difference(before[name]))),
  ]);

/** A line of nft, and the number of elements in it. */
interface Statement {
  line: string;
  elements: number;
}

function statements(verb: 'add' | 'delete', set: string, elements: ReadonlySet<string>): Statement[] {
  const all = [...elements];
  const result: Statement[] = [];
  for (let at = 0; at < all.length; at += ELEMENTS_IN_A_STATEMENT) {
    const some = all.slice(at, at + ELEMENTS_IN_A_STATEMENT);
    result.push({
      line: `${verb} element ${TABLE} ${set} { ${some.join(', ')} }\n`,
      elements: some.length,
    });
  }
  return result;
}

/**
 * One transaction, or several if there are thousands of elements: the kernel refuses a longer one from a plain user
 * ("Message too long"). Elements are deleted before others are added, so the kernel never allows too much in between.
 */
function transactions(statements: readonly Statement[]): string[] {
  const texts: string[] = [];
  let elements = Number.POSITIVE_INFINITY;
  for (const statement of statements) {
    elements += statement.elements;
    if (elements > ELEMENTS_IN_A_TRANSACTION) {
      texts.push('');
      elements = statement.elements;
    }
    texts[texts.length - 1] += statement.line;
  }
  return texts;
}
