// The content of nodes.conf before a node starts. At the first start it holds the whole cluster, so that no node
// needs CLUSTER MEET. Later it is the engine's own file, corrected where the seed is newer.

import type { ClusterSeed, EngineBinary } from './fleet.ts';
import { withoutStaleClaim } from './stale-claim.ts';

/**
 * The file in the engine's format: one line per member, then the `vars` line. Engines that know shard ids get them:
 * Valkey 8.0 would otherwise generate its own and leave itself out of CLUSTER SHARDS.
 */
export function renderNodesFile(seed: ClusterSeed, binary: EngineBinary): string {
  const hasShardIds = knowsShardIds(binary);
  const lines = seed.nodes.map((node) => {
    const role = node.primaryId === undefined ? 'master' : 'slave';
    const flags = node.id === seed.self ? `myself,${role}` : role;
    const slots = node.slots.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
    return [
      node.id,
      withDetails(node, seed.busPort, hasShardIds && node.shardId ? [`shard-id=${node.shardId}`] : []),
      flags,
      node.primaryId ?? '-',
      '0 0', // times of the last ping and pong
      node.epoch,
      'connected',
      ...slots,
    ].join(' ');
  });
  return `${lines.join('\n')}\nvars currentEpoch ${seed.epoch} lastVoteEpoch 0\n`;
}

/** The host name follows the endpoint after a comma. It is empty when only other details follow. */
const withDetails = (
  { address, port, hostname = '' }: ClusterSeed['nodes'][number],
  busPort: number,
  details: readonly string[],
): string => [`${address}:${port}@${busPort}`, hostname, ...details].join(',').replace(/,$/, '');

function knowsShardIds({ engine, version }: EngineBinary): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return engine === 'valkey' || major > 7 || (major === 7 && minor >= 2);
}

/**
 * Whether the engine can start from this nodes.conf as the node that the seed names. An engine exits on a file that
 * it cannot parse.
 */
export function isNodesFile(text: string, seed: ClusterSeed): boolean {
  const lines = text.split('\n').filter(Boolean);
  const last = lines.pop() ?? '';
  return (
    /^vars currentEpoch \d+ lastVoteEpoch \d+$/.test(last) &&
    lines.every((line) =>
      /^[0-9a-f]{40} \S+ \S+ (-|[0-9a-f]{40}) \d+ \d+ \d+ (dis)?connected( |$)/.test(line),
    ) &&
    lines.some((line) => line.startsWith(`${seed.self} `) && / \S*\bmyself\b/.test(line))
  );
}

/** The nodes.conf to write before a start. */
export interface NodesFile {
  text: string;
  /** The file that was found is damaged and must be set aside. */
  isDamaged: boolean;
}

/** The nodes.conf to start with, made from the one that was found, if any. */
export function nodesFileFrom(found: string | undefined, seed: ClusterSeed, binary: EngineBinary): NodesFile {
  if (found !== undefined && isNodesFile(found, seed)) {
    return { text: refreshNodesFile(found, seed), isDamaged: false };
  }
  return { text: renderNodesFile(seed, binary), isDamaged: found !== undefined };
}

/**
 * The engine's own nodes.conf with the current addresses and names of all nodes, and without claims to slots if the
 * node is a replica by now. Everything else stays as the engine wrote it.
 */
export const refreshNodesFile = (text: string, seed: ClusterSeed): string =>
  withPresentAddresses(withoutStaleClaim(text, seed), seed);

/**
 * A node whose address changed, or whose peers' addresses all changed, could not find its peers with the old file. A
 * node that the seed does not name is left out when its address is in another block: in a copy of a data directory it
 * belongs to the original.
 */
function withPresentAddresses(text: string, seed: ClusterSeed): string {
  const nodes = new Map(seed.nodes.map((node) => [node.id, node]));
  // Valkey 8.0 may write a replica with a shard id that differs from its primary's while the two have just met, and
  // refuses to start from that file.
  const shardOf = new Map(
    [...text.matchAll(/^(\w{40}) \S*shard-id=(\w{40})/gm)].map(([, id, shard]) => [id, shard]),
  );
  const block = blockOf(seed.nodes.find(({ id }) => id === seed.self)?.address);
  const isOfOriginal = (line: string) => {
    const [, id, address] = /^(\w{40}) ([\d.]+):/.exec(line) ?? [];
    return id !== undefined && !nodes.has(id) && block !== undefined && blockOf(address) !== block;
  };
  return text
    .split('\n')
    .filter((line) => !isOfOriginal(line))
    .map((each) => {
      const shard = shardOf.get(/^\S+ \S+ \S*slave\S* (\w{40}) /.exec(each)?.[1]);
      return shard ? each.replace(/shard-id=\w{40}/, `shard-id=${shard}`) : each;
    })
    .map((line) => {
      const [id, endpoint, ...rest] = line.split(' ');
      const now = nodes.get(id ?? '');
      if (!now || endpoint === undefined) return line;
      const [, , ...details] = endpoint.split(',');
      return [id, withDetails(now, seed.busPort, details), ...rest].join(' ');
    })
    .join('\n');
}

/** The first half of an address. */
const blockOf = (address: string | undefined): string | undefined => /^\d+\.\d+/.exec(address ?? '')?.[0];
