// Millpond's own engine of containers: Linux namespaces, by the tools of util-linux. Finds out how containers can run
// here, starts them, and finds those of an earlier Millpond.

import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationalError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { startTickOf } from '../../kernel/process-identity.ts';
import { findCgroups } from './cgroups.ts';
import type { Container, ContainerSpec, Containers, Image, ImageSource } from './containers.ts';
import { endHalfStarted, readRecord } from './half-started.ts';
import { type Identities, ONE_USER, rangeOfRoot, subordinates } from './identities.ts';
import { ImageStore } from './images/image-store.ts';
import type { Manner } from './launch.ts';
import { type ContainerRecord, OwnContainer, readIdentity, untilShimEnds } from './own-container.ts';
import { makePlaces, type Places, removeTree } from './places.ts';
import { type EnterNetwork, insideRunner } from './run-inside.ts';
import { FILES } from './scripts.ts';
import { startContainer } from './start-container.ts';
import { makeTools, missingTool } from './tools.ts';
import { whyNoContainer } from './why-no-container.ts';

/** What the engine works with. */
export interface OwnContainersOptions {
  /** In the data directory, for containers alone. */
  directory: string;
  log: Log;
  /** See EnterNetwork. Absent where containers have no network interfaces. */
  enterNetwork?: EnterNetwork | undefined;
  /** Images are never layers below containers. For tests. */
  copiesImages?: true;
}

const USERS: Record<Identities['kind'], string> = {
  range: 'their users are nobody on this machine',
  subordinate: 'their root is the user that runs Millpond, and their other users are those of /etc/subuid',
  one: 'all users of a container are the user that runs Millpond',
};
const SAFE_NAME = /^[A-Za-z0-9][\w.-]{0,199}$/;

/** Rejects with an OperationalError where no container can run. */
export async function openContainers(options: OwnContainersOptions): Promise<Containers> {
  const { directory, log } = options;
  assertPossible();
  const places = makePlaces(directory);
  const manner = await chooseManner(places, options);
  const images = new ImageStore(places.images, manner.identities);
  await images.begin();
  /** Those that this process starts at the moment. */
  const starting = new Set<string>();
  const hasOneUser = manner.identities.count === 1;
  return {
    whyNot: async () => undefined,
    prepare: ({ registry, reference }: ImageSource): Promise<Image> =>
      registry ? images.fromRegistry(registry) : images.fromEngine(reference),
    async start(spec: ContainerSpec) {
      for (const name of [spec.id, ...spec.volumes.map((volume) => volume.name)]) checkName(name);
      if (existsSync(join(places.runs, spec.id)))
        throw unavailable(`There is a container ${spec.id} already.`);
      if (!images.has(spec.image.digest)) throw unavailable(`The image ${spec.image.digest} is not there.`);
      if (hasOneUser && !['', '0', 'root', '0:0'].includes(spec.user)) {
        log.warn(
          { container: spec.id, user: spec.user },
          'all users of a container are one here; its user is ignored',
        );
      }
      if (spec.cpuShares !== undefined && !manner.cgroups.hasCpu) {
        log.info({ container: spec.id }, 'shares of the processor are not enforced here');
      }
      starting.add(spec.id);
      try {
        return await startContainer(spec, manner);
      } finally {
        starting.delete(spec.id);
      }
    },
    find: () => findContainers(places, manner, starting),
    async removeVolumes(names) {
      for (const name of names) {
        checkName(name);
        await removeTree(join(places.volumes, name));
      }
    },
    async prune(keep) {
      const records = await readRecords(places);
      await images.prune(new Set([...keep, ...records.map(({ imageDigest }) => imageDigest)]));
      const volumes = new Set(records.flatMap((record) => record.volumes));
      for (const name of await readdir(places.volumes)) {
        if (!volumes.has(name)) await removeTree(join(places.volumes, name));
      }
      const ids = new Set(records.map(({ id }) => id));
      for (const name of await readdir(places.roots)) {
        if (!ids.has(name)) await removeTree(join(places.roots, name));
      }
    },
  };
}

