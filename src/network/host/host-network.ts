// The network of this host: nodes have the addresses of a block that one route leads to this host itself (AnyIP), so
// containers on its bridges reach them. Where the block belongs to the network of an interface, as in a container, each
// node's address gets a route, and the machines of that network reach the nodes.

import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { commandOn } from '../../kernel/command-name.ts';
import { OperationalError } from '../../kernel/errors.ts';
import { assertFree } from '../assert-free.ts';
import { INNER_PORTS, type Network, type NodesLeft } from '../network.ts';
import { isInRange, nextAddress } from '../next-address.ts';
import { isInUse } from './address-in-use.ts';
import { candidates, cidrOf, type HostNetwork, type Route, type Use, useOf } from './choose-block.ts';
import { isOfThisPlace, readHostRecord, writeHostRecord } from './host-record.ts';
import { addLocalRoute, deleteLocalRoutes, isOwnRoute, readHostNetwork } from './routes.ts';
import { whyNotHost } from './why-not-host.ts';

/** How to open the network of the host. */
export interface HostNetworkOptions {
  dataDir: string;
  /** The first two octets of the block that the user asks for; the last one, else any, when absent. */
  block?: string | undefined;
  /** Nodes may run in the block of the last run. */
  isHeld: boolean;
}

/**
 * Takes a block of this host's network. Rejects with NetworkUnavailable when the host does not allow it or the block
 * that was asked for is in use, with InvalidOption when nodes may run in another block.
 */
export async function openHostNetwork(options: HostNetworkOptions): Promise<Network> {
  const { dataDir, block: asked, isHeld } = options;
  const reason = whyNotHost();
  if (reason !== undefined) throw new OperationalError('NetworkUnavailable', reason);
  const record = readHostRecord(dataDir);
  const earlier = record && isOfThisPlace(dataDir, record) ? record.ranges : [];
  if (asked !== undefined && record && isHeld && earlier.length > 0 && asked !== record.block) {
    throw new OperationalError(
      'InvalidOption',
      `${dataDir} has the block ${cidrOf(record.block)}; run \`${commandOn(dataDir, 'down')}\` before you start it with another one.`,
    );
  }
  const own = (route: Route) => isOwnRoute(route) && earlier.includes(withPrefix(route.destination));
  const host = await readHostNetwork();
  const present = new Set(host.routes.filter(own).map(({ destination }) => withPrefix(destination)));
  const isAdopted = present.size > 0;
  for (const block of blocksToTry(dataDir, asked, record?.block)) {
    const use = useOf(block, host, own);
    if (use.kind === 'taken') {
      if (asked !== undefined) throw isTaken(block, use.by);
      continue;
    }
    // A network of an interface is used only where the user names it.
    if (use.kind === 'neighbours' && asked === undefined && block !== record?.block) continue;
    const ranges = use.kind === 'free' ? [cidrOf(block)] : earlier.filter((range) => isOneOf(range, block));
    const held = new HeldBlock({ dataDir, block, use, host, own, ranges, isAdopted });
    if (await held.take(earlier, present)) return held.network();
    if (asked !== undefined) throw isTaken(block, 'a route that another program has just added');
  }
  throw new OperationalError(
    'NetworkUnavailable',
    'Every block of 10.0.0.0/8 and 172.16.0.0/12 overlaps with a route of this host; name a free /16 with --network-block.',
  );
}

/** Takes back what a Millpond that has ended left in this host's network; for `down`. Rejects with CommandFailed. */
export async function endHostNetwork(dataDir: string): Promise<void> {
  const record = readHostRecord(dataDir);
  if (!record || record.ranges.length === 0) return;
  if (isOfThisPlace(dataDir, record)) await deleteLocalRoutes(record.ranges);
  writeHostRecord(dataDir, { block: record.block, ranges: [] });
}

interface Held {
  dataDir: string;
  block: string;
  use: Exclude<Use, { kind: 'taken' }>;
  host: HostNetwork;
  own(route: Route): boolean;
  /** In CIDR notation. */
  ranges: string[];
  isAdopted: boolean;
}

/** A block while this Millpond runs. */
class HeldBlock {
  readonly #held: Held;
  readonly #ranges: Set<string>;
  /** Addresses of the block that others have. */
  readonly #foreign: Set<string>;

  constructor(held: Held) {
    this.#held = held;
    this.#ranges = new Set(held.ranges);
    this.#foreign = new Set(foreignIn(held));
  }

