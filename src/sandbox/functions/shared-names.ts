// Millpond's names for all functions at once: what is laid over the host's own files inside of each. Functions start
// too often to be given files of their own.

import { followNames, hostsOfThisMachine, type ReadNames, renderHosts } from '../names/hosts-file.ts';
import { createView, type Mount } from '../names/view.ts';

export interface SharedNames {
  mounts: readonly Mount[];
  stop(): Promise<void>;
}

const RESOLVER_PORT = 53;

/** Rejects with NameResolution when this machine lacks a file that would have to be covered. */
export async function shareNames(options: {
  /** Where Millpond's DNS server listens. */
  dnsAddress: string;
  dnsPort: number;
  /** All names now; followed where the DNS server does not have port 53. */
  readNames: ReadNames;
}): Promise<SharedNames> {
  if (options.dnsPort === RESOLVER_PORT) {
    const view = await createView({ nameserver: options.dnsAddress });
    return { mounts: view.mounts, stop: () => view.dispose() };
  }
  const { readNames } = options;
  const hostText = await hostsOfThisMachine();
  const firstText = renderHosts(await readNames(), hostText);
  const view = await createView({ hostsText: firstText });
  const following = view.hosts && followNames({ file: view.hosts, readNames, hostText, firstText });
  return {
    mounts: view.mounts,
    async stop() {
      await following?.stop();
      await view.dispose();
    },
  };
}
