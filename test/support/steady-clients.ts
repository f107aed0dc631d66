// Drives the clients of test/conformance/clients/steady-clients.ts: a separate process in which Millpond's names
// resolve, started, watched and stopped through files.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SteadyClient, SteadyOutcome } from '../conformance/clients/steady-clients.ts';
import { inNames } from './endpoint-writers.ts';
import type { TestMillpond } from './millpond.ts';
import { pathOfTest } from './outside-clients.ts';
import { eventually } from './replication-groups.ts';

/** The running clients. */
export interface SteadyClients {
  /** Starts counting gaps and errors. */
  begin(): void;
  /** Resolves when each of these has had `count` further answers. */
  goOn(names: readonly string[], count: number): Promise<void>;
  /** Ends the program; returns the record of each client by name. */
  stop(): Promise<Record<string, SteadyOutcome>>;
}

const FIRST_ANSWERS = 20;

/** Starts the clients and resolves when each of them works. */
export async function startSteadyClients(
  millpond: TestMillpond,
  clients: readonly SteadyClient[],
): Promise<SteadyClients> {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-steady-'));
  const [outcome, begin, stop] = ['outcome', 'begin', 'stop'].map((file) => join(directory, file)) as [
    string,
    string,
    string,
  ];
  const program = pathOfTest('conformance/clients/steady-clients.ts');
  const node = [process.execPath, '--disable-warning=ExperimentalWarning'];
  const ended = inNames(
    millpond,
    [...node, program, JSON.stringify(clients), outcome, begin, stop],
    ['ignore', 'ignore', 'ignore'],
  );
  ended.catch(() => undefined);
  const read = (): Record<string, SteadyOutcome> =>
    existsSync(outcome) ? JSON.parse(readFileSync(outcome, 'utf8')) : {};
  const steady: SteadyClients = {
    begin: () => writeFileSync(begin, ''),
    async goOn(names, count) {
      const before = read();
      const enough = (name: string) => (read()[name]?.answered ?? 0) >= (before[name]?.answered ?? 0) + count;
      await eventually(`${names.join(', ')} go on`, () => names.every(enough));
    },
    async stop() {
      writeFileSync(stop, '');
      const code = await ended;
      const outcomes = read();
      rmSync(directory, { recursive: true, force: true });
      if (code !== 0) throw new Error(`the clients ended with ${code}`);
      return outcomes;
    },
  };
  try {
    await steady.goOn(
      clients.map(({ name }) => name),
      FIRST_ANSWERS,
    );
  } catch (error) {
    await steady.stop().catch(() => undefined);
    throw error;
  }
  return steady;
}