  /** Makes the routes of its ranges, and deletes earlier ones. Resolves to false when another program was faster. */
  async take(earlier: readonly string[], present: ReadonlySet<string>): Promise<boolean> {
    const { dataDir, block, use } = this.#held;
    // Earlier routes are recorded until they are deleted.
    writeHostRecord(dataDir, { block, ranges: [...new Set([...earlier, ...this.#ranges])] });
    await deleteLocalRoutes(earlier.filter((range) => !this.#ranges.has(range)));
    for (const range of this.#ranges) {
      if (present.has(range) || (await this.#added(range))) continue;
      this.#ranges.delete(range);
      if (use.kind === 'free') {
        this.#write();
        return false;
      }
      this.#foreign.add(addressOf(range));
    }
    this.#write();
    return true;
  }

  network(): Network {
    const { block, use } = this.#held;
    const isNeighbour = use.kind === 'neighbours';
    const range = cidrOf(block);
    const serverAddress = isNeighbour ? use.ownAddress : `${block}.0.2`;
    const reach = isNeighbour ? ` on ${use.device}; its machines` : "; containers on this host's bridges";
    return {
      kind: 'host',
      serverAddress,
      servesApi: true,
      summary: `addresses of ${range}${reach} reach the nodes, and the API at http://${serverAddress}:${INNER_PORTS.api}`,
      take: (subnet, used, quarantined) =>
        nextAddress(subnet, this.#foreign.size > 0 ? used.union(this.#foreign) : used, quarantined, block),
      isReady: (address) => !this.#foreign.has(address),
      owns: (address) => isInRange(address, range) && !this.#foreign.has(address),
      ensure: async (address) => {
        if (isNeighbour) await this.#ensure(address, use.device);
      },
      withdraw: async (address) => {
        if (!isNeighbour || !this.#ranges.has(withPrefix(address))) return;
        await deleteLocalRoutes([withPrefix(address)]);
        this.#ranges.delete(withPrefix(address));
        this.#write();
      },
      assertFree,
      inside: (command) => [...command],
      release: (nodes) => this.#release(nodes),
    };
  }

  async #ensure(address: string, device: string): Promise<void> {
    const range = withPrefix(address);
    if (this.#ranges.has(range)) return;
    if (!(await isInUse(address, device))) {
      this.#ranges.add(range);
      this.#write();
      if (await this.#added(range)) return;
      this.#ranges.delete(range);
      this.#write();
    }
    this.#foreign.add(address);
    throw new OperationalError(
      'AddressUnavailable',
      `Another machine of the network on ${device} has the address ${address}.`,
    );
  }

  async #added(range: string): Promise<boolean> {
    try {
      await addLocalRoute(range);
      return true;
    } catch (error) {
      if ((error as Error).message.includes('File exists')) return false;
      throw new OperationalError(
        'NetworkUnavailable',
        `This host does not allow a route to ${range} (${(error as Error).message}); use --network loopback.`,
        error,
      );
    }
  }

  async #release(nodes: NodesLeft): Promise<void> {
    if (nodes === 'running' || (nodes === 'as-found' && this.#held.isAdopted)) return;
    await deleteLocalRoutes([...this.#ranges]);
    this.#ranges.clear();
    this.#write();
  }

  #write(): void {
    const { dataDir, block } = this.#held;
    writeHostRecord(dataDir, { block, ranges: [...this.#ranges] });
  }
}

/** Addresses of interfaces and of routes of others in the block. */
function foreignIn({ host, block, own }: Held): string[] {
  const routes = host.routes.filter((route) => !own(route)).map(({ destination }) => destination);
  const all = [...host.addresses.map(({ address }) => address), ...routes];
  return all.filter((address) => !address.includes('/') && isInRange(address, cidrOf(block)));
}

function* blocksToTry(
  dataDir: string,
  asked: string | undefined,
  last: string | undefined,
): Generator<string, void> {
  if (asked !== undefined) {
    yield asked;
    return;
  }
  if (last !== undefined) yield last;
  yield* candidates(createHash('sha256').update(resolve(dataDir)).digest().readUInt8());
}

function isTaken(block: string, by: string): OperationalError {
  return new OperationalError(
    'NetworkUnavailable',
    `This host uses addresses of ${cidrOf(block)} already (${by}); name another /16 with --network-block.`,
  );
}

const withPrefix = (destination: string): string =>
  destination.includes('/') ? destination : `${destination}/32`;

const addressOf = (range: string): string => range.replace('/32', '');

const isOneOf = (range: string, block: string): boolean =>
  range.endsWith('/32') && isInRange(addressOf(range), cidrOf(block));
