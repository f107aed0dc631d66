// Removes stale slot claims from nodes.conf. A replaced primary still has its slots in its own nodes.conf and would
// claim them when it starts. Between two primaries of equal epochs the node id decides: the old one, possibly empty
// by now, could win, and all others would then replicate the empty data.

import type { ClusterSeed } from './fleet.ts';

/** One line of nodes.conf: `id endpoint flags primary pinged answered epoch link slot…`. */
interface Line {
  id: string;
  endpoint: string;
  flags: string;
  primaryId: string;
  times: string;
  epoch: number;
  /** The ranges that the node owns, and `[slot->-id]` for each migrating slot. */
  slots: string[];
  text: string;
}

/**
 * Returns nodes.conf unchanged, unless it calls the node a primary and the seed calls it a replica. Then it makes the
 * node the replica and gives its slots to its new primary.
 */
export function withoutStaleClaim(text: string, seed: ClusterSeed): string {
  const primaryId = seed.nodes.find(({ id }) => id === seed.self)?.primaryId;
  const primary = seed.nodes.find(({ id }) => id === primaryId);
  const rows = text.split('\n').filter(Boolean);
  const variables = rows.pop();
  const lines = rows.map(parse);
  const self = lines.find(({ id }) => id === seed.self);
  if (!primary || !self?.flags.split(',').includes('master')) return text;
  const known = lines.find(({ id }) => id === primary.id);
  const [, ...details] = self.endpoint.split(',');
  const successor = {
    id: primary.id,
    endpoint: known?.endpoint ?? [`${primary.address}:${primary.port}@${seed.busPort}`, ...details].join(','),
    ...{ flags: 'master', primaryId: '-', times: '0 0' },
    epoch: Math.max(self.epoch, known?.epoch ?? 0),
    slots: [...(known?.slots ?? []), ...self.slots.filter((range) => !range.startsWith('['))],
  };
  // Epoch 0, as replicas have it: a takeover gives it a new epoch in any case.
  const replica = { ...self, flags: 'myself,slave', primaryId: primary.id, epoch: 0, slots: [] };
  const others = lines.filter((line) => line !== self && line !== known);
  const kept = others.map((line) =>
    line.primaryId === self.id ? render({ ...line, primaryId: primary.id }) : line.text,
  );
  return `${[render(successor), render(replica), ...kept, variables].join('\n')}\n`;
}

type Words = [string, string, string, string, string, string, string, string, ...string[]];

function parse(text: string): Line {
  const [id, endpoint, flags, primaryId, pinged, answered, epoch, , ...slots] = text.split(' ') as Words;
  return {
    id,
    endpoint,
    flags,
    primaryId,
    times: `${pinged} ${answered}`,
    epoch: Number(epoch),
    slots,
    text,
  };
}

const render = ({ id, endpoint, flags, primaryId, times, epoch, slots }: Omit<Line, 'text'>): string =>
  [id, endpoint, flags, primaryId, times, epoch, 'connected', ...slots].join(' ');
