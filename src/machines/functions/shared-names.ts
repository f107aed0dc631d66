// Makes Millpond's names resolve in all functions: files mounted over the host's, shared because functions start too
// often to get files of their own.

import { followNames, hostsOfThisMachine, type ReadNames, renderHosts } from '../names/hosts-file.ts';
import { createView, type Mount } from '../names/view.ts';

/** The files to mount; `stop` removes them. */
export interface SharedNames {
  mounts: readonly Mount[];
  stop(): Promise<void>;
}

const RESOLVER_PORT = 53;

/** Rejects with NameResolution when this machine lacks a file that must be covered. */
export async function shareNames(options: {
  /** Where Millpond's DNS server listens. */
  dnsAddress: string;
  dnsPort: number;
  /** The current names; polled where the DNS server does not have port 53. */
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
