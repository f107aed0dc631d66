// A primary that was replaced still has its slots by its own nodes.conf, and would claim them when it starts. Two
// primaries of equal epochs settle it by their ids: the old one, which may be empty by now, could win, and all others
// would then copy its emptiness.

import type { ClusterSeed } from './fleet.ts';

/** One line of nodes.conf: `id endpoint flags primary pinged answered epoch link slot…`. */
interface Line {
  id: string;
  endpoint: string;
  flags: string;
  primaryId: string;
  times: string;
  epoch: number;
  /** Ranges that the node has, and `[slot->-id]` for each that is on its way. */
  slots: string[];
  text: string;
}

/**
 * The same nodes.conf; but where it says that the node itself is a primary and the seed that it is a replica, it is the
 * replica, and its slots are its primary's.
 */
export function withoutOldClaim(text: string, seed: ClusterSeed): string {
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
  // Epoch 0, as replicas have it: when it takes over, it gets a new one in any case.
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
