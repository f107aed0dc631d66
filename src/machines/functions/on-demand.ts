// Creates the function sandbox when the first function needs it: probing the machine's isolation takes time that a
// Millpond without functions need not spend.

import { join } from 'node:path';
import type { Clock } from '../../kernel/clock.ts';
import { StopStack } from '../../kernel/disposal.ts';
import type { Log } from '../../kernel/log.ts';
import type { Cover } from '../machine.ts';
import type { ReadNames } from '../names/hosts-file.ts';
import { openView } from '../names/open-view.ts';
import { openedOnce } from '../opened-once.ts';
import { createFunctions, type FunctionNetwork, type Functions } from './pool.ts';

/** The directory of files that replace the host's. */
const FILES = 'files';

/** What the sandbox is made of. */
export interface OnDemandOptions {
  /** Millpond's own directory for functions. */
  directory: string;
  clock: Clock;
  log: Log;
  /** The DNS server whose names functions see. */
  dns: { address: string; port: number };
  /** See FunctionsOptions. */
  network: Promise<FunctionNetwork> | undefined;
  readNames: ReadNames;
  /** Further files that replace the host's, besides name resolution. */
  covers(): Promise<readonly Cover[]>;
  /** Directories that no function may see. */
  hidden: readonly string[];
  /** Where set-up may have created virtual environments for Python functions. */
  preparedPython: string;
}

/** `Functions` that are created by the first call. */
export function functionsOnDemand(options: OnDemandOptions): Functions {
  const stack = new StopStack();
  let isStopped = false;

  async function make(): Promise<Functions> {
    const { dns, readNames, covers, network, ...others } = options;
    // All functions share the files: they start too often to get files of their own.
    const view = await openView(
      { dnsAddress: dns.address, dnsPort: dns.port, readNames },
      await covers(),
      join(options.directory, FILES),
    );
    stack.add({ stop: () => view.dispose() });
    return stack.add(
      await createFunctions({
        ...{ ...others, network: await network },
        mounts: view.mounts,
      }),
    );
  }

  const functions = openedOnce(make);
  /** Those that were made. */
  const made = async () => (functions.hasBegun ? await functions.get().catch(() => undefined) : undefined);

  return {
    invoke: async (spec, invocation) =>
      isStopped ? undefined : (await functions.get()).invoke(spec, invocation),
    seeMounts: async () => (await functions.get()).seeMounts(),
    prepare: async (runtime) => (await functions.get()).prepare(runtime),
    retire: async (key) => (await made())?.retire(key),
    async stop() {
      isStopped = true;
      await made();
      await stack.stop();
    },
  };
}
