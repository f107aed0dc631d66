// Renders and reads the engine's configuration file: the caller's directives (NodeSpec.directives) and those that
// Millpond sets itself. Pure text; node-directory.ts writes it.

import { createHash } from 'node:crypto';
import type { ClusterSeed, NodeSpec } from './fleet.ts';
import { ADMIN_USER, adminPassword, clientDenials, secretNames, userRenames } from './withheld.ts';

/** The names of an engine's files in its working directory. */
export const DATA_FILE = 'dump.rdb';
export const LOG_FILE = 'engine.log';
export const NODES_FILE = 'nodes.conf';

/** A parameter of ElastiCache, not a directive of any engine: it becomes `rename-command` lines. */
export const RENAME_COMMANDS = 'rename-commands';

/** Directives that nobody may set through NodeSpec, besides those that Millpond sets itself. */
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

/** The text of the file, and what it leaves out. */
export interface RenderedConfiguration {
  /** Holds secrets: only the owner may read it. */
  text: string;
  /** Requested directives that were left out: Millpond sets them itself, or their names are not valid. */
  leftOut: string[];
}

/**
 * `clusterNodeTimeoutMs` is used unless the directives set `cluster-node-timeout`. A directive's value is one or more
 * words separated by blanks; every other character stays inside its word.
 */
export function renderConfiguration(
  spec: NodeSpec,
  secret: string,
  clusterNodeTimeoutMs: number,
): RenderedConfiguration {
  const own = ownDirectives(spec);
  const leftOut: string[] = [];
  const asked: [string, string][] = [];
  for (const [name, value] of Object.entries(spec.directives)) {
    if (name === RENAME_COMMANDS) continue;
    if (/^[a-z][a-z0-9-]*$/.test(name) && !OWN_DIRECTIVES.has(name)) asked.push([name, value]);
    else leftOut.push(name);
  }
  if (spec.cluster && spec.directives['cluster-node-timeout'] === undefined) {
    asked.unshift(['cluster-node-timeout', String(clusterNodeTimeoutMs)]);
  }
  const lines = [...asked, ...own].map(([name, value]) => renderDirective(name, value));
  return { text: `${[...lines, ...accessDirectives(spec, secret)].join('\n')}\n`, leftOut };
}

function ownDirectives(spec: { address: string; port: number; cluster?: ClusterSeed }): [string, string][] {
  const directives: [string, string][] = [
    ['bind', spec.address],
    ['port', String(spec.port)],
    // An engine on any address but 127.0.0.1 needs all of these to replicate and to announce itself correctly.
    ['bind-source-addr', spec.address],
    ['replica-announce-ip', spec.address],
    ['protected-mode', 'no'],
    ['daemonize', 'no'],
    ['logfile', LOG_FILE],
    ['loglevel', 'notice'],
    ['dbfilename', DATA_FILE],
    ['appendonly', 'no'],
    // Data is saved at a graceful shutdown only, and a failing disk must not stop writes.
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
    // The controller decides which replica serves which shard.
    ['cluster-allow-replica-migration', 'no'],
    ...announcement(spec.cluster.nodes.find(({ id }) => id === spec.cluster!.self)?.hostname),
  ];
}

/**
 * The directives that make a node announce its host name to clients of a cluster, or its address if it has none. Also
 * for CONFIG SET.
 */
export const announcement = (hostname: string | undefined): [string, string][] => [
  ['cluster-announce-hostname', hostname ?? ''],
  ['cluster-preferred-endpoint-type', hostname === undefined ? 'ip' : 'hostname'],
];

const namesOf = (directives: [string, string][]): string[] => directives.map(([name]) => name);

/** Every directive that NodeSpec.directives cannot set. */
export const OWN_DIRECTIVES: ReadonlySet<string> = new Set([
  ...RESERVED,
  ...namesOf(ownDirectives({ address: '', port: 0, cluster: { self: '', busPort: 0, epoch: 0, nodes: [] } })),
]);

/** Users, replication and withheld commands. Passwords are hashed where the engine allows it. */
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

/** One line `name "word" "word"`; an empty value becomes the word `""`. */
export function renderDirective(name: string, value: string): string {
  const words = value.split(/[ \t]+/).filter(Boolean);
  return [name, ...(words.length === 0 ? [''] : words).map(word)].join(' ');
}

/** Parses what `renderConfiguration` wrote: the name and the words of each line. */
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

/** Quotes a word for the engine; every byte that could end the word or the line becomes \xHH. */
function word(text: string): string {
  let quoted = '"';
  for (const byte of Buffer.from(text)) {
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
    quoted += plain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `${quoted}"`;
}