/** What containers have here, for people: clauses. Makes what it needs in the directory, which must be empty. */
export async function probeContainers(directory: string, log: Log): Promise<string[]> {
  assertPossible();
  const { identities, isLayered, cgroups } = await chooseManner(makePlaces(directory), { directory, log });
  return [
    USERS[identities.kind],
    isLayered ? 'they share the files of their image' : 'each copies its image',
    cgroups.hasMemory ? 'the kernel limits their memory' : 'their memory is watched',
    cgroups.hasCpu ? 'shares of the processor are enforced' : 'shares of the processor are not enforced',
  ];
}

/** The pids of the first processes of all containers of the directory that run. */
export async function containerPids(directory: string): Promise<number[]> {
  const runs = join(directory, 'runs');
  const ids = await readdir(runs).catch(() => []);
  return ids.flatMap((id) => {
    const first = readIdentity(join(runs, id, FILES.started));
    return first && startTickOf(first.pid) === first.startTick ? [first.pid] : [];
  });
}

/** Throws an OperationalError where no container can run, whatever is tried. */
function assertPossible(): void {
  if (process.platform !== 'linux') throw unavailable('Containers need Linux.');
  const missing = missingTool();
  if (missing === undefined) return;
  throw unavailable(`Containers need the program ${missing}, which is not installed.`);
}

/** The best way that works here. Rejects with an OperationalError when none does. */
async function chooseManner(
  places: Places,
  { log, enterNetwork, copiesImages }: OwnContainersOptions,
): Promise<Manner> {
  const tool = await makeTools(places.tools);
  // In the user namespace that owns the interfaces of a plain user there is only that user.
  const ids = rangeOfRoot(join(places.directory, 'ids.json')) ?? (enterNetwork ? undefined : subordinates());
  const cgroups = findCgroups();
  const failures: string[] = [];
  const hasLoader = tool('env').length > 1;
  for (const identities of ids ? [ids, ONE_USER] : [ONE_USER]) {
    for (const isLayered of copiesImages ? [false] : [true, false]) {
      const runInside = insideRunner(places.tools, tool, enterNetwork ?? ((command) => [...command]));
      const manner: Manner = { places, identities, isLayered, hasLoader, tool, cgroups, runInside };
      const failure = await whyNoContainer(manner);
      if (failure === undefined) {
        if (!isLayered) log.warn({ reason: failures.at(-1) }, 'images are copied for each container');
        return manner;
      }
      failures.push(failure);
    }
  }
  throw unavailable(`No container can run here: ${failures[0]}`);
}

/** Those that run, those that ended meanwhile. What was not complete when Millpond ended is deleted. */
async function findContainers(
  places: Places,
  manner: Manner,
  starting: ReadonlySet<string>,
): Promise<Container[]> {
  const found: Container[] = [];
  for (const id of await readdir(places.runs)) {
    if (starting.has(id)) continue;
    const directory = join(places.runs, id);
    const record = await readRecord<ContainerRecord>(directory);
    if (record && readIdentity(join(directory, FILES.started))) {
      found.push(new OwnContainer(record, places, untilShimEnds(directory), manner.runInside));
      continue;
    }
    await endHalfStarted(directory);
    await removeTree(join(places.roots, id));
    await removeTree(directory);
  }
  return found;
}

async function readRecords(places: Places): Promise<ContainerRecord[]> {
  const records = (await readdir(places.runs)).map((id) =>
    readRecord<ContainerRecord>(join(places.runs, id)),
  );
  return (await Promise.all(records)).filter((record) => record !== undefined);
}

function checkName(name: string): void {
  if (!SAFE_NAME.test(name)) throw unavailable(`${name} is no name of a container or volume.`);
}

const unavailable = (sentence: string) => new OperationalError('ContainersUnavailable', sentence);
