// The place for functions, made when the first one needs it: probing what isolation this machine allows and covering
// its files takes time that a Millpond without functions need not spend.

import type { Clock } from '../../kernel/clock.ts';
import { StopStack } from '../../kernel/disposal.ts';
import type { Log } from '../../kernel/log.ts';
import type { ReadNames } from '../names/hosts-file.ts';
import type { Mount } from '../names/view.ts';
import { createFunctions, type Functions } from './pool.ts';
import { shareNames } from './shared-names.ts';

export interface OnDemandOptions {
  /** Millpond's own for functions. */
  directory: string;
  clock: Clock;
  log: Log;
  /** Whose names functions see. */
  dns: { address: string; port: number };
  readNames: ReadNames;
  /** What else is laid over the host's files than name resolution. */
  mounts(): Promise<readonly Mount[]>;
  /** Directories that no function is to see. */
  hidden: readonly string[];
  /** Where set-up may have made virtual environments for Python functions. */
  preparedPython: string;
}

export function functionsOnDemand(options: OnDemandOptions): Functions {
  let made: Promise<Functions> | undefined;
  const stack = new StopStack();
  let isStopped = false;

  async function make(): Promise<Functions> {
    const { dns, readNames, mounts, ...others } = options;
    const names = stack.add(await shareNames({ dnsAddress: dns.address, dnsPort: dns.port, readNames }));
    return stack.add(await createFunctions({ ...others, mounts: [...names.mounts, ...(await mounts())] }));
  }

  function functions(): Promise<Functions> {
    made ??= make().catch((error) => {
      // What this machine lacked may be there the next time.
      made = undefined;
      throw error;
    });
    return made;
  }

  return {
    invoke: async (spec, invocation) =>
      isStopped ? undefined : (await functions()).invoke(spec, invocation),
    seeMounts: async () => (await functions()).seeMounts(),
    prepare: async (runtime) => (await functions()).prepare(runtime),
    retire: async (key) => (await made?.catch(() => undefined))?.retire(key),
    async stop() {
      isStopped = true;
      await made?.catch(() => undefined);
      await stack.stop();
    },
  };
}
