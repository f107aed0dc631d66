// Instances for tests: what a test does not care about, and commands in them.

import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { promisify } from 'node:util';
import { silentLog } from '../../kernel/log.ts';
import { keepAlive, WITHOUT_CONTAINERS } from '../containers/containers.fixture.ts';
import { removeTree } from '../containers/places.ts';
import type { Instance, InstanceAbilities, InstanceSpec, Instances } from './instances.ts';
import { type OwnInstancesOptions, openInstances } from './own-instances.ts';

/** The `skip` of tests that boot instances. */
export const WITHOUT_INSTANCES = WITHOUT_CONTAINERS;

let count = 0;

/** A specification with what a test does not care about. */
export const instanceSpec = (spec: Partial<InstanceSpec> = {}): InstanceSpec => ({
  id: `i-${process.pid.toString(16).padStart(9, '0')}${(++count).toString(16).padStart(8, '0')}`,
  ...{ hostName: 'ip-10-0-1-17.ec2.internal', covers: [], environment: {}, authorizedKeys: [], labels: {} },
  ...spec,
});

/** Instances in a directory of their own, which end with the tests of the file. */
export function instancesForTests(options: Partial<OwnInstancesOptions> = {}) {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'millpond-instances-'));
  const release = keepAlive();
  const running: Instance[] = [];
  let opening: Promise<Instances> | undefined;
  const made = {
    directory,
    /** Opens them once; hooks of a file are not called one after another. */
    async open(): Promise<void> {
      opening ??= openInstances({ directory, hidden: [], log: silentLog, ...options });
      made.instances = await opening;
      made.abilities = await made.instances.abilities();
    },
    instances: undefined as unknown as Instances,
    abilities: undefined as unknown as InstanceAbilities,
    /** Starts an instance and waits until its boot is over. */
    async booted(spec: Partial<InstanceSpec> = {}): Promise<Instance> {
      await made.open();
      const instance = await made.instances.start(instanceSpec(spec));
      running.push(instance);
      await instance.booted;
      return instance;
    },
  };
  after(async () => {
    await Promise.all(running.map((instance) => instance.stop(0)));
    release();
    await removeTree(directory);
  });
  return made;
}

/** How a program ended, and what it printed, without the last line end. */
export interface Ran {
  code: number | string;
  output: string;
  errors: string;
}

/** Never rejects. A program that a signal ends has the signal as its code. */
export async function run(program: string, args: readonly string[], input = ''): Promise<Ran> {
  const running = promisify(execFile)(program, args, { maxBuffer: 16 * 1024 ** 2 });
  running.child.stdin!.on('error', () => {});
  running.child.stdin!.end(input);
  try {
    const { stdout, stderr } = await running;
    return { code: 0, output: stdout.trimEnd(), errors: stderr.trimEnd() };
  } catch (error) {
    const { code, signal, stdout = '', stderr = '' } = error as Record<string, string>;
    return { code: code ?? signal ?? '', output: stdout.trimEnd(), errors: stderr.trimEnd() };
  }
}

/** Runs a shell's text in an instance. */
export function shellIn(instance: Instance, user: string, text: string): Promise<Ran> {
  const [program, ...args] = instance.inside(user, ['sh', '-c', text]);
  return run(program, args);
}
