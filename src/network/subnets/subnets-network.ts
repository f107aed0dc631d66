// The network of subnets: nodes have the addresses of their VPC's subnets, in a world of Millpond's own.

import { join } from 'node:path';
import { METADATA_ADDRESS, type Network, type NetworkOptions } from '../network.ts';
import { isInRange, nextAddress } from '../next-address.ts';
import { closeInnerSockets, openInnerSockets } from './inner-sockets.ts';
import { createInterfaces, type WorldInterfaces } from './interfaces.ts';
import { createOutside } from './outside/outside.ts';
import { endProcess } from './outside/outside-process.ts';
import { HOST_ADDRESS } from './outside/programs.ts';
import { createPacketCuts } from './packet-cuts.ts';
import { createEnforcement } from './security-groups/enforcement.ts';
import { RANGES, SERVER_ADDRESS } from './setup.ts';
import { tool } from './tools.ts';
import { endWorld, openWorld } from './world.ts';

/** Opens the world of this data directory. Rejects with NetworkUnavailable. */
export async function openSubnetsNetwork(options: NetworkOptions): Promise<Network> {
  const world = await openWorld(options);
  try {
    const inner = openInnerSockets(world);
    inner.catch(() => {});
    const enforcement = createEnforcement({
      interfaces: () => interfaces.list(),
      transact: async (text) => void (await world.run([tool('nft'), '-f', '-'], text)),
      services: [SERVER_ADDRESS, METADATA_ADDRESS],
      log: options.log,
    });
    const outside = createOutside({
      ...{ world, reachHost: options.reachHost ?? false, log: options.log },
      interfaces: () => interfaces.list(),
    });
    const interfaces: WorldInterfaces = createInterfaces(world, {
      usedByNodes: options.nodeAddresses,
      admit: async () => void (await Promise.all([enforcement.enforced(), outside.admit()])),
      changed: () => {
        enforcement.interfacesChanged();
        outside.interfacesChanged();
      },
      hostApi: options.hostApi,
    });
    return {
      kind: 'subnets',
      serverAddress: SERVER_ADDRESS,
      summary: "addresses of the VPCs' subnets; `exec`, `shell`, sessions and functions reach the nodes",
      take: (subnet, used, quarantined) =>
        nextAddress(subnet, interfaces.addresses().union(used), quarantined),
      interfaces,
      enforcement,
      outside,
      hostAddress: HOST_ADDRESS,
      isReady: () => true,
      owns: (address, subnet) => (subnet ? isInRange(address, subnet) : !isInRange(address, '127.0.0.0/8')),
      async ensure(address) {
        if (RANGES.some((range) => isInRange(address, range))) return;
        await world.run([
          tool('ip'),
          'route',
          'replace',
          'local',
          `${address}/32`,
          'dev',
          'lo',
          'table',
          'main',
        ]);
      },
      // Only Millpond's own nodes and machines have addresses here.
      assertFree: async () => {},
      inside: (command) => world.inside(command),
      inner,
      packets: createPacketCuts(world),
      async release(nodes) {
        await enforcement.stop();
        await closeInnerSockets(inner);
        await outside.stop(nodes === 'stopped' || (nodes === 'as-found' && !world.isAdopted));
        await world.release(nodes);
      },
    };
  } catch (error) {
    await world.release('as-found');
    throw error;
  }
}

/** Ends what an earlier Millpond left, once no node runs in it; for `down`. */
export async function endSubnetsNetwork(dataDir: string): Promise<void> {
  await endProcess(join(dataDir, 'network'));
  await endWorld(dataDir);
}
