// The demo as a stack: the example of the first walkthrough, with its network, cache, instance and function.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { regionOf } from '../../aws/regions.ts';
import { deployStack, type Outcome } from '../deploy/deployment.ts';
import { progressOn } from '../deploy.ts';
import type { Caller } from '../query-request.ts';

export const DEMO = 'demo';

/** Relative to this file where Millpond is installed, and in a clone. */
const TEMPLATES = [
  '../examples/cluster-mode-disabled/stack.yaml',
  '../../../examples/cluster-mode-disabled/stack.yaml',
];

/** `undefined` where Millpond came without its examples. */
export const demoTemplate = (): string | undefined =>
  TEMPLATES.map((path) => fileURLToPath(new URL(path, import.meta.url))).find((path) => existsSync(path));

/** Makes it, or goes on with it as it is. Throws as deployStack does. */
export const deployDemo = (
  url: string,
  caller: Caller,
  file: string,
  signal: AbortSignal,
): Promise<Outcome> =>
  deployStack({
    ...{ url, caller, file, signal },
    stackName: DEMO,
    parameters: new Map([['GroupId', DEMO], ...zonesOf(caller.region)]),
    progress: progressOn(process.stdout, { passing: true }),
  });

/** The template's zones are not every region's. */
function zonesOf(region: string): [string, string][] {
  const letters = (regionOf(region)?.zones ?? []).map(({ name }) => name.slice(-1));
  const [first, last] = [letters[0], letters.at(-1)];
  return first && last && first !== last
    ? [
        ['ZoneA', first],
        ['ZoneB', last],
      ]
    : [];
}
