// Tries out whether containers can run in a manner: starts one whose image is nothing but the tools.

import { chownSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Image } from './containers.ts';
import type { Manner } from './launch.ts';
import { makeOpen, removeTree } from './places.ts';
import { startContainer } from './start-container.ts';
import { LOADER } from './tools.ts';

const ID = 'probe';
const NAME = 'f'.repeat(64);
const IMAGE: Image = {
  digest: `sha256:${NAME}`,
  defaults: { entryPoint: [], command: [], environment: {}, user: '', workingDirectory: '', stopSignal: '' },
};

/** A clause; `undefined` when containers run. Never rejects for what this machine lacks. */
export async function whyNoContainer(manner: Manner): Promise<string | undefined> {
  const { places, identities, hasLoader } = manner;
  const image = join(places.images, NAME);
  await removeTree(image);
  await removeTree(join(places.runs, ID));
  await removeTree(join(places.roots, ID));
  makeOpen(image);
  cpSync(places.tools, join(image, 'root'), { recursive: true });
  if (identities.firstId !== undefined)
    chownSync(join(image, 'root'), identities.firstId, identities.firstId);
  mkdirSync(join(image, 'root', 'tmp'), { recursive: true });
  writeFileSync(join(image, 'image.json'), JSON.stringify(IMAGE));
  const command = [...(hasLoader ? [`/${LOADER}`, '--library-path', '/'] : []), '/env'];
  // Containers that run do not keep this process running.
  const alive = setInterval(() => {}, 60_000);
  try {
    const container = await startContainer(
      {
        ...{ id: ID, image: IMAGE, command, environment: {}, user: '', workingDirectory: '/' },
        ...{ hostName: 'probe', covers: [], volumes: [], hasReadOnlyRoot: false, limits: [], labels: {} },
        memoryBytes: 512 * 1024 ** 2,
      },
      manner,
    );
    const { exitCode } = await container.ended;
    await container.remove();
    return exitCode === 0 ? undefined : `a program in one ended with ${exitCode ?? 'a signal'}`;
  } catch (error) {
    return (error as Error).message;
  } finally {
    clearInterval(alive);
    await removeTree(image);
  }
}
