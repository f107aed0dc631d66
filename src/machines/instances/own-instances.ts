// Millpond's own instances: the namespaces and the shim of containers (containers/launch.ts) around a root that lies over
// this host's files or an image's, and stays from boot to boot.

import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hostFailure, OperationalError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { startTickOf } from '../../kernel/process-identity.ts';
import { isExecutable } from '../../kernel/programs.ts';
import { capabilityDrop } from '../containers/become.ts';
import { findCgroups } from '../containers/cgroups.ts';
import type { ImageSource } from '../containers/containers.ts';
import { endHalfStarted, readRecord } from '../containers/half-started.ts';
import type { Identities } from '../containers/identities.ts';
import { ImageStore } from '../containers/images/image-store.ts';
import { launch, type Manner } from '../containers/launch.ts';
import { readIdentity } from '../containers/own-container.ts';
import { makePlaces, type Places, removeTree } from '../containers/places.ts';
import type { EnterNetwork } from '../containers/run-inside.ts';
import { FILES } from '../containers/scripts.ts';
import { makeTools, missingTool } from '../containers/tools.ts';
import { type BootFacts, programsOf, SSH_DAEMON, seedsOf } from './boot-files.ts';
import { readConsole } from './console.ts';
import { hostFiles } from './host-files.ts';
import { type InstanceUsers, instanceUsers } from './identities.ts';
import type { Entrance } from './inside.ts';
import type { Instance, InstanceAbilities, InstanceSpec, Instances } from './instances.ts';
import { type InstanceRecord, openInstance } from './own-instance.ts';
import { INSIDE, OWN } from './places.ts';
import { layOutInstance } from './root.ts';
import { needsRoot } from './ssh-listener.ts';
import { readUserData } from './user-data.ts';

/** What instances work with. */
export interface OwnInstancesOptions {
  /** In the data directory, for instances alone. */
  directory: string;
  /** Directories of this host that no instance may see. */
  hidden: readonly string[];
  log: Log;
  /** See EnterNetwork. Absent where machines have no network interfaces. */
  enterNetwork?: EnterNetwork | undefined;
  /** For tests: in place of what this host allows. */
  only?: { users?: InstanceUsers['kind']; isLayered?: boolean };
}

/** How instances run here. */
interface Way {
  places: Places;
  users: InstanceUsers;
  isLayered: boolean;
  /** Why the files of instances are no layers over this host's. */
  notLayered: string | undefined;
  mannerOf(identities: Identities): Manner;
  entrance: Entrance;
  hidden: readonly string[];
}

const SAFE_NAME = /^[A-Za-z0-9][\w.-]{0,63}$/;
const MOST_LABEL_BYTES = 64 * 1024;

/** Rejects with an OperationalError where no instance can run. */
export async function openInstances(options: OwnInstancesOptions): Promise<Instances> {
  const way = await chooseWay(options);
  const { places } = way;
  const images = new ImageStore(places.images, way.users.ofImages);
  await images.begin();
  const starting = new Set<string>();
  const running = new Map<string, Instance>();
  const keep = (instance: Instance): Instance => {
    running.set(instance.id, instance);
    void instance.ended.then(() => {
      if (running.get(instance.id) === instance) running.delete(instance.id);
    });
    return instance;
  };
  const prepareImage = ({ registry, reference }: ImageSource) =>
    registry ? images.fromRegistry(registry) : images.fromEngine(reference);
  return {
    whyNot: async () => undefined,
    abilities: async () => abilitiesOf(way),
    async start(spec) {
      checkSpec(spec);
      if (starting.has(spec.id)) throw unavailable(`The instance ${spec.id} is being started already.`);
      starting.add(spec.id);
      try {
        const image = spec.image && (await prepareImage(spec.image));
        return keep(await boot(spec, way, image?.digest));
      } finally {
        starting.delete(spec.id);
      }
    },
    find: async () => (await findInstances(way, starting)).map(keep),
    running: (id) => running.get(id),
    console: async (id) => (SAFE_NAME.test(id) ? readConsole(join(places.runs, id)) : Buffer.alloc(0)),
    async remove(id) {
      if (!SAFE_NAME.test(id)) return;
      if (isRunning(places, id)) throw unavailable(`The instance ${id} runs.`);
      await removeTree(join(places.roots, id));
      await removeTree(join(places.runs, id));
    },
    async prune(keep) {
      for (const parent of [places.roots, places.runs]) {
        for (const id of await readdir(parent)) {
          if (!keep.has(id) && !starting.has(id) && !isRunning(places, id))
            await removeTree(join(parent, id));
        }
      }
      const records = await Promise.all(
        (await readdir(places.runs)).map((id) => readRecord<InstanceRecord>(join(places.runs, id))),
      );
      await images.prune(new Set(records.flatMap((record) => record?.imageDigest || [])));
    },
  };
}

