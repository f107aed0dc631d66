// Clients in the zones of a group, as a process in Millpond's network: in every zone a writer of each shard (WAIT 1), and
// a probe that tries every member of a shard from every zone. Its parent is zone-clients.ts.

import { Resolver } from 'node:dns/promises';
import { ask } from './session.ts';
import { type SingleWriterProbe, startSingleWriterProbe } from './single-writer.ts';
import { startWriter, type Writer } from './writer.ts';

/** What the parent says at the start. */
export interface Clientele {
  host: string;
  port: number;
  dns: string;
  /** The address of the client in each zone. */
  zones: Record<string, string>;
  shards: ShardSight[];
}

export interface ShardSight {
  id: string;
  /** In cluster mode, what the shard owns. */
  slots: [number, number][];
  addresses: string[];
}

/** What was seen so far. */
export interface Report {
  shards: Record<string, { changes: readonly string[]; violations: readonly string[] }>;
  /** By shard and zone: the writes acknowledged in all, those with a copy, and the longest gap since the last report. */
  writers: Record<string, { written: number; copied: number; gapMs: number }>;
}

const PATIENCE_MS = 300;

interface Watched {
  writers: Map<string, Writer>;
  probe: SingleWriterProbe;
}

const watched = new Map<string, Watched>();
let port = 0;
let reportedAt = 0;

const verbs = {
  async start({ host, zones, shards, dns, ...rest }: Clientele): Promise<void> {
    port = rest.port;
    const resolver = new Resolver({ timeout: 1_000, tries: 5 });
    resolver.setServers([dns]);
    for (const shard of shards) {
      const tag = shard.slots.length > 0 ? await tagIn(shard) : 'only';
      const writers = Object.entries(zones).map(([zone, from]) => {
        const resolve = () => resolver.resolve4(host);
        const options = { port, replicas: 1, from, patienceMs: PATIENCE_MS, resolve };
        return [zone, startWriter({ ...options, tag, prefix: `${zone}-` })] as const;
      });
      const probe = startSingleWriterProbe(tag, { from: Object.values(zones), patienceMs: PATIENCE_MS });
      watched.set(shard.id, { writers: new Map(writers), probe });
    }
    verbs.look(shards);
  },

  look(shards: ShardSight[]): void {
    for (const { id, addresses } of shards)
      watched.get(id)?.probe.look(addresses.map((address) => ({ address, port })));
  },

  report(): Report {
    const since = reportedAt;
    reportedAt = performance.now();
    const shards = [...watched].map(
      ([
        id,
        {
          probe: { changes, violations },
        },
      ]) => [id, { changes, violations }],
    );
    const writers = [...watched].flatMap(([id, each]) =>
      [...each.writers].map(([zone, writer]) => [
        `${id} ${zone}`,
        {
          written: writer.acknowledged.length,
          copied: writer.acknowledged.filter(({ replicas }) => replicas > 0).length,
          gapMs: writer.gapSince(since),
        },
      ]),
    );
    return { shards: Object.fromEntries(shards), writers: Object.fromEntries(writers) };
  },

  /** Resolves once every writer has written again. */
  async write(limitMs: number): Promise<void> {
    const all = [...watched.values()].flatMap(({ writers }) => [...writers.values()]);
    await Promise.all(all.map((writer) => writer.nextWrite(limitMs)));
  },

  /** The acknowledged and replicated writes that cannot be read any more. */
  async missing(): Promise<string[]> {
    const all = [...watched.values()].flatMap(({ writers }) => [...writers.values()]);
    return (await Promise.all(all.map((writer) => writer.missing(1)))).flat();
  },
};

export type Verbs = typeof verbs;

async function tagIn({ slots, addresses }: ShardSight): Promise<string> {
  for (let number = 0; ; number++) {
    const slot = Number(await ask(addresses[0]!, port, 'CLUSTER', 'KEYSLOT', `t${number}`));
    if (slots.some(([first, last]) => slot >= first && slot <= last)) return `t${number}`;
  }
}

process.on('message', ({ id, verb, args }: { id: number; verb: keyof Verbs; args: unknown[] }) => {
  const call = verbs[verb] as (...given: unknown[]) => unknown;
  Promise.resolve()
    .then(() => call(...args))
    .then(
      (value) => process.send!({ id, value }),
      (error: unknown) => process.send!({ id, error: String((error as Error).stack ?? error) }),
    );
});
process.once('disconnect', () => process.exit());
