// The cuts of a network: kept in the store with the time of their end, applied to the packets, and undone at that time,
// by the next Millpond if need be. What they mean for groups of nodes is decided elsewhere.

import type { Clock } from '../../kernel/clock.ts';
import { OperationalError } from '../../kernel/errors.ts';
import { randomHex } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import type { Collection, Store } from '../../store/store.ts';
import type { NetworkKind, PacketCuts } from '../network.ts';
import { type Cut, drops, type Spot, separatedSince } from './cut.ts';
import { readCutRequest } from './cut-request.ts';
import { MOST_PAIRS, type NodePlace, type Pair, type Places, pairsOf } from './pairs.ts';

/** The cuts of one Millpond. */
export interface Cuts {
  /** Those that hold now, the oldest first. */
  list(): Cut[];
  /**
   * Adds the cut of a request and resolves once packets are dropped. Rejects with InvalidOption for a request that is
   * wrong, too many cuts, or a network that cannot be cut.
   */
  add(request: unknown): Promise<Cut>;
  /** Ends the cut with this id, or all. Resolves with the ended ones once their packets pass again. */
  clear(id?: string): Promise<Cut[]>;
  /** As `separatedSince` in cut.ts, for the cuts that hold now. */
  separatedSince(a: Spot, b: Spot): number | undefined;
  /** Call it when nodes or subnets come, go or move. */
  placesChanged(): void;
  /** Applies the cuts of the last run, without those whose time is over. Call it before nodes are started. */
  begin(): Promise<void>;
  /** Leaves the cuts as they are. */
  stop(): Promise<void>;
}

/** The dependencies of `openCuts`. */
export interface CutsOptions {
  store: Store;
  clock: Clock;
  log: Log;
  network: { kind: NetworkKind; packets?: PacketCuts | undefined };
  nodes(): NodePlace[];
  subnets(): Promise<Places['subnets']>;
  /** Called after the cuts changed, once the packets follow them. */
  onChange(): void;
}

/** At most so many cuts hold at the same time. */
export const MOST_CUTS = 100;
/** A timer cannot wait longer than 24.8 days, and a clock may be set. */
const LONGEST_WAIT_MS = 60_000;
const RETRY_MS = 1_000;

const HERE = { accountId: '000000000000', region: 'global' };

