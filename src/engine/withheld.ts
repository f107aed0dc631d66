// The commands that clients may not call, as data, and the secret names under which Millpond still calls them.

import { createHmac } from 'node:crypto';

/**
 * AWS: from the guide's "Supported and restricted commands". Each gets a secret name *and* is denied by ACL, so that
 * clients see an unknown command, as on ElastiCache; an ACL alone would answer NOPERM.
 */
export const WITHHELD_COMMANDS = [
  'bgrewriteaof',
  'bgsave',
  'config',
  'debug',
  'migrate',
  'replicaof',
  'save',
  'slaveof',
  'shutdown',
] as const;

/**
 * From the same list. Not renamed, because replicas call them by name, or because the engine renames only whole
 * commands.
 */
export const DENIED_BY_ACL = [
  'psync',
  'sync',
  'acl|setuser',
  'acl|load',
  'acl|save',
  'acl|deluser',
  'cluster|addslots',
  'cluster|addslotsrange',
  'cluster|bumpepoch',
  'cluster|delslots',
  'cluster|delslotsrange',
  'cluster|failover',
  'cluster|flushslots',
  'cluster|forget',
  'cluster|links',
  'cluster|meet',
  'cluster|setslot',
] as const;

/** AWS: not on its list, but on ElastiCache a client cannot change the topology or load code either. */
export const ALSO_DENIED = [
  'cluster|replicate',
  'cluster|reset',
  'cluster|saveconfig',
  'cluster|set-config-epoch',
  'failover',
  'module',
] as const;

/** The end of the clients' ACL: `-config -debug … -cluster|meet …`. */
export const clientDenials = (): string =>
  [...WITHHELD_COMMANDS, ...DENIED_BY_ACL, ...ALSO_DENIED].map((name) => `-${name}`).join(' ');

/** Maps a command's usual name, in lower case, to its name on this node. */
export type CommandNames = ReadonlyMap<string, string>;

/** The secret names, derived from the secret and not guessable without it. */
export function secretNames(secret: string): CommandNames {
  return new Map(WITHHELD_COMMANDS.map((name) => [name, derive(secret, `rename ${name}`, 'mp')]));
}

/** The password of Millpond's own user on every node of this instance. */
export const adminPassword = (secret: string): string => derive(secret, 'admin password', '');

/** The name of Millpond's own user on every node. */
export const ADMIN_USER = 'millpond';

/**
 * Parses the parameter `rename-commands`: pairs of a command and its new name, or `blocked`. A blocked command gets a
 * secret name like a withheld one, since Millpond itself may need it.
 */
export function userRenames(
  parameter: string,
  secret: string,
): { names: Map<string, string>; blocked: string[] } {
  const words = parameter.split(/\s+/).filter(Boolean);
  const withheld = new Set<string>(WITHHELD_COMMANDS);
  const names = new Map<string, string>();
  const blocked: string[] = [];
  for (let i = 0; i + 1 < words.length; i += 2) {
    const [name, renamed] = [words[i]!.toLowerCase(), words[i + 1]!];
    if (withheld.has(name) || names.has(name)) continue;
    const isBlocked = renamed.toLowerCase() === 'blocked';
    if (isBlocked) blocked.push(name);
    names.set(name, isBlocked ? derive(secret, `rename ${name}`, 'mp') : renamed);
  }
  return { names, blocked };
}

/** All renamed commands on a node that was started with this `rename-commands`. */
export const commandNames = (renameCommands: string, secret: string): CommandNames =>
  new Map([...userRenames(renameCommands, secret).names, ...secretNames(secret)]);

const derive = (secret: string, purpose: string, prefix: string): string =>
  prefix + createHmac('sha256', secret).update(purpose).digest('hex');
