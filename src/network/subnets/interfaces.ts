// The network interfaces of the world: gives each an address and a link, tells the world's rules about it, and knows
// which are there.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { OperationalError } from '../../kernel/errors.ts';
import type { InterfaceSpec, Interfaces, NetworkInterface, OpenInterface } from '../network.ts';
import { isInRange, nextAddress, parseCidr, textOf } from '../next-address.ts';
import { linkedAddresses, withLink, withLocalApi } from './link.ts';
import { SERVER_ADDRESS, TABLE } from './setup.ts';
import { tool } from './tools.ts';
import type { World } from './world.ts';

/** The addresses of interfaces outside of every VPC. */
const OUTSIDE_RANGE = '100.64.0.0/16';
/** AWS: a VPC's resolver is at its base plus two. */
const RESOLVER_OFFSET = 2;

/** The interfaces, for the network itself. */
export interface WorldInterfaces extends Interfaces {
  /** The addresses that no node can have. */
  addresses(): ReadonlySet<string>;
}

/**
 * `usedByNodes` has the addresses of all nodes. `admit` is called with a new interface, which `list` has, before it gets
 * its address, and resolves once the rules know it. `closed` is called when `list` has one no longer.
 */
export function createInterfaces(
  world: World,
  options: {
    usedByNodes(): ReadonlySet<string>;
    admit(opened: OpenInterface): Promise<void>;
    /** Where this host reaches the API. */
    hostApi(): { address: string; port: number };
    closed(): void;
  },
): WorldInterfaces {
  const open = new Map<string, HeldInterface>();
  /** Addresses of closed interfaces, and when they ended: they are given out last. */
  const released = new Map<string, number>();

  const linked = (): Set<string> => linkedAddresses(`/proc/${world.pid}/net`);

  function freeAddress({ subnet }: InterfaceSpec): string {
    const used = new Set([...linked(), ...open.keys(), ...options.usedByNodes()]);
    const range = subnet?.cidr ?? OUTSIDE_RANGE;
    const address = nextAddress(range, used, released);
    if (address !== undefined) return address;
    throw new OperationalError(
      'AddressUnavailable',
      `The subnet ${subnet?.id ?? range} has no free address.`,
    );
  }

  async function openInterface(spec: InterfaceSpec): Promise<NetworkInterface> {
    const { address = freeAddress(spec) } = spec;
    if (spec.subnet && !isInRange(address, spec.subnet.cidr)) {
      throw new OperationalError('AddressUnavailable', `${address} is not in the subnet ${spec.subnet.id}.`);
    }
    const there = spec.address === undefined ? undefined : open.get(address);
    if (there) return there.joinOnceReady();
    if (linked().has(address) !== (spec.isThere ?? false) || options.usedByNodes().has(address)) {
      throw new OperationalError(
        'AddressUnavailable',
        `The address ${address} is ${spec.isThere ? 'of no machine' : 'in use'}.`,
      );
    }
    released.delete(address);
    const hostApi = spec.isOperator ? options.hostApi() : undefined;
    const made = new HeldInterface({ world, hostApi }, { ...spec, address }, () => {
      open.delete(address);
      released.set(address, performance.now());
      options.closed();
    });
    open.set(address, made);
    try {
      await Promise.all([options.admit(made.facts), made.begin(spec.address !== undefined && !spec.isThere)]);
      return await made.joinOnceReady();
    } catch (error) {
      await made.end();
      throw error;
    }
  }

  return {
    open: openInterface,
    list: () => [...open.values()].map(({ facts }) => facts),
    addresses: () => new Set([...linked(), ...open.keys()]),
  };
}

class HeldInterface {
  readonly facts: OpenInterface;
  readonly #world: World;
  /** Present where programs also reach the API by its address of this host. */
  readonly #hostApi: { address: string; port: number } | undefined;
  readonly #resolver: string;
  readonly #onEnd: () => void;
  /** Holds the namespace where several process trees share the interface. */
  #anchor: ChildProcess | undefined;
  #ready: Promise<unknown> | undefined;
  #users = 0;
  #hasEnded = false;

  constructor(
    { world, hostApi }: { world: World; hostApi: { address: string; port: number } | undefined },
    facts: OpenInterface,
    onEnd: () => void,
  ) {
    this.#world = world;
    this.#hostApi = hostApi;
    this.facts = facts;
    this.#onEnd = onEnd;
    this.#resolver = resolverOf(facts);
  }

  /** Makes the VPC's resolver answer here; and the link, if the interface is shared. */
  begin(isShared: boolean): Promise<unknown> {
    this.#ready = Promise.all([this.#tellResolver('add'), isShared && this.#makeAnchor()]);
    return this.#ready;
  }

  async joinOnceReady(): Promise<NetworkInterface> {
    this.#users++;
    await this.#ready;
    return this.#join();
  }

  async #makeAnchor(): Promise<void> {
    const [program, ...args] = this.#linked(['/bin/sh', '-c', `echo && exec ${tool('tail')} -f /dev/null`]);
    const anchor = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, cwd: '/' });
    this.#anchor = anchor;
    let errors = '';
    anchor.stderr
      .setEncoding('utf8')
      .on('data', (text: string) => (errors = (errors + text).slice(0, 2_000)));
    const ended = once(anchor, 'close').then(() => {
      throw new OperationalError(
        'AddressUnavailable',
        `No interface can have ${this.facts.address}: ${errors.trim()}`,
      );
    });
    ended.catch(() => {});
    await Promise.race([once(anchor.stdout, 'data'), ended]);
    anchor.stdout.destroy();
    anchor.stderr.destroy();
    anchor.unref();
  }

  #linked(command: readonly string[]): [string, ...string[]] {
    const inner = this.#hostApi ? withLocalApi(this.#hostApi, command) : command;
    return this.#world.inside(withLink(this.#world.namespaceFile, this.facts.address, inner));
  }

  #join(): NetworkInterface {
    let isClosed = false;
    return {
      ...this.facts,
      resolver: this.#resolver,
      inside: (command) => {
        if (!this.#anchor) return this.#linked(command);
        return this.#world.inside([
          tool('nsenter'),
          `--net=/proc/${this.#anchor.pid}/ns/net`,
          '--',
          ...command,
        ]);
      },
      close: async () => {
        if (isClosed) return;
        isClosed = true;
        if (--this.#users === 0) await this.end();
      },
    };
  }

  async end(): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#anchor?.kill('SIGKILL');
    await this.#tellResolver('delete').catch(() => {});
    this.#onEnd();
  }

  /** Queries from this interface to its VPC's resolver lead to Millpond's server. */
  async #tellResolver(verb: 'add' | 'delete'): Promise<void> {
    if (this.#resolver === SERVER_ADDRESS) return;
    const { address } = this.facts;
    const statements = [
      `${verb} element ${TABLE} resolvers { ${address} : ${this.#resolver} }`,
      `${verb} element ${TABLE} resolvers_asked { ${address} . ${this.#resolver} }`,
    ];
    await this.#world.run([tool('nft'), '-f', '-'], `${statements.join('\n')}\n`);
  }
}

function resolverOf({ subnet }: InterfaceSpec): string {
  const vpc = subnet && parseCidr(subnet.vpcCidr);
  return vpc ? textOf(vpc.base + RESOLVER_OFFSET) : SERVER_ADDRESS;
}