/** What instances have here, for people: clauses. Makes what it needs in the directory, which must be empty. */
export async function probeInstances(directory: string, log: Log): Promise<string[]> {
  const { users, files, noSsh } = abilitiesOf(await chooseWay({ directory, log, hidden: [] }));
  return [
    {
      root: 'with ec2-user, sudo and this host’s package manager',
      range: 'with ec2-user and sudo, without a package manager',
      one: 'with one user under two names, without a package manager',
    }[users],
    files === 'layered' ? 'their files lie over this host’s' : files.note,
    noSsh ?? 'with SSH',
  ];
}

/** The pids of the first processes of all instances of the directory that run. */
export async function instancePids(directory: string): Promise<number[]> {
  const runs = join(directory, 'runs');
  const ids = await readdir(runs).catch(() => []);
  return ids.flatMap((id) => {
    const first = readIdentity(join(runs, id, FILES.started));
    return first && startTickOf(first.pid) === first.startTick ? [first.pid] : [];
  });
}

function abilitiesOf({ users: { kind }, notLayered, isLayered }: Way): InstanceAbilities {
  const noSsh = whyNoSsh();
  return {
    users: kind,
    files: isLayered
      ? 'layered'
      : {
          note: `this host’s programs cannot be changed in them, since no layers can be made (${notLayered})`,
        },
    hasPackages: kind === 'root' && isLayered,
    ...(noSsh !== undefined && { noSsh }),
  };
}

function whyNoSsh(): string | undefined {
  if (isExecutable(SSH_DAEMON)) return undefined;
  return `There is no ${SSH_DAEMON} on this machine: install OpenSSH's server (openssh-server); its service need not run.`;
}

const NOT_ASKED = 'It was started without SSH.';

function whyNoSshOf(spec: InstanceSpec, users: InstanceUsers['kind']): string | undefined {
  if (!spec.ssh) return NOT_ASKED;
  if (needsRoot(spec) && users !== 'root')
    return `Only root may listen at port ${spec.ssh.port} of this host.`;
  return whyNoSsh();
}

async function chooseWay(options: OwnInstancesOptions): Promise<Way> {
  const { directory, log, enterNetwork = (command) => [...command], only = {} } = options;
  if (process.platform !== 'linux') throw unavailable('Instances need Linux.');
  const missing = missingTool();
  if (missing !== undefined)
    throw unavailable(`Instances need the program ${missing}, which is not installed.`);
  const places = makePlaces(directory);
  const tool = await makeTools(places.tools);
  const cgroups = findCgroups();
  const failures: string[] = [];
  const candidates = instanceUsers(directory, options.enterNetwork !== undefined);
  for (const users of candidates.filter(({ kind }) => kind === (only.users ?? kind))) {
    for (const isLayered of [true, false].filter((each) => each === (only.isLayered ?? each))) {
      const way: Way = {
        ...{ places, users, isLayered, notLayered: failures.at(-1) },
        entrance: { tools: places.tools, tool, enterNetwork },
        hidden: [directory, ...options.hidden],
        mannerOf: (identities) => ({
          ...{ places, identities, isLayered, tool, cgroups, hasLoader: tool('env').length > 1 },
          runInside: () => Promise.reject(new Error('instances have no health checks')),
        }),
      };
      const failure = await whyNoInstance(way);
      if (failure === undefined) {
        if (failures.length > 0) log.warn({ reason: failures.at(-1) }, 'instances lack what others have');
        return way;
      }
      failures.push(failure);
    }
  }
  throw unavailable(`No instance can run here: ${failures[0]}`);
}

const PROBE = 'probe';

/** Boots one that ends at once. A clause; `undefined` when instances run. */
async function whyNoInstance(way: Way): Promise<string | undefined> {
  const { places, isLayered } = way;
  const alive = setInterval(() => {}, 60_000);
  try {
    const spec: InstanceSpec = {
      ...{ id: PROBE, hostName: PROBE, covers: [], environment: {}, authorizedKeys: [], labels: {} },
    };
    const instance = await boot(spec, way, undefined, isLayered ? 'layered' : 'plain');
    await instance.ended;
    const { exitCode } = await endOf(places, PROBE);
    if (exitCode === '0') return undefined;
    const said = (await readConsole(join(places.runs, PROBE))).toString('utf8').trim().split('\n')[0];
    return said || `its first program ended with ${exitCode || 'a signal'}`;
  } catch (error) {
    return (error as Error).message;
  } finally {
    clearInterval(alive);
    await removeTree(join(places.roots, PROBE));
    await removeTree(join(places.runs, PROBE));
  }
}

async function endOf(places: Places, id: string): Promise<{ exitCode: string }> {
  const text = await readFile(join(places.runs, id, FILES.exit), 'latin1').catch(() => '');
  return { exitCode: text.trim().split(' ')[0] ?? '' };
}

