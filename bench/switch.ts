// A planned change of primary under a steady load of writes: the longest time without an acknowledged write, and
// whether each acknowledged write is still there. Compared with the engine's own FAILOVER.

import type { FreshNames } from '../src/cli/drill/fresh-names.ts';
import { until } from '../src/engine/testing/settle.ts';
import type { NetworkKind } from '../src/network/network.ts';
import type { Bench } from './context.ts';
import { creation, THREE_MEMBERS } from './create.ts';
import { ask, asSoonAs, type BareEngine, PORT, spawnBareEngine } from './engines.ts';
import { hostOf, primariesOf, startBenchMillpond } from './millpond.ts';
import { type JudgedRow, p50, row, worst } from './row.ts';
import { startWriteLoad, type WriteLoadOptions } from './write-load.ts';

const WRITES_PER_SECOND = 5_000;
/** The default of --demoted-grace-ms. */
const GRACE_MS = 500;

interface Outcome {
  gapsMs: number[];
  lost: number;
}

/** Rows of the write gap and of lost writes. */
export async function measureSwitch(bench: Bench): Promise<JudgedRow[]> {
  const ours = await switchWithMillpond(bench, { demotedGraceMs: 0, rounds: bench.rounds(30, 5) });
  const graceful = await switchWithMillpond(bench, { demotedGraceMs: GRACE_MS, rounds: bench.rounds(5, 2) });
  const theirs = await switchWithFailover(bench);
  const name = `planned switch under ${WRITES_PER_SECOND} writes/s`;
  return [
    row(`${name}: write gap, p50`, p50(ours.gapsMs), 'ms', {
      floor: p50(theirs.gapsMs),
      target: { atMost: 20 },
    }),
    row(`${name}: write gap, worst of ${ours.gapsMs.length}`, worst(ours.gapsMs), 'ms', {
      floor: worst(theirs.gapsMs),
      target: { atMost: 100 },
    }),
    row(`${name}, clients staying for ${GRACE_MS} ms: write gap, p50`, p50(graceful.gapsMs), 'ms', {
      floor: GRACE_MS,
      target: { atMost: GRACE_MS + 300 },
    }),
    row(`${name}: lost writes`, ours.lost + graceful.lost, 'writes', {
      floor: theirs.lost,
      target: { atMost: 0 },
    }),
  ];
}

export async function switchWithMillpond(
  bench: Bench,
  options: { demotedGraceMs: number; rounds: number; network?: NetworkKind },
): Promise<Outcome> {
  const { demotedGraceMs, rounds } = options;
  const millpond = await startBenchMillpond(bench, options);
  // AWS: a primary can be chosen manually only with automatic failover off.
  const { NumCacheClusters } = THREE_MEMBERS;
  await millpond.request('CreateReplicationGroup', creation('switch', { NumCacheClusters }));
  const host = hostOf((await millpond.settled('switch')).endpoints.primary);
  const outcome: Outcome = { gapsMs: [], lost: 0 };
  for (let round = 0; round < rounds; round++) {
    bench.say(`planned switch: round ${round + 1} of ${rounds}`);
    const group = await millpond.settled('switch');
    const next = group.members.find(({ role }) => role === 'replica')!;
    const target = { names: millpond.names, host, staysWhenRefused: demotedGraceMs > 0 };
    await underLoad(bench, target, outcome, async () => {
      await millpond.request('ModifyReplicationGroup', {
        ReplicationGroupId: 'switch',
        PrimaryClusterId: next.id,
        ApplyImmediately: 'true',
      });
      await until('the primary has changed', async () => {
        const found = await millpond.group('switch');
        return found && primariesOf(found)[0]!.id === next.id && found.status === 'available';
      });
      return next.address;
    });
  }
  return outcome;
}

async function switchWithFailover(bench: Bench): Promise<Outcome> {
  const engines = await Promise.all([0, 1, 2].map(() => spawnBareEngine(bench)));
  await Promise.all(engines.map(({ address }) => asSoonAs(() => ask(address, 'PING'))));
  const [first, ...others] = engines as [BareEngine, ...BareEngine[]];
  for (const { address } of others) await ask(address, 'REPLICAOF', first.address, PORT);
  const outcome: Outcome = { gapsMs: [], lost: 0 };
  let current = first.address;
  const names: FreshNames = { resolve: async () => [current], cancel() {} };
  for (let round = 0; round < bench.rounds(10, 3); round++) {
    bench.say(`FAILOVER of the engine: round ${round + 1}`);
    const old = current;
    const next = engines.find(({ address }) => address !== old)!.address;
    await until('both replicas are linked', async () => (await linked(old)) === 2);
    await underLoad(bench, { names, host: 'primary' }, outcome, async () => {
      await ask(old, 'FAILOVER', 'TO', next, PORT);
      current = next;
      await until('the primary has changed', async () => /^master/.test(String(await ask(next, 'ROLE'))));
      return next;
    });
    // The engine does not redirect the third node.
    for (const { address } of engines) if (address !== next) await ask(address, 'REPLICAOF', next, PORT);
  }
  return outcome;
}

const linked = async (address: string): Promise<number> =>
  (String(await ask(address, 'INFO', 'replication')).match(/state=online/g) ?? []).length;

/** `change` resolves to the new primary's address. */
async function underLoad(
  bench: Bench,
  target: Omit<WriteLoadOptions, 'writesPerSecond'>,
  outcome: Outcome,
  change: () => Promise<string>,
): Promise<void> {
  const load = bench.own(startWriteLoad({ ...target, writesPerSecond: WRITES_PER_SECOND }));
  await load.flows();
  const from = performance.now();
  const address = await change();
  await load.flows();
  await load.stop();
  outcome.gapsMs.push(load.longestGapMs(from));
  outcome.lost += await load.countLost(address);
}
