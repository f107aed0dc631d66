// `node scripts/run.mjs [--set-up | --set-up-for-tests] [NODE-FLAG…] FILE [ARGUMENT…]`: runs a TypeScript file with a
// Node that is new enough, whichever Node runs this script. The first flag installs what is missing before.

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode, isNewEnough, MINIMUM_NODE_MAJOR } from '../bin/find-node.mjs';
import { runHere, runUnder } from '../bin/launch.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const words = process.argv.slice(2);
let nodeFile;

if (words[0] === '--set-up' || words[0] === '--set-up-for-tests') {
  const { setUpOrExit } = await import('./setup.mjs');
  nodeFile = setUpOrExit({ forTests: words.shift() === '--set-up-for-tests' });
} else {
  nodeFile = findNode(root);
}

const fileAt = words.findIndex((word) => !word.startsWith('-'));
if (fileAt < 0) {
  console.error('usage: node scripts/run.mjs [--set-up | --set-up-for-tests] [NODE-FLAG…] FILE [ARGUMENT…]');
  process.exit(2);
}
if (!nodeFile) {
  console.error(`Node ${MINIMUM_NODE_MAJOR} or newer is missing; \`node scripts/setup.mjs\` brings one.`);
  process.exit(1);
}
const nodeFlags = words.slice(0, fileAt);
const [file, ...args] = words.slice(fileAt);
if (nodeFlags.length === 0 && isNewEnough(process.version)) {
  process.argv = [process.execPath, resolve(file), ...args];
  await runHere(resolve(file));
} else await runUnder(nodeFile, [...nodeFlags, fileURLToPath(import.meta.url), file, ...args]);
