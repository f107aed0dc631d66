// The commands that clients are denied, as data, and the names under which Millpond itself still has them.

import { createHmac } from 'node:crypto';

/**
 * AWS: the list of the guide's "Supported and restricted commands". Whole commands get a secret name *and* are
 * denied by ACL, so that clients see an unknown command as on ElastiCache; an ACL alone would answer NOPERM.
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

/** From the same list. Not renamed: replicas say them by name, or the engine renames whole commands only. */
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

/** What the ACL of clients ends with: `-config -debug … -cluster|meet …`. */
export const clientDenials = (): string =>
  [...WITHHELD_COMMANDS, ...DENIED_BY_ACL, ...ALSO_DENIED].map((name) => `-${name}`).join(' ');

/** From a command's usual name, in lower case, to the one this node knows it by. */
export type CommandNames = ReadonlyMap<string, string>;

/** The secret names; the same for the same secret, unguessable without it. */
export function secretNames(secret: string): CommandNames {
  return new Map(WITHHELD_COMMANDS.map((name) => [name, derive(secret, `rename ${name}`, 'mp')]));
}

/** The password of Millpond's own user on every node of this instance. */
export const adminPassword = (secret: string): string => derive(secret, 'admin password', '');

export const ADMIN_USER = 'millpond';

/**
 * The parameter `rename-commands`: pairs of a command and its new name, or `blocked`. A blocked command gets a
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

/** Every name that differs on a node started with this `rename-commands`. */
export const commandNames = (renameCommands: string, secret: string): CommandNames =>
  new Map([...userRenames(renameCommands, secret).names, ...secretNames(secret)]);

const derive = (secret: string, purpose: string, prefix: string): string =>
  prefix + createHmac('sha256', secret).update(purpose).digest('hex');
