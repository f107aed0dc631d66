// Instances that run nothing, for tests: in memory, and each boots and ends as the test says. They outlive whoever started
// them, as real ones do: a second service over the same fake finds them.

import { OperationalError } from '../../kernel/errors.ts';
import type { Instance, InstanceSpec, Instances } from './instances.ts';

/** What a test does with an instance. */
export interface FakeInstance {
  readonly spec: InstanceSpec;
  /** Its boot is over. */
  boot(how?: { noSsh?: string }): void;
  /** Its programs end by themselves. */
  powerOff(): void;
  readonly hasEnded: boolean;
  /** The time limits of the stops that it got. */
  readonly stops: number[];
}

/** The instances, and what tests see of them. */
export interface FakeInstances extends Instances {
  /** All boots, the latest last. */
  readonly all: FakeInstance[];
  /** The ids of instances whose files are there. */
  readonly files: Set<string>;
  /** Why none can run. */
  refusal: string | undefined;
  /** Called with the spec of each start. Throws to refuse it. */
  onStart: (spec: InstanceSpec) => void | Promise<void>;
  /** When instances start, in milliseconds since the epoch. */
  now: () => number;
}

/** `bootsAtOnce`: instances are booted as soon as they run. */
export function createFakeInstances({ bootsAtOnce = true } = {}): FakeInstances {
  const made = new Map<string, { fake: FakeInstance; instance: Instance }>();
  const fakes: FakeInstances = {
    ...{ all: [], files: new Set(), refusal: undefined, onStart: () => {}, now: Date.now },
    whyNot: async () => fakes.refusal,
    abilities: async () => ({ users: 'root', files: 'layered', hasPackages: true }),
    async start(spec) {
      await fakes.onStart(spec);
      const running = made.get(spec.id);
      if (running && !running.fake.hasEnded) throw new OperationalError('CommandFailed', 'It runs already.');
      const one = fakeInstance(spec, fakes.now());
      fakes.all.push(one.fake);
      fakes.files.add(spec.id);
      made.set(spec.id, one);
      if (bootsAtOnce) one.fake.boot();
      return one.instance;
    },
    find: async () => [...made.values()].map(({ instance }) => instance),
    running: (id) => (made.get(id)?.fake.hasEnded === false ? made.get(id)?.instance : undefined),
    console: async (id) => Buffer.from(made.has(id) ? `console of ${id}\n` : ''),
    async remove(id) {
      fakes.files.delete(id);
      made.delete(id);
    },
    async prune(keep) {
      for (const id of fakes.files) if (!keep.has(id)) fakes.files.delete(id);
    },
  };
  return fakes;
}

function fakeInstance(spec: InstanceSpec, startedAt: number) {
  const ended = Promise.withResolvers<void>();
  const booted = Promise.withResolvers<{ noSsh?: string }>();
  const stops: number[] = [];
  let hasEnded = false;
  const fake: FakeInstance = {
    ...{ spec, stops },
    boot: (how = {}) => booted.resolve(how),
    powerOff() {
      hasEnded = true;
      ended.resolve();
    },
    get hasEnded() {
      return hasEnded;
    },
  };
  const instance: Instance = {
    ...{ id: spec.id, labels: spec.labels, startedAt, ended: ended.promise, booted: booted.promise },
    get pid() {
      return hasEnded ? undefined : process.pid;
    },
    async stop(graceMs) {
      stops.push(graceMs);
      fake.powerOff();
    },
    inside: (user, command) => ['inside', spec.id, user, ...command],
  };
  return { fake, instance };
}
