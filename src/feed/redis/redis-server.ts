// A Redis that feeds read: as URLs name it, or a cache of Millpond as its nodes are known. Pure.

import { OperationalError } from '../../kernel/errors.ts';
import type { FollowedShard } from '../feeds.ts';

/** Where a Redis is. */
export interface RedisServer {
  /** `redis://` or `rediss://`, with user, password and database; any of them leads to the whole cluster. */
  urls: readonly string[];
  isCluster: boolean;
  /** The certificates that its own must come from, as PEM; those of the system when absent. */
  ca?: string;
}

/** Where one node is. */
export interface RedisNode {
  host: string;
  port: number;
  /** The name in its certificate, where that is not the host. */
  certificateName?: string;
  /** Of Millpond's own nodes: the socket, which is used instead of host and port, and how to get in there. */
  socket?: string;
  access?: RedisAccess;
}

/** A node that takes writes. */
export interface Primary {
  node: RedisNode;
  /** First and last of each range, inclusive. */
  slots: readonly (readonly [first: number, last: number])[];
}

/** How to get into any node of a server. Holds the password. */
export interface RedisAccess {
  username?: string;
  password?: string;
  database: number;
  tls?: { ca?: string };
  /** The names by which the engine knows renamed commands, e.g. `config`. */
  commandNames?: Readonly<Record<string, string>>;
}

/** A server with its URLs read. */
export interface ReadServer {
  nodes: readonly RedisNode[];
  access: RedisAccess;
  isCluster: boolean;
  /** Known without asking. */
  primaries?: readonly Primary[];
}

const DEFAULT_PORT = 6379;

/** Throws InvalidOption, without the URL, which may hold a password. All URLs share the access of the first. */
export function readServer({ urls, isCluster, ca }: RedisServer): ReadServer {
  const read = urls.map(readUrl);
  const [first] = read;
  if (!first) throw invalid('names no URL');
  const { access } = first;
  if (isCluster && access.database !== 0) throw invalid('has a database, which a cluster does not');
  return {
    nodes: read.map(({ node }) => node),
    access: { ...access, ...(access.tls && ca !== undefined && { tls: { ca } }) },
    isCluster,
  };
}

function readUrl(text: string): { node: RedisNode; access: RedisAccess } {
  const url = URL.parse(text);
  if (!url || !['redis:', 'rediss:'].includes(url.protocol))
    throw invalid('must begin with redis:// or rediss://');
  if (url.hostname === '') throw invalid('has no host');
  if (url.search !== '') throw invalid('has options after ?, of which there are none');
  const database = /^\/?$/.test(url.pathname) ? 0 : Number(/^\/(\d{1,5})$/.exec(url.pathname)?.[1]);
  if (Number.isNaN(database)) throw invalid('must end with the number of a database or nothing');
  return {
    node: {
      // IPv6 addresses are in brackets.
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    },
    access: {
      ...(url.username !== '' && { username: decoded(url.username) }),
      ...(url.password !== '' && { password: decoded(url.password) }),
      database,
      ...(url.protocol === 'rediss:' && { tls: {} }),
    },
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid('has a user or a password that is not percent-encoded');
  }
}

const invalid = (what: string) =>
  new OperationalError('InvalidOption', `The URL of the feed's Redis ${what}.`);

/** A cache of Millpond: its primaries that serve, at Millpond's own sockets. */
export function serverOfNodes(shards: readonly FollowedShard[]): ReadServer {
  const primaries = shards.flatMap(({ slots, nodes }) =>
    nodes
      .filter(({ role, isServing }) => role === 'primary' && isServing)
      .map(({ id, socket, username, password, commandNames }): Primary => {
        const access = { username, password, database: 0, commandNames };
        return { node: { host: id, port: 0, socket, access }, slots };
      }),
  );
  return { nodes: [], access: { database: 0 }, isCluster: false, primaries };
}

/** A node for people, and in maps. */
export const nodeName = ({ host, port, socket }: RedisNode): string =>
  socket !== undefined ? host : host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
