// The driver of fake nodes. Everything happens at once, and a new engine answers in the next turn of the event loop.

import type { AdminConnection } from '../../engine/admin.ts';
import { type Argument, EngineError } from '../../engine/admin.ts';
import type {
  Addresses,
  Driver,
  EngineStart,
  FoundEngine,
  LivenessProbe,
  Place,
  ProbeEvents,
  Run,
} from '../../engine/driver.ts';
import type { EngineBinary } from '../../engine/fleet.ts';
import { OperationalError } from '../../kernel/errors.ts';
import type { FakeEngine } from './fake-engine.ts';
import type { FakeProcess, FakeWorld } from './fake-world.ts';

/** Runs nodes as objects in `world`. */
export function createFakeDriver(world: FakeWorld, binaries: readonly EngineBinary[]): Driver {
  const places = new Map<string, Place>();
  return {
    binaries,
    addresses: fakeAddresses,
    place(key) {
      let found = places.get(key);
      if (!found) places.set(key, (found = createPlace(world, key)));
      return found;
    },
    find: async () => [...world.processes].map(([key, process]) => foundEngine(world, key, process)),
    keysWithData: async () => [...world.files.keys()].sort(),
    async close() {},
  };
}

/** Addresses in 127.9.0.0/16; a subnet keeps its third and fourth octet. */
export const fakeAddresses: Addresses = {
  take(subnet, used, quarantined) {
    const [, c, d, length] = /^\d+\.\d+\.(\d+)\.(\d+)\/(\d+)$/.exec(subnet)!.map(Number);
    const first = c! * 256 + d!;
    // AWS: the first four addresses and the last one of a subnet are reserved.
    const hosts = Array.from({ length: Math.min(2 ** (32 - length!), 2 ** 16) - 5 }, (_, n) => first + 4 + n);
    const free = hosts.map((n) => `127.9.${n >> 8}.${n & 255}`).filter((address) => !used.has(address));
    const since = (address: string) => quarantined?.get(address) ?? 0;
    return free.find((address) => !quarantined?.has(address)) ?? free.sort((a, b) => since(a) - since(b))[0];
  },
  isReady: () => true,
  owns: (address) => address.startsWith('127.9.'),
};

function createPlace(world: FakeWorld, key: string): Place {
  return {
    start: async (start: EngineStart) => createRun(world, key, world.start(start), setImmediate),
    moveForeignFiles: async () => world.moveForeignFiles(key),
    admin: (access) => createFakeAdmin(world, key, () => access() !== undefined),
    lastLines: async () => [],
    stored: async () => world.stored(key),
    savedBytes: async () => 0,
    freeSpace: async () => ({ bytes: 0, where: 'the fake disk' }),
    remove: async () => world.remove(key),
  };
}

function foundEngine(world: FakeWorld, key: string, process: FakeProcess): FoundEngine {
  const { name, spec } = process;
  const { address, port, binary } = spec;
  const end = async () => world.end(key, 'it was killed by Millpond');
  return {
    ...{ key, name, isRemnant: false, isRecorded: true, facts: { address, port, binary } },
    isSameEngine: () => true,
    admin: () => createFakeAdmin(world, key, () => true),
    take: async () => createRun(world, key, process, queueMicrotask),
    ...{ end, endGracefully: end },
  };
}

/** `soon` schedules the first answer. */
function createRun(
  world: FakeWorld,
  key: string,
  process: FakeProcess,
  soon: (act: () => void) => unknown,
): Run {
  const { name, spec, engine, ended } = process;
  const { address, port, binary } = spec;
  let closed = false;
  let hasEnded = false;
  void ended.promise.then(() => {
    hasEnded = true;
  });
  const answers = () => !closed && !engine.hung && world.processes.get(key) === process;
  return {
    ...{ name, facts: { address, port, binary }, ended: ended.promise },
    get ending() {
      return hasEnded;
    },
    watch(_access, events: ProbeEvents): LivenessProbe {
      process.events = events;
      queueMicrotask(events.onAccept);
      const answer = () => answers() && events.onAnswer('ready');
      soon(answer);
      return {
        ask: () => void answer(),
        askForTurn: () => void (answers() && events.onTurn()),
      };
    },
    progress: () => 'still',
    look() {},
    async kill(reason) {
      world.end(key, reason);
    },
    close() {
      closed = true;
    },
  };
}

/** `isMet`: the fleet has adopted or started the engine. */
function createFakeAdmin(world: FakeWorld, key: string, isMet: () => boolean): AdminConnection {
  function reach(): FakeEngine {
    const process = world.processes.get(key);
    if (!process || !isMet()) throw new OperationalError('EngineFailed', `Node ${key} is away.`);
    if (process.engine.hung) throw new OperationalError('TimedOut', `Node ${key} did not answer in time.`);
    return process.engine;
  }
  const answer = (command: readonly Argument[]): unknown => {
    const engine = reach();
    const [name, how] = command.map(String);
    if (/^SHUTDOWN$/i.test(name!)) {
      world.shutDown(key, how === 'SAVE');
      return reach();
    }
    const reply = engine.answer(command);
    if (/^(BG)?SAVE$/i.test(name!)) world.save(key);
    return reply;
  };
  const admin: AdminConnection = {
    async send(...command) {
      const reply = answer(command);
      if (reply instanceof EngineError) throw reply;
      return reply;
    },
    sendAll: async (commands, options) =>
      commands
        .map(answer)
        .map((reply) => (options?.binary && typeof reply === 'string' ? Buffer.from(reply) : reply)),
    observe: async () => reach().view(),
    branch: () => ({ ...admin, close() {} }),
    connect() {},
    disconnect() {},
  };
  return admin;
}
