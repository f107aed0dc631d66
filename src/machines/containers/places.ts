// The files of containers in the data directory:
//   runs/ID       Millpond's own: the specification, who runs, how it ended, what it printed
//   files/        what the containers' users may enter. Its parent directory keeps all other users out
//     roots/ID      upper, work: the changes of the container; root: where its root is mounted; covers; the mount table
//     images/HEX    root and image.json
//     volumes/NAME
//     tools         the programs that run in a container's root before its own

import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { OperationalError } from '../../kernel/errors.ts';
import { SYSTEM_PATH, toolAt } from '../../kernel/programs.ts';
import { asContainerRoot, subordinates } from './identities.ts';

/** Directories of one data directory. */
export interface Places {
  directory: string;
  /** Relative paths in the mount tables begin here. */
  files: string;
  runs: string;
  images: string;
  roots: string;
  volumes: string;
  tools: string;
}

/** Makes the directories. */
export function makePlaces(directory: string): Places {
  const files = join(directory, 'files');
  const places: Places = {
    ...{ directory, files, runs: join(directory, 'runs') },
    ...{ images: join(files, 'images'), roots: join(files, 'roots') },
    ...{ volumes: join(files, 'volumes'), tools: join(files, 'tools') },
  };
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  mkdirSync(places.runs, { recursive: true, mode: 0o700 });
  for (const open of [files, places.images, places.roots, places.volumes]) makeOpen(open);
  return places;
}

/** A directory that the containers' users may enter, but not list or change. */
export function makeOpen(directory: string): void {
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, 0o711);
}

/** Deletes a tree with files that a container made, whatever their modes. Rejects with an OperationalError. */
export async function removeTree(path: string): Promise<void> {
  const environment = { PATH: SYSTEM_PATH, LC_ALL: 'C' };
  const run = (name: string, ...args: string[]) =>
    promisify(execFile)(toolAt(name, environment), [...args, '--', path], { env: environment });
  try {
    await run('rm', '-rf', '--one-file-system').catch(async () => {
      // Directories that their owner may not change: that of an overlay, and those that the container made so.
      await run('chmod', '-R', 'u+rwX').catch(() => {});
      await run('rm', '-rf', '--one-file-system').catch(async (error) => {
        // Files of users that root has given to this one.
        const ids = subordinates();
        if (!ids) throw error;
        const [program, ...args] = asContainerRoot(ids, ['rm', '-rf', '--one-file-system', '--', path]);
        await promisify(execFile)(program, args, { env: environment });
      });
    });
  } catch (error) {
    const reason = (error as { stderr?: string }).stderr?.split('\n')[0] || (error as Error).message;
    throw new OperationalError('CommandFailed', `Files of containers cannot be deleted: ${reason}`, error);
  }
}

/** Deletes all files of containers that may belong to other users, before the data directory is deleted. */
export async function removeContainerFiles(directory: string): Promise<void> {
  for (const name of ['images', 'roots', 'volumes']) await removeTree(join(directory, 'files', name));
}
