// A program for tests: opens a fleet in the directory given, starts the nodes given, tells their pids, and waits to be
// killed. It stands for a Millpond that dies without a chance to do anything.

import type { NodeSpec } from '../../../engine/fleet.ts';
import { silentLog } from '../../../kernel/log.ts';
import { createLocalFleet } from '../local-fleet.ts';
import { TEST_SECRET } from './real-fleet.ts';

const [dataDir, json] = process.argv.slice(2) as [string, string];
const specs = JSON.parse(json) as NodeSpec[];
const fleet = createLocalFleet({
  dataDir,
  secret: TEST_SECRET,
  binaries: specs.map((spec) => spec.binary),
  log: silentLog,
});
await Promise.all(specs.map((spec) => fleet.start(spec)));
await Promise.all(specs.map((spec) => fleet.ready(spec.key)));
process.stdout.write(`${JSON.stringify(specs.map((spec) => fleet.status(spec.key).pid))}\n`);
