// The composition root: builds, starts and stops everything. Knows how the parts fit, and nothing they do.

import type { Config } from './config.ts';
import { OperationalError } from './kernel/errors.ts';

/** A running Millpond. */
export interface Millpond {
  readonly config: Config;
  readonly port: number;
  readonly dns: { address: string; port: number };
  /** Ends serving; `stop` also stops the nodes in order, keeping their data. */
  stop(options: { nodes: 'keep-running' | 'stop' }): Promise<void>;
}

/** Resolves when requests are served. Rejects with an OperationalError, having given everything back. */
export async function startMillpond(_config: Config): Promise<Millpond> {
  throw new OperationalError('CommandFailed', 'The parts of Millpond are not put together yet.');
}
