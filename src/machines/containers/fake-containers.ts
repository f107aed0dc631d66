// Containers that run nothing, for tests: in memory, and each ends as the test says. They outlive whoever started them, as
// real ones do: a second service over the same fake finds them.

import { createHash } from 'node:crypto';
import { OperationalError } from '../../kernel/errors.ts';
import type {
  Container,
  ContainerEnd,
  ContainerSpec,
  Containers,
  Image,
  ImageSource,
  OutputLine,
} from './containers.ts';

/** What a test does with a container. */
export interface FakeContainer {
  readonly spec: ContainerSpec;
  /** The signals that it got. */
  readonly signals: string[];
  /** Its first process ends. */
  exit(end?: Partial<ContainerEnd>): void;
  print(...lines: string[]): void;
  /** What a command that is run in it answers; 0 at first. */
  runs: (command: readonly string[]) => number | Promise<number>;
  readonly hasEnded: boolean;
}

/** The engine, and what tests see of it. */
export interface FakeContainers extends Containers {
  /** Those that are not removed. */
  readonly all: FakeContainer[];
  /** The images that were prepared. */
  readonly prepared: ImageSource[];
  readonly removedVolumes: string[];
  /** Images that cannot be had: the reason by reference. */
  readonly broken: Map<string, string>;
  /** Delays every preparation. */
  prepareGate: Promise<void>;
  /** Called with each container that starts. Throws to refuse it. */
  onStart: (container: FakeContainer) => void;
}

/** AWS: 128 and the number of the signal. */
const EXIT_CODES: Readonly<Record<string, number>> = {
  SIGKILL: 137,
  SIGTERM: 143,
  SIGINT: 130,
  SIGQUIT: 131,
};

/** Each container ends by the first signal unless `onStart` changes its `runs` or its signals are ignored. */
export function createFakeContainers(options: { ignoresTerm?: boolean } = {}): FakeContainers {
  const present = new Map<string, { fake: FakeContainer; container: Container }>();
  const fakes: FakeContainers = {
    get all() {
      return [...present.values()].map(({ fake }) => fake);
    },
    prepared: [],
    removedVolumes: [],
    broken: new Map(),
    prepareGate: Promise.resolve(),
    onStart: () => {},
    whyNot: async () => undefined,
    async prepare(source) {
      fakes.prepared.push(source);
      await fakes.prepareGate;
      const reason = fakes.broken.get(source.reference);
      if (reason !== undefined) throw new OperationalError('ContainersUnavailable', reason);
      return imageOf(source);
    },
    async start(spec) {
      const made = fakeContainer(spec, options, () => present.delete(spec.id));
      fakes.onStart(made.fake);
      present.set(spec.id, made);
      return made.container;
    },
    find: async () => [...present.values()].map(({ container }) => container),
    async removeVolumes(names) {
      fakes.removedVolumes.push(...names);
    },
    async prune() {},
  };
  return fakes;
}

const imageOf = ({ reference, registry }: ImageSource): Image => ({
  digest: registry?.digest ?? `sha256:${createHash('sha256').update(reference).digest('hex')}`,
  defaults: {
    ...{
      entryPoint: ['/entry'],
      command: ['run'],
      environment: { IMAGE: 'yes' },
      user: '',
      workingDirectory: '',
    },
    stopSignal: 'SIGTERM',
  },
});

function fakeContainer(spec: ContainerSpec, { ignoresTerm }: { ignoresTerm?: boolean }, removed: () => void) {
  const ended = Promise.withResolvers<ContainerEnd>();
  let lines: OutputLine[] = [];
  let end: ContainerEnd | undefined;
  let wake = () => {};
  const startedAt = Date.now();
  const fake: FakeContainer = {
    ...{ spec, signals: [], runs: () => 0 },
    get hasEnded() {
      return end !== undefined;
    },
    exit(given = {}) {
      if (end) return;
      end = { exitCode: 0, isOutOfMemory: false, at: Date.now(), ...given };
      ended.resolve(end);
      wake();
    },
    print(...texts) {
      lines.push(...texts.map((text) => ({ at: Date.now(), text })));
      wake();
    },
  };
  const container: Container = {
    ...{ id: spec.id, labels: spec.labels, imageDigest: spec.image.digest, startedAt, ended: ended.promise },
    get pid() {
      return end ? undefined : process.pid;
    },
    signal(name) {
      fake.signals.push(name);
      if (name === 'SIGKILL' || !ignoresTerm) fake.exit({ exitCode: EXIT_CODES[name] ?? 128 });
    },
    run: async (command) => fake.runs(command),
    async *output() {
      for (;;) {
        const batch = lines;
        if (batch.length > 0) {
          yield {
            lines: batch,
            taken() {
              lines = lines.filter((line) => !batch.includes(line));
            },
          };
          continue;
        }
        if (end) return;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    async remove() {
      if (!end) throw new Error('it has not ended');
      removed();
    },
  };
  return { fake, container };
}
