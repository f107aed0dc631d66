#!/usr/bin/env node
// The `millpond` command: finds a Node that is new enough and hands over to src/cli (in a clone) or to
// dist (in the installed package). Plain JavaScript that any Node from 18 on can read.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode, isNewEnough, MINIMUM_NODE_MAJOR } from './find-node.mjs';
import { runHere, runUnder } from './launch.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'src', 'cli', 'main.ts');
const isClone = existsSync(source);

function fail(sentence) {
  console.error(`millpond: ${sentence}`);
  process.exit(1);
}

if (isClone && !existsSync(join(root, 'node_modules'))) {
  fail('this clone is not set up yet: run `npm start`, or `node scripts/setup.mjs`.');
}
if (isNewEnough(process.version)) {
  await runHere(isClone ? source : join(root, 'dist', 'main.js'));
} else {
  const nodeFile = findNode(isClone ? root : undefined);
  if (!nodeFile) {
    const remedy = isClone ? 'run `node scripts/setup.mjs`, which brings one' : 'put one on the PATH';
    fail(`needs Node ${MINIMUM_NODE_MAJOR} or newer and this is ${process.version}: ${remedy}.`);
  }
  await runUnder(nodeFile, [fileURLToPath(import.meta.url), ...process.argv.slice(2)]);
}