/** Reads the cuts of the last run; `begin` applies them. */
export function openCuts(options: CutsOptions): Cuts {
  const { clock, log, network, onChange } = options;
  const records: Collection<Cut> = options.store.collection('network/cut');
  const { packets } = network;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  /** The pairs that the network has now, as text; `undefined` when that is unknown. */
  let applied: string | undefined;
  let work: Promise<void> = Promise.resolve();
  let isDue = false;

  /** What the records say, in memory because names are answered by it. */
  let all = sorted(records.list(HERE));
  const holds = ({ until }: Cut) => until === undefined || until > clock.now();
  const active = () => all.filter(holds);

  /** Brings the packets in line with the records. Calls that come meanwhile share the next turn. */
  function apply(): Promise<void> {
    if (isDue) return work;
    isDue = true;
    work = work
      .catch(() => undefined)
      .then(async () => {
        isDue = false;
        await applyNow();
      });
    return work;
  }

  async function applyNow(): Promise<void> {
    if (!packets || (all.length === 0 && applied === undefined && !packets.mayHaveCuts)) return;
    const now = active();
    const over = all.filter((cut) => !now.includes(cut));
    const pairs = await pairsNow(now);
    const text = JSON.stringify(pairs);
    if (text !== applied) {
      applied = undefined;
      await packets.applyCuts(pairs);
      applied = text;
    }
    if (over.length === 0) return;
    // TCP waits before it sends again what was dropped, for as long as the cut has lasted.
    await packets.endConnections(rejoined(options.nodes(), over, now));
    for (const { id } of over) records.delete(HERE, id);
    all = all.filter((cut) => !over.includes(cut));
    for (const { id, from, to } of over) log.info({ id, from, to }, 'a cut of the network has ended');
  }

  async function pairsNow(cuts: readonly Cut[]): Promise<Pair[]> {
    if (cuts.length === 0) return [];
    const pairs = pairsOf(cuts, { nodes: options.nodes(), subnets: await options.subnets() });
    if (pairs) return pairs;
    throw new OperationalError(
      'InvalidOption',
      `These cuts are more than ${MOST_PAIRS} pairs of address ranges; cut zones instead of nodes.`,
    );
  }

  /** Waits for the next end of a cut. */
  function schedule(delayMs?: number): void {
    clearTimeout(timer);
    if (stopped) return;
    const ends = all.flatMap(({ until }) => until ?? []);
    if (ends.length === 0 && delayMs === undefined) return;
    const wait = delayMs ?? Math.max(0, Math.min(...ends) - clock.now());
    timer = setTimeout(() => void applyInTime().then(onChange), Math.min(wait, LONGEST_WAIT_MS)).unref();
  }

  /** As `apply`, and again later if it fails. */
  async function applyInTime(): Promise<void> {
    try {
      await apply();
      schedule();
    } catch (error) {
      log.error({ err: error }, 'the cuts of the network could not be applied; it is tried again');
      schedule(RETRY_MS);
    }
  }

  return {
    list: active,
    async add(request) {
      if (!packets) throw new OperationalError('InvalidOption', cannotCut(network.kind));
      const nodes = options.nodes();
      const read = readCutRequest(request, (end) =>
        nodes.some(({ id, groupId }) => id === end || groupId === end),
      );
      if ('problem' in read) throw new OperationalError('InvalidOption', read.problem);
      if ('delay' in read) throw new OperationalError('InvalidOption', await packets.whyNoDelay());
      if (active().length >= MOST_CUTS) {
        throw new OperationalError('InvalidOption', `There are ${MOST_CUTS} cuts already; clear one first.`);
      }
      const { forMs, ...ends } = read.cut;
      const since = clock.now();
      const until = forMs === undefined ? {} : { until: since + forMs };
      const cut: Cut = { id: `cut-${randomHex(8)}`, ...ends, since, ...until };
      records.put(HERE, cut.id, cut);
      all = sorted([...all, cut]);
      try {
        await apply();
      } catch (error) {
        all = all.filter(({ id }) => id !== cut.id);
        records.delete(HERE, cut.id);
        await apply().catch(() => schedule(RETRY_MS));
        throw error;
      }
      log.warn({ ...cut }, 'the network is cut');
      schedule();
      onChange();
      return cut;
    },
    async clear(id) {
      const ended = active().filter((cut) => id === undefined || cut.id === id);
      if (ended.length === 0) return [];
      const now = clock.now();
      // Recorded first: if Millpond is killed, the next one ends them.
      options.store.transaction(() => {
        for (const cut of ended) records.put(HERE, cut.id, { ...cut, until: now });
      });
      all = all.map((cut) => (ended.includes(cut) ? { ...cut, until: now } : cut));
      await apply();
      schedule();
      onChange();
      return ended;
    },
    separatedSince: (a, b) => separatedSince(active(), a, b),
    placesChanged() {
      if (all.length > 0) void applyInTime();
    },
    begin: applyInTime,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await work.catch(() => undefined);
    },
  };
}

const sorted = (cuts: readonly Cut[]): Cut[] =>
  [...cuts].sort((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1));

const cannotCut = (kind: NetworkKind): string =>
  `Only a network of subnets can be cut, and this Millpond runs with --network ${kind}: run \`millpond down\`, then start it with --network subnets.`;

/** The nodes between which packets were dropped and pass again: each with the others, by address. */
function rejoined(
  nodes: readonly NodePlace[],
  before: readonly Cut[],
  now: readonly Cut[],
): Map<string, string[]> {
  const spots = nodes.map(({ id, groupId, zone, address }) => ({ address, zone, node: { id, groupId } }));
  const isCut = (cuts: readonly Cut[], a: Spot, b: Spot) =>
    cuts.some((cut) => drops(cut, a, b) || drops(cut, b, a));
  const found = new Map<string, string[]>();
  for (const one of spots) {
    const others = spots.filter(
      (other) => other !== one && isCut(before, one, other) && !isCut(now, one, other),
    );
    if (others.length > 0)
      found.set(
        one.address,
        others.map(({ address }) => address),
      );
  }
  return found;
}
