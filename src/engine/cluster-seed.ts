// nodes.conf as it stands before a node starts. The first time it holds the whole cluster, so that nobody has to MEET;
// later it is the engine's own, corrected where the seed knows better.

import type { ClusterSeed, EngineBinary } from './fleet.ts';
import { withoutOldClaim } from './old-claim.ts';

/**
 * In the engine's own format, one line a member and the `vars` line. An engine that knows ids of shards is given them: Valkey 8.0 makes up one for itself, and then leaves itself out of its CLUSTER SHARDS.
 */
export function renderNodesFile(seed: ClusterSeed, binary: Pick<EngineBinary, 'engine' | 'version'>): string {
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
      '0 0', // when it was last pinged and last answered
      node.epoch,
      'connected',
      ...slots,
    ].join(' ');
  });
  return `${lines.join('\n')}\nvars currentEpoch ${seed.epoch} lastVoteEpoch 0\n`;
}

/** The host name follows the endpoint after a comma, empty where others follow that. */
const withDetails = (
  { address, port, hostname = '' }: ClusterSeed['nodes'][number],
  busPort: number,
  details: readonly string[],
): string => [`${address}:${port}@${busPort}`, hostname, ...details].join(',').replace(/,$/, '');

function knowsShardIds({ engine, version }: Pick<EngineBinary, 'engine' | 'version'>): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return engine === 'valkey' || major > 7 || (major === 7 && minor >= 2);
}

/** Whether the engine can go on with this nodes.conf as the node that the seed means; what it cannot read ends it. */
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

export interface NodesFile {
  text: string;
  /** The one that lies there is to be set aside. */
  isDamaged: boolean;
}

/** nodes.conf as the node starts with it, from the one that lies there. */
export function nodesFileFrom(
  found: string | undefined,
  seed: ClusterSeed,
  binary: Pick<EngineBinary, 'engine' | 'version'>,
): NodesFile {
  if (found !== undefined && isNodesFile(found, seed)) {
    return { text: refreshNodesFile(found, seed), isDamaged: false };
  }
  return { text: renderNodesFile(seed, binary), isDamaged: found !== undefined };
}

/**
 * A nodes.conf that the engine has written, as the node that the seed means may start with it: with the addresses and
 * names that the nodes have now, and no claim to slots where the node is a replica by now. All else is the engine's.
 */
export const refreshNodesFile = (text: string, seed: ClusterSeed): string =>
  withPresentAddresses(withoutOldClaim(text, seed), seed);

/**
 * A node that comes back at another address, or with all its peers at others, would look for them in vain. A node that
 * the seed does not name is left out when its address is in another block: in a copy of a data directory that is a node
 * of the original.
 */
function withPresentAddresses(text: string, seed: ClusterSeed): string {
  const nodes = new Map(seed.nodes.map((node) => [node.id, node]));
  // Valkey 8.0 may write a replica with another shard id than its primary's while the two have only just met, and
  // refuses that very file when it starts.
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
