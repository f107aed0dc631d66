// Rebuilds the record of a node's process from its engine's configuration when the file is lost or damaged. Without
// it the engine would have to be ended, and its data with it.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readDirectives } from '../../engine/configuration.ts';
import { WITHHELD_COMMANDS } from '../../engine/withheld.ts';
import type { InstalledEngine } from './binaries.ts';
import { CONFIGURATION_FILE, type NodeRecord } from './node-directory.ts';

/** Reads the configuration in the directory; `undefined` when it has no address or port. */
export async function recordFromConfiguration(
  key: string,
  directory: string,
  binary: InstalledEngine,
): Promise<NodeRecord | undefined> {
  const text = await readFile(join(directory, CONFIGURATION_FILE), 'utf8').catch(() => '');
  const directives = readDirectives(text);
  const address = directives.find(([name]) => name === 'bind')?.[1];
  const port = Number(directives.find(([name]) => name === 'port')?.[1]);
  if (!address || !Number.isInteger(port)) return undefined;
  const withheld = new Set<string>(WITHHELD_COMMANDS);
  const renamed = directives.flatMap(([name, command = '', as = '']) =>
    name === 'rename-command' && !withheld.has(command) ? [`${command} ${as}`] : [],
  );
  const socket = directives.find(([name]) => name === 'unixsocket')?.[1];
  return {
    ...{ key, address, port, binary },
    ...(socket && { socket }),
    ...(renamed.length > 0 && { renameCommands: renamed.join(' ') }),
  };
}
