// The network interfaces of the world: gives each an address and a link, tells the world's rules about it, and knows
// which are there.

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { OperationalError } from '../../kernel/errors.ts';
import type { InterfaceSpec, Interfaces, NetworkInterface, OpenInterface } from '../network.ts';
import { isUsable, nextAddress, parseCidr, textOf } from '../next-address.ts';
import { linkedAddresses, linkKeeper, PROGRESS } from './link.ts';
import { OUTSIDE_RANGE, SERVER_ADDRESS, TABLE } from './setup.ts';
import { tool } from './tools.ts';
import { ownFile, type World } from './world.ts';

/** AWS: a VPC's resolver is at its base plus two. */
const RESOLVER_OFFSET = 2;

/** The interfaces, for the network itself. */
export interface WorldInterfaces extends Interfaces {
  /** The addresses that no node can have. */
  addresses(): ReadonlySet<string>;
}

/**
 * `usedByNodes` has the addresses of all nodes. `admit` is called with a new interface, which `list` has, and resolves
 * once the rules know it. `changed` is called when `list` has one no longer, or with other facts.
 */
export function createInterfaces(
  world: World,
  options: {
    usedByNodes(): ReadonlySet<string>;
    admit(opened: OpenInterface): Promise<void>;
    /** Called after an interface was closed or changed. */
    changed(): void;
    /** Where this host reaches the API. */
    hostApi(): { address: string; port: number };
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

  const parts: InterfaceParts = { world, hostApi: options.hostApi, tellResolver: resolverTeller(world) };

  async function openInterface(spec: InterfaceSpec): Promise<NetworkInterface> {
    const { address = freeAddress(spec) } = spec;
    if (spec.subnet && !isUsable(address, spec.subnet.cidr)) {
      throw new OperationalError(
        'AddressUnavailable',
        `${address} is not an address that the subnet ${spec.subnet.id} gives out.`,
      );
    }
    const there = spec.address === undefined ? undefined : open.get(address);
    if (there?.isShared && (!there.facts.isThere || spec.isThere)) return there.join();
    if (there || linked().has(address) !== (spec.isThere ?? false) || options.usedByNodes().has(address)) {
      throw new OperationalError(
        'AddressUnavailable',
        `The address ${address} is ${spec.isThere ? 'of no machine' : 'in use'}.`,
      );
    }
    released.delete(address);
    const made = new HeldInterface(parts, { ...spec, address }, spec.address !== undefined, {
      changed: options.changed,
      ended() {
        open.delete(address);
        released.set(address, performance.now());
        options.changed();
      },
    });
    open.set(address, made);
    try {
      made.begin(options.admit(made.facts));
      return await made.join();
    } catch (error) {
      made.end();
      throw error;
    }
  }

  return {
    open: openInterface,
    list: () => [...open.values()].map(({ facts }) => facts),
    addresses: () => new Set([...linked(), ...open.keys()]),
  };
}

/** What all interfaces share. */
interface InterfaceParts {
  world: World;
  hostApi(): { address: string; port: number };
  /** Makes the resolver of its VPC answer. */
  tellResolver(facts: OpenInterface): Promise<void>;
}

class HeldInterface {
  facts: OpenInterface;
  /** Several process trees that ask for its address share it. */
  readonly isShared: boolean;
  readonly #parts: InterfaceParts;
  readonly #tell: { changed(): void; ended(): void };
  /** Keeps the namespace. Absent where the process tree of an earlier Millpond does. */
  #keeper: ChildProcess | undefined;
  /** The namespace of an earlier Millpond's process tree, open: further processes can join it when that has ended. */
  #held: number | undefined;
  #made: Promise<void> = Promise.resolve();
  #ready: Promise<void> = Promise.resolve();
  #users = 0;
  #hasEnded = false;

  constructor(
    parts: InterfaceParts,
    facts: OpenInterface,
    isShared: boolean,
    tell: { changed(): void; ended(): void },
  ) {
    this.#parts = parts;
    this.facts = facts;
    this.isShared = isShared;
    this.#tell = tell;
  }

  /** `isAllowed` resolves once the rules know it. */
  begin(isAllowed: Promise<void>): void {
    const { isThere, program } = this.facts;
    if (isThere && program !== undefined) this.#held = this.#hold(program);
    const link = isThere ? undefined : this.#link();
    if (link) this.#made = link.made;
    this.#ready = Promise.all([link?.linked, isAllowed, this.#parts.tellResolver(this.facts)]).then(() => {});
    this.#ready.catch(() => {});
  }

  /** Starts the process that makes the namespace with its link, and keeps it. */
  #link(): { made: Promise<void>; linked: Promise<void> } {
    const { world, hostApi } = this.#parts;
    const { address, isOperator } = this.facts;
    const [program, ...args] = world.inside(
      linkKeeper(world.namespaceFile, address, isOperator ? hostApi() : undefined),
    );
    // Its input ends with Millpond, and so does the process; its namespace stays as long as it has others.
    const keeper = spawn(program, args, {
      ...{ stdio: 'pipe', detached: true, cwd: '/' },
      env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
    });
    this.#keeper = keeper;
    keeper.unref();
    let errors = '';
    keeper.stderr
      .setEncoding('utf8')
      .on('data', (text: string) => (errors = (errors + text).slice(0, 2_000)));
    const progress = { made: Promise.withResolvers<void>(), linked: Promise.withResolvers<void>() };
    const fail = (reason: string) => {
      const error = new OperationalError('NetworkUnavailable', `No interface can have ${address}: ${reason}`);
      for (const { reject } of Object.values(progress)) reject(error);
    };
    keeper.once('error', (error) => fail(error.message));
    keeper.once('close', () => fail(errors.trim().split('\n')[0] || 'its process has ended'));
    createInterface({ input: keeper.stdout }).on('line', (line) => {
      if (line === PROGRESS.made) progress.made.resolve();
      if (line !== PROGRESS.linked) return;
      progress.linked.resolve();
      keeper.stdout.destroy();
      keeper.stderr.destroy();
    });
    progress.linked.promise.catch(() => {});
    return { made: progress.made.promise, linked: progress.linked.promise };
  }

  async join(): Promise<NetworkInterface> {
    this.#users++;
    await this.#made;
    let isClosed = false;
    return {
      ...this.facts,
      resolver: resolverOf(this.facts),
      ready: this.#ready,
      inside: (command) => this.#parts.world.inside(command, this.#namespaceFile()),
      change: (facts) => {
        this.facts = { ...this.facts, ...facts };
        this.#tell.changed();
      },
      close: async () => {
        if (isClosed) return;
        isClosed = true;
        if (--this.#users === 0) this.end();
      },
    };
  }

  /** Throws AddressUnavailable when the process that has the namespace has just ended. */
  #hold(program: number): number {
    try {
      return openSync(`/proc/${program}/ns/net`, 'r');
    } catch (error) {
      const text = `The address ${this.facts.address} is of no machine.`;
      throw new OperationalError('AddressUnavailable', text, error);
    }
  }

  #namespaceFile(): string {
    return this.#held === undefined ? `/proc/${this.#keeper?.pid}/ns/net` : ownFile(this.#held);
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (this.#held !== undefined) closeSync(this.#held);
    this.#keeper?.kill('SIGKILL');
    this.#tell.ended();
  }
}

/** Queries to a VPC's resolver lead to Millpond's server. The rules of a VPC stay when its last interface is closed. */
function resolverTeller(world: World): InterfaceParts['tellResolver'] {
  const told = new Map<string, Promise<void>>();
  return (facts) => {
    const resolver = resolverOf(facts);
    if (resolver === SERVER_ADDRESS) return Promise.resolve();
    let telling = told.get(resolver);
    if (!telling) {
      const statement = `add element ${TABLE} resolvers { ${resolver} }\n`;
      telling = world.run([tool('nft'), '-f', '-'], statement).then(() => {});
      told.set(resolver, telling);
      telling.catch(() => told.delete(resolver));
    }
    return telling;
  };
}

function resolverOf({ subnet }: InterfaceSpec): string {
  const vpc = subnet && parseCidr(subnet.vpcCidr);
  return vpc ? textOf(vpc.base + RESOLVER_OFFSET) : SERVER_ADDRESS;
}
