// A program for tests: opens a fleet in the given directory, starts the given nodes, prints their pids, and waits to
// be killed, like a Millpond that dies without any chance to act.

import type { NodeSpec } from '../../../engine/fleet.ts';
import type { InstalledEngine } from '../binaries.ts';
import { openFleet } from './real-fleet.ts';

const [dataDir, json] = process.argv.slice(2) as [string, string];
const specs = JSON.parse(json) as (NodeSpec & { binary: InstalledEngine })[];
const { fleet, driver } = openFleet(
  dataDir,
  specs.map((spec) => spec.binary),
);
await Promise.all(specs.map((spec) => fleet.start(spec)));
await Promise.all(specs.map((spec) => fleet.ready(spec.key)));
process.stdout.write(`${JSON.stringify(specs.map((spec) => driver.pid(spec.key)))}\n`);
