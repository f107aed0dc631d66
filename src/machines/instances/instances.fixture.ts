// Instances for tests: what a test does not care about, and commands in them.

import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { WITHOUT_CONTAINERS } from '../containers/containers.fixture.ts';
import type { Instance, InstanceSpec } from './instances.ts';

/** The `skip` of tests that boot instances. */
export const WITHOUT_INSTANCES = WITHOUT_CONTAINERS;

let count = 0;

/** A specification with what a test does not care about. */
export const instanceSpec = (spec: Partial<InstanceSpec> = {}): InstanceSpec => ({
  id: `i-${process.pid.toString(16).padStart(9, '0')}${(++count).toString(16).padStart(8, '0')}`,
  ...{ hostName: 'ip-10-0-1-17.ec2.internal', covers: [], environment: {}, authorizedKeys: [], labels: {} },
  ...spec,
});

/** What the command printed, without the last line end. Rejects when it fails. */
export async function runIn(
  instance: Instance,
  user: string,
  ...command: [string, ...string[]]
): Promise<string> {
  const [program, ...args] = instance.inside(user, command);
  const { stdout } = await promisify(execFile)(program, args, { maxBuffer: 16 * 1024 ** 2 });
  return stdout.trimEnd();
}

/** As `runIn`, of a shell's text, with how it ended and its errors. */
export function shellIn(instance: Instance, user: string, text: string) {
  const [program, ...args] = instance.inside(user, ['sh', '-c', text]);
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return { status, output: stdout.trimEnd(), errors: stderr.trimEnd() };
}
