// Starts a container: finds its program in its image, and launches it. If anything fails, nothing is left.

import { join } from 'node:path';
import { hostFailure, OperationalError } from '../../kernel/errors.ts';
import { becoming, type Program, variablesOf } from './become.ts';
import { layOutRoot } from './container-root.ts';
import type { ContainerSpec } from './containers.ts';
import type { Identities } from './identities.ts';
import { launch, type Manner } from './launch.ts';
import { type ContainerRecord, OwnContainer, untilShimEnds } from './own-container.ts';
import { removeTree } from './places.ts';
import { whyNoProgram } from './program-in-image.ts';
import { userOf } from './users.ts';

/** Of util-linux's prlimit, which has Docker's names. */
const LIMITS = new Set(
  [
    'core cpu data fsize locks memlock msgqueue nice',
    'nofile nproc rss rtprio rttime sigpending stack',
  ].flatMap((names) => names.split(' ')),
);

/** Rejects with an OperationalError; then nothing of it is left. */
export async function startContainer(spec: ContainerSpec, manner: Manner): Promise<OwnContainer> {
  const { places, identities } = manner;
  const image = join(places.images, spec.image.digest.replace('sha256:', ''));
  const directory = join(places.runs, spec.id);
  const program = programOf(spec, join(image, 'root'), identities);
  const { id, labels } = spec;
  try {
    const record = await launch(
      {
        ...spec,
        ...(manner.isLayered && { layer: image }),
        layOut: () => layOutRoot(spec, { places, identities, image, isLayered: manner.isLayered }),
        program: becoming(program, manner.tool),
      },
      manner,
      ({ cgroups, ...watched }): ContainerRecord => ({
        ...{ id, labels, imageDigest: spec.image.digest, startedAt: Date.now() },
        volumes: spec.volumes.map(({ name }) => name),
        inside: {
          environment: program.environment,
          workingDirectory: program.workingDirectory,
          user: program.user,
          hasOneUser: program.hasOneUser,
          cgroups,
        },
        ...watched,
      }),
    );
    return new OwnContainer(record, places, untilShimEnds(directory), manner.runInside);
  } catch (error) {
    await removeTree(join(places.roots, id));
    await removeTree(directory);
    const known = hostFailure(error, 'The container cannot be started');
    throw known ?? failure((error as Error).message, error);
  }
}

/** Throws an OperationalError when the image has no such user or program. */
function programOf(spec: ContainerSpec, root: string, identities: Identities): Program {
  const hasOneUser = identities.count === 1;
  const user = userOf(root, hasOneUser ? '' : spec.user, identities.count);
  const { command, workingDirectory, hostName } = spec;
  const environment = variablesOf({ environment: spec.environment, user }, hostName);
  const reason = whyNoProgram(root, command[0] ?? '', {
    ...{ path: environment.PATH ?? '', workingDirectory },
    volumes: spec.volumes.map(({ containerPath }) => containerPath),
  });
  if (reason !== undefined) throw failure(reason);
  const unknown = spec.limits.find(({ name }) => !LIMITS.has(name));
  if (unknown) throw failure(`there is no limit named ${unknown.name}`);
  return { command, environment, workingDirectory, user, hasOneUser };
}

const failure = (reason: string, cause?: unknown) =>
  new OperationalError('ContainersUnavailable', `The container cannot be started: ${reason}.`, cause);
