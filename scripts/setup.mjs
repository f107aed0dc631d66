// Installs what Millpond needs on a new machine: packages, a new enough Node, the engines; with `--for-tests` also the
// clients that the tests drive. Idempotent, and quick when nothing is missing. Plain JavaScript without dependencies:
// it runs before there are any, on any Node since 18.

import { delimiter, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { warmCompileCache } from './set-up/compile-cache.mjs';
import { ensureEngines } from './set-up/engine.mjs';
import { offerNetworkTools } from './set-up/network-tools.mjs';
import { ensureNode } from './set-up/node.mjs';
import { ensurePackages } from './set-up/packages.mjs';
import { ensurePython } from './set-up/python.mjs';
import { SetUpError, say } from './set-up/say.mjs';
import { ensureTestClients } from './set-up/test-clients.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Returns the path of the Node to use. Exits with a message when something essential cannot be installed. */
export function setUpOrExit({ forTests }) {
  try {
    const nodeFile = ensureNode(root);
    if (ensurePackages(root)) warmCompileCache(root, nodeFile);
    ensureEngines(root);
    ensurePython(root, nodeFile);
    if (forTests) ensureTestClients(root);
    offerNetworkTools(root);
    return nodeFile;
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    say(error.message);
    process.exit(1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const unknown = process.argv.slice(2).filter((word) => word !== '--for-tests');
  if (unknown.length > 0) {
    console.error(`set-up: unknown option ${unknown[0]}; there is only --for-tests.`);
    process.exit(2);
  }
  const nodeFile = setUpOrExit({ forTests: process.argv.includes('--for-tests') });
  const onPath = (process.env.PATH ?? '').split(delimiter).includes(dirname(nodeFile));
  say(`everything is installed${onPath ? '' : `; Node is ${nodeFile}`}.`);
}
