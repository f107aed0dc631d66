// The files of a machine for as long as it runs: name resolution that follows the names, and further files.

import { OperationalError } from '../../kernel/errors.ts';
import type { Cover, MachineNames } from '../machine.ts';
import { followNames, hostsOfThisMachine, renderHosts } from './hosts-file.ts';
import { createView, type NameSource, type View } from './view.ts';

const RESOLVER_PORT = 53;

/**
 * Where the names come from: the DNS server, else a hosts file with their current state. Rejects with NameResolution when
 * neither is possible.
 */
export async function nameSource({ dnsAddress, dnsPort, readNames }: MachineNames): Promise<NameSource> {
  // resolv.conf cannot name a port.
  if (dnsPort === RESOLVER_PORT) return { nameserver: dnsAddress };
  if (readNames) return { hostsText: renderHosts(await readNames(), await hostsOfThisMachine()) };
  throw new OperationalError(
    'NameResolution',
    `DNS is on port ${dnsPort}, where no program looks for it, and no list of names is at hand.`,
  );
}

/**
 * Prepares the files; a hosts file follows the names until `dispose`. `directory` is theirs alone; a temporary one by
 * default. Rejects with NameResolution when names cannot be made to resolve here.
 */
export async function openView(
  names: MachineNames,
  covers: readonly Cover[] = [],
  directory?: string,
): Promise<View> {
  const source = await nameSource(names);
  const view = await createView(source, covers, directory);
  if (!view.hosts || !names.readNames || !('hostsText' in source)) return view;
  const following = followNames({
    ...{ file: view.hosts, readNames: names.readNames, firstText: source.hostsText },
    hostText: await hostsOfThisMachine(),
  });
  return {
    ...view,
    async dispose() {
      await following.stop();
      await view.dispose();
    },
  };
}
