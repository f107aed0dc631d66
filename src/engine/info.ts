// Parses INFO, and says which of its sections to request. Pure.

import { OperationalError } from '../kernel/errors.ts';
import type { EngineView } from './admin.ts';

/** The sections that `viewFromInfo` needs from most engines, as arguments of INFO. */
export const VIEW_SECTIONS = ['replication', 'persistence', 'keyspace'] as const;
/** The sections that it needs where `needsTraffic` is true; the reply is twice as long. */
export const TRAFFIC_SECTIONS = [...VIEW_SECTIONS, 'stats'] as const;

/** Whether only the `stats` section can tell if the engine ever had a link to its primary. */
export const needsTraffic = (text: string): boolean => text.includes('master_link_down_since_seconds:-1');

/** Far more than INFO of any engine, or CLUSTER NODES of 500 nodes with scattered slots. */
const MOST_REPLY_CHARACTERS = 4 * 1024 * 1024;

/** Returns the text. Throws an OperationalError (EngineFailed) for one that is too long to be an engine's. */
export function boundedReply(text: string): string {
  if (text.length <= MOST_REPLY_CHARACTERS) return text;
  throw new OperationalError(
    'EngineFailed',
    `A node answered with ${text.length} characters; that is not an engine's reply.`,
  );
}

/** Parses `name:value` lines; of a repeated name the last value counts. Throws as `boundedReply` does. */
export function parseInfo(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of boundedReply(text).split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0 && !line.startsWith('#')) fields.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return fields;
}

/** The engine's state from the text of INFO with the sections above. Missing numbers read as 0. */
export function viewFromInfo(text: string): EngineView {
  const fields = parseInfo(text);
  const isReplica = fields.get('role') === 'slave';
  const link = !isReplica || fields.get('master_link_status') === 'up' ? 'up' : 'down';
  const offset = numberOf(fields, isReplica ? 'slave_repl_offset' : 'master_repl_offset');
  const view: EngineView = {
    role: isReplica ? 'replica' : 'primary',
    loading: ['loading', 'async_loading', 'master_sync_in_progress'].some((name) => fields.get(name) === '1'),
    link,
    offset,
    replicationId: fields.get('master_replid') ?? '',
    replicas: replicasOf(fields),
    keys: keysOf(fields),
    neverSynced: isReplica && link === 'down' && neverLinked(fields, offset),
  };
  const previous = fields.get('master_replid2');
  if (previous && !/^0+$/.test(previous)) view.previousReplicationId = previous;
  if (isReplica) {
    view.primaryAddress = fields.get('master_host') ?? '';
    view.primaryPort = numberOf(fields, 'master_port');
  }
  return view;
}

/**
 * The time since the link went down is -1 until the link is first up, and REPLICAOF resets it to -1. A replica that
 * has received nothing, or whose history is still at its beginning, has no data to be promoted with.
 */
function neverLinked(fields: Map<string, string>, offset: number): boolean {
  if (fields.get('master_link_down_since_seconds') !== '-1') return false;
  return offset <= 1 || fields.get('total_net_repl_input_bytes') === '0';
}

/** `slave0:ip=127.0.0.1,port=6379,state=online,offset=14,lag=0` */
function replicasOf(fields: Map<string, string>): EngineView['replicas'] {
  const replicas: EngineView['replicas'] = [];
  for (const [name, value] of fields) {
    if (!/^slave\d+$/.test(name)) continue;
    const parts = new Map(value.split(',').map((part) => part.split('=', 2) as [string, string]));
    if (parts.get('state') !== 'online') continue;
    replicas.push({
      address: parts.get('ip') ?? '',
      port: numberOf(parts, 'port'),
      offset: numberOf(parts, 'offset'),
      state: 'online',
    });
  }
  return replicas;
}

/** `db0:keys=3,expires=0,avg_ttl=0` */
function keysOf(fields: Map<string, string>): number {
  let keys = 0;
  for (const [name, value] of fields) {
    if (/^db\d+$/.test(name)) keys += Number(/^keys=(\d+)/.exec(value)?.[1] ?? 0);
  }
  return keys;
}

function numberOf(fields: Map<string, string>, name: string): number {
  const value = Number(fields.get(name));
  return Number.isFinite(value) ? value : 0;
}
