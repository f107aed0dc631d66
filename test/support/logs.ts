// CloudWatch Logs by itself, over a store in memory and files in a temporary directory.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/kernel/clock.ts';
import { createLogs, type LogsDependencies, type LogsService } from '../../src/services/logs/service.ts';
import { openStore, type Store } from '../../src/store/store.ts';

/** The service with its store. `stop` deletes the files. */
export interface OwnLogs extends LogsService {
  store: Store;
  directory: string;
}

/** Builds and starts CloudWatch Logs. */
export async function ownLogs(
  options: { clock: Clock } & Partial<Omit<LogsDependencies, 'clock' | 'directory'>>,
): Promise<OwnLogs> {
  const directory = await mkdtemp(join(tmpdir(), 'millpond-logs-'));
  const store = options.store ?? openStore(':memory:');
  const logs = createLogs({ ...options, store, directory });
  await logs.start();
  return {
    ...logs,
    store,
    directory,
    async stop() {
      await logs.stop();
      if (!options.store) store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
