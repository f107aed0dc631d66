// The engine's configuration file: what the caller asks for (NodeSpec.directives) and what Millpond itself sets.
// Pure text; node-directory.ts writes it.

import { createHash } from 'node:crypto';
import type { ClusterSeed, NodeSpec } from './fleet.ts';
import { ADMIN_USER, adminPassword, clientDenials, secretNames, userRenames } from './withheld.ts';

export const DATA_FILE = 'dump.rdb';
export const LOG_FILE = 'engine.log';
export const NODES_FILE = 'nodes.conf';

/** Not a directive of any engine but a parameter of ElastiCache: it becomes `rename-command` lines. */
export const RENAME_COMMANDS = 'rename-commands';

/** What NodeSpec.directives cannot set, besides whatever the house sets itself. */
const RESERVED = [
  'aclfile',
  'appenddirname',
  'appendfilename',
  'cluster-announce-bus-port',
  'cluster-announce-port',
  'cluster-port',
  'crash-log-enabled',
  'dir',
  'enable-debug-command',
  'enable-module-command',
  'enable-protected-configs',
  'include',
  'loadmodule',
  'masterauth',
  'masteruser',
  'pidfile',
  'primaryauth',
  'primaryuser',
  'rdb-key-save-delay',
  'rename-command',
  'replica-announce-port',
  'replicaof',
  'requirepass',
  'slaveof',
  'slave-announce-ip',
  'slave-announce-port',
  'supervised',
  'syslog-enabled',
  'tls-port',
  'unixsocket',
  'unixsocketgroup',
  'unixsocketperm',
  'user',
];

export interface RenderedConfiguration {
  /** Holds secrets: for the owner's eyes only. */
  text: string;
  /** Directives that were asked for and left out: the house's own, or no directive at all. */
  leftOut: string[];
}

/**
 * `clusterNodeTimeoutMs` holds unless the directives set `cluster-node-timeout`. A directive's value is one
 * or more words separated by blanks; whatever else it holds stays inside its word.
 */
export function renderConfiguration(
  spec: NodeSpec,
  secret: string,
  clusterNodeTimeoutMs: number,
): RenderedConfiguration {
  const house = houseDirectives(spec);
  const leftOut: string[] = [];
  const asked: [string, string][] = [];
  for (const [name, value] of Object.entries(spec.directives)) {
    if (name === RENAME_COMMANDS) continue;
    if (/^[a-z][a-z0-9-]*$/.test(name) && !HOUSE_DIRECTIVES.has(name)) asked.push([name, value]);
    else leftOut.push(name);
  }
  if (spec.cluster && spec.directives['cluster-node-timeout'] === undefined) {
    asked.unshift(['cluster-node-timeout', String(clusterNodeTimeoutMs)]);
  }
  const lines = [...asked, ...house].map(([name, value]) => renderDirective(name, value));
  return { text: `${[...lines, ...accessDirectives(spec, secret)].join('\n')}\n`, leftOut };
}

function houseDirectives(spec: { address: string; port: number; cluster?: ClusterSeed }): [string, string][] {
  const directives: [string, string][] = [
    ['bind', spec.address],
    ['port', String(spec.port)],
    // Bound to anything but 127.0.0.1, an engine links and announces itself rightly only with all of these.
    ['bind-source-addr', spec.address],
    ['replica-announce-ip', spec.address],
    ['protected-mode', 'no'],
    ['daemonize', 'no'],
    ['logfile', LOG_FILE],
    ['loglevel', 'notice'],
    ['dbfilename', DATA_FILE],
    ['appendonly', 'no'],
    // Data is saved at an orderly end and at no other time; a failing disk must not stop writes.
    ['save', ''],
    ['shutdown-on-sigterm', 'save'],
    ['stop-writes-on-bgsave-error', 'no'],
    ['repl-diskless-sync', 'yes'],
    ['repl-diskless-sync-delay', '0'],
    ['always-show-logo', 'no'],
    ['cluster-enabled', spec.cluster ? 'yes' : 'no'],
  ];
  if (!spec.cluster) return directives;
  return [
    ...directives,
    ['cluster-config-file', NODES_FILE],
    ['cluster-announce-ip', spec.address],
    ['cluster-port', String(spec.cluster.busPort)],
    // Which replica serves which shard is the controller's decision.
    ['cluster-allow-replica-migration', 'no'],
    ...announcement(spec.cluster.nodes.find(({ id }) => id === spec.cluster!.self)?.hostname),
  ];
}

/** What clients of a cluster are told of a node: its name, or its address without one. Also for CONFIG SET. */
export const announcement = (hostname: string | undefined): [string, string][] => [
  ['cluster-announce-hostname', hostname ?? ''],
  ['cluster-preferred-endpoint-type', hostname === undefined ? 'ip' : 'hostname'],
];

const namesOf = (directives: [string, string][]): string[] => directives.map(([name]) => name);

/** All that NodeSpec.directives cannot set, because the house does or nobody may. */
export const HOUSE_DIRECTIVES: ReadonlySet<string> = new Set([
  ...RESERVED,
  ...namesOf(
    houseDirectives({ address: '', port: 0, cluster: { self: '', busPort: 0, epoch: 0, nodes: [] } }),
  ),
]);

/** Users, replication and the withheld commands. Passwords appear hashed wherever the engine allows. */
function accessDirectives(spec: NodeSpec, secret: string): string[] {
  const password = adminPassword(secret);
  const hash = createHash('sha256').update(password).digest('hex');
  const renamed = userRenames(spec.directives[RENAME_COMMANDS] ?? '', secret);
  const blocked = renamed.blocked.map((name) => ` -${word(name)}`).join('');
  const lines = [
    `user ${ADMIN_USER} on #${hash} ~* &* +@all`,
    `user default on nopass ~* &* +@all ${clientDenials()}${blocked}`,
    `masteruser ${ADMIN_USER}`,
    `masterauth ${password}`,
  ];
  for (const [name, secretName] of [...secretNames(secret), ...renamed.names]) {
    lines.push(`rename-command ${word(name)} ${word(secretName)}`);
  }
  if (spec.replicaOf && !spec.cluster) {
    lines.push(`replicaof ${word(spec.replicaOf.address)} ${spec.replicaOf.port}`);
  }
  return lines;
}

/** One line `name "word" "word"`; an empty value is the empty word. */
export function renderDirective(name: string, value: string): string {
  const words = value.split(/[ \t]+/).filter(Boolean);
  return [name, ...(words.length === 0 ? [''] : words).map(word)].join(' ');
}

/** What `renderConfiguration` has written: of each line its name and its words. */
export function readDirectives(text: string): [name: string, ...words: string[]][] {
  return text.split('\n').flatMap((line) => {
    const [name, ...words] = line.match(/"[^"]*"|[^ "]+/g) ?? [];
    return name === undefined ? [] : [[name, ...words.map(unquoted)] as [string, ...string[]]];
  });
}

function unquoted(text: string): string {
  const bytes = text
    .replaceAll('"', '')
    .replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** In the engine's double quotes; every byte that could end the word or the line is written as \xHH. */
function word(text: string): string {
  let quoted = '"';
  for (const byte of Buffer.from(text)) {
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
    quoted += plain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `${quoted}"`;
}
