// The demo as a stack: the example of the first walkthrough, with a network, a cache, an instance and a function.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { regionOf } from '../../aws/regions.ts';
import { deployStack, type Outcome } from '../deploy/deployment.ts';
import { progressOn } from '../deploy.ts';
import type { Caller } from '../query-request.ts';

/** The name of the demo's stack and group. */
export const DEMO = 'demo';

/** The paths relative to this file, in an installation and in a clone. */
const TEMPLATES = [
  '../examples/cluster-mode-disabled/stack.yaml',
  '../../../examples/cluster-mode-disabled/stack.yaml',
];

/** The path of the template; `undefined` when Millpond is installed without examples. */
export const demoTemplate = (): string | undefined =>
  TEMPLATES.map((path) => fileURLToPath(new URL(path, import.meta.url))).find((path) => existsSync(path));

/** Creates or updates the demo stack. Throws as deployStack does. */
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

/** The template's default zones do not exist in every region. */
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
