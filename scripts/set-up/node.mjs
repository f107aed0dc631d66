// Finds a Node that is new enough, or installs the pinned version from the registry into .toolchain.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  findNode,
  isNewEnough,
  MINIMUM_NODE_MAJOR,
  pinnedNode,
  toolchainNode,
  versionOf,
} from '../../bin/find-node.mjs';
import { runNpm } from './packages.mjs';
import { SetUpError, say } from './say.mjs';

const REMEDY = `install Node ${MINIMUM_NODE_MAJOR} or newer, put it on the PATH, and try again.`;

/** Returns the path of the program. */
export function ensureNode(root) {
  return findNode(root) ?? installNode(root);
}

function installNode(root) {
  const pinned = pinnedNode();
  if (!pinned) {
    throw new SetUpError(`no Node package is known for ${process.platform} on ${process.arch}: ${REMEDY}`);
  }
  const spec = `${pinned.name}@${pinned.version}`;
  say(`this is Node ${process.version}; installing ${spec} into .toolchain…`);
  const folder = join(root, '.toolchain');
  mkdirSync(folder, { recursive: true });
  // Neither saved nor locked: bin/find-node.mjs has the version.
  const options = [
    '--ignore-scripts',
    '--no-save',
    '--no-package-lock',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  runNpm(['install', '--prefix', folder, ...options, spec], folder);
  const file = toolchainNode(root);
  const version = versionOf(file);
  if (!version)
    throw new SetUpError(`${spec} was installed but does not run here (another C library?): ${REMEDY}`);
  if (!isNewEnough(version)) throw new SetUpError(`${spec} turned out to be ${version}: ${REMEDY}`);
  return file;
}