async function boot(
  spec: InstanceSpec,
  way: Way,
  image: string | undefined,
  probe?: BootFacts['probe'],
): Promise<Instance> {
  const { places, users, isLayered } = way;
  const directory = join(places.runs, spec.id);
  const isFirst = !existsSync(join(places.roots, spec.id, OWN.begun));
  if (isRunning(places, spec.id)) throw unavailable(`The instance ${spec.id} runs already.`);
  if (!readIdentity(join(directory, FILES.started))) await endHalfStarted(directory);
  await removeTree(directory);
  const { scripts, refused } = readUserData(spec.userData ?? Buffer.alloc(0));
  const isOutside = needsRoot(spec) && users.kind === 'root';
  const noSsh = image === undefined ? whyNoSshOf(spec, users.kind) : spec.ssh ? undefined : NOT_ASKED;
  const facts: BootFacts = {
    users: users.kind,
    hasImage: image !== undefined,
    noSsh,
    refused,
    probe,
    isOutside,
  };
  const identities = image === undefined ? users.ofHost : users.ofImages;
  const hasOneUser = identities.count === 1;
  const imageDirectory = image && join(places.images, image.replace('sha256:', ''));
  try {
    const record = await launch(
      {
        ...{ id: spec.id, hostName: spec.hostName, interface: spec.interface, memoryBytes: spec.memoryBytes },
        ...{ hasReadOnlyRoot: false, limits: [] },
        ...(imageDirectory && isLayered && { layer: imageDirectory }),
        layOut: () =>
          layOutInstance({
            ...{ id: spec.id, places, identities, isLayered, covers: spec.covers, userData: scripts },
            base: imageDirectory ? { image: imageDirectory } : { host: hostFiles(way.hidden) },
            ownsHostFiles: users.kind === 'root',
            seeds: imageDirectory ? [] : seedsOf(facts, spec),
            programs: programsOf(spec, facts),
            nests: hasOneUser,
          }),
        program: {
          line: [
            ...way.entrance.tool('setpriv'),
            ...capabilityDrop({ hasOneUser }),
            '--',
            ...way.entrance.tool('env'),
            ...['-i', '-C', '/', `${INSIDE.programs}/init`],
          ],
          environment: {},
        },
      },
      way.mannerOf(identities),
      ({ cgroups, ...watched }): InstanceRecord => ({
        listensOutside: isOutside ? spec.ssh : undefined,
        ...{ id: spec.id, labels: spec.labels, imageDigest: image ?? '', startedAt: Date.now(), volumes: [] },
        inside: {
          ...{ environment: {}, workingDirectory: '/', hasOneUser, cgroups },
          user: { uid: 0, gid: 0, groups: [], home: '/root' },
        },
        ...watched,
      }),
    );
    return openInstance(record, way);
  } catch (error) {
    if (isFirst) await removeTree(join(places.roots, spec.id));
    await removeTree(directory);
    throw (
      hostFailure(error, 'The instance cannot be started') ??
      unavailable(`The instance cannot be started: ${(error as Error).message}.`, error)
    );
  }
}

function isRunning(places: Places, id: string): boolean {
  const first = readIdentity(join(places.runs, id, FILES.started));
  return first !== undefined && startTickOf(first.pid) === first.startTick;
}

/** Those that run, those that ended meanwhile. What was not complete when Millpond ended is deleted. */
async function findInstances(way: Way, starting: ReadonlySet<string>): Promise<Instance[]> {
  const { places } = way;
  const found: Instance[] = [];
  for (const id of await readdir(places.runs)) {
    if (starting.has(id)) continue;
    const directory = join(places.runs, id);
    const record = await readRecord<InstanceRecord>(directory);
    if (record && readIdentity(join(directory, FILES.started))) {
      found.push(openInstance(record, way));
      continue;
    }
    await endHalfStarted(directory);
    await removeTree(directory);
  }
  for (const id of await readdir(places.roots)) {
    const isComplete = existsSync(join(places.roots, id, OWN.begun));
    if (!isComplete && !starting.has(id)) await removeTree(join(places.roots, id));
  }
  return found;
}

function checkSpec({ id, labels, hostName, authorizedKeys }: InstanceSpec): void {
  if (!SAFE_NAME.test(id) || id === PROBE) throw unavailable(`${id} is no name of an instance.`);
  if (!/^[A-Za-z0-9]([A-Za-z0-9.-]{0,62})$/.test(hostName)) throw unavailable(`${hostName} is no host name.`);
  if (JSON.stringify(labels).length > MOST_LABEL_BYTES) throw unavailable('The labels are too long.');
  if (authorizedKeys.some((key) => /[\r\n]/.test(key.trim())))
    throw unavailable('A public key has several lines.');
}

const unavailable = (sentence: string, cause?: unknown) =>
  new OperationalError('InstancesUnavailable', sentence, cause);
