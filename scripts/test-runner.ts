// Runs Node's test runner over a list of files: a few at a time, with a time limit per test and one for all. With
// CI=true a skipped test is a failure.

import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** For tests that hang: the longest test takes a minute, and at load 25 ten times that is acceptable. */
const EACH_TEST_TIMEOUT_MS = 600_000;
const SLOW_SUITE_TIMEOUT_MS = 3_600_000;

/** The test files below `folders`, sorted; `except` is a path prefix to leave out. */
export function testFiles(folders: string[], except?: string): string[] {
  const files = folders.flatMap((folder) => globSync(`${folder}/**/*.test.ts`));
  return files.filter((file) => !except || !file.startsWith(except)).sort();
}

/**
 * Runs a slow suite and returns the exit code: the files that the command line names, or all below `folder`. One file at
 * a time, because they measure times.
 */
export async function runSlowSuite(folder: string): Promise<number> {
  const named = process.argv.slice(2);
  const files = named.length > 0 ? named : testFiles([folder]);
  if (files.length === 0) {
    console.error(`There are no tests under ${folder}.`);
    return 1;
  }
  return await runTests(files, { concurrency: 1, totalTimeoutMs: SLOW_SUITE_TIMEOUT_MS });
}

/** Runs the files and returns the exit code; the report goes to stdout. */
export async function runTests(
  files: string[],
  options: { concurrency: number; totalTimeoutMs: number; namePattern?: string },
): Promise<number> {
  const flags = [
    '--disable-warning=ExperimentalWarning',
    ...['--import', new URL('../test/support/declared-errors.ts', import.meta.url).href],
    '--test',
    ...reporterFlags('spec', 'stdout'),
    ...(process.env.CI === 'true' ? reporterFlags(SKIP_REPORTER, 'stderr') : []),
    `--test-concurrency=${options.concurrency}`,
    `--test-timeout=${EACH_TEST_TIMEOUT_MS}`,
    ...(options.namePattern ? [`--test-name-pattern=${options.namePattern}`] : []),
  ];
  const command = [process.execPath, ...flags, ...files] as const;
  const [program, ...args] = process.env.MILLPOND_NETWORK === 'subnets' ? inNamespace(command) : command;
  return await run(program!, args, options.totalTimeoutMs);
}

/**
 * In a network namespace of their own, which each test links to the one of its Millpond (test/support/networks.ts):
 * only one at a time, therefore, and as root.
 */
export const inNamespace = (command: readonly string[]): string[] => [
  ...['unshare', '--net', '--', '/bin/sh', '-c'],
  'ip link set lo up && MILLPOND_TEST_NAMESPACE=$(readlink /proc/self/ns/net) exec "$@"',
  ...['tests', ...command],
];

const SKIP_REPORTER = fileURLToPath(new URL('skip-reporter.ts', import.meta.url));

const reporterFlags = (reporter: string, destination: string) => [
  `--test-reporter=${reporter}`,
  `--test-reporter-destination=${destination}`,
];

/** Runs a program with our stdio. Returns its exit code, or 1 when a signal or the time limit ended it. */
export async function run(program: string, args: string[], timeoutMs: number): Promise<number> {
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const timer = setTimeout(() => {
    console.error(`${program} took more than ${timeoutMs / 1000} s; ending it.`);
    child.kill('SIGINT');
    setTimeout(() => child.kill('SIGKILL'), 5_000).unref();
  }, timeoutMs);
  return await new Promise((resolve) => {
    const finish = (code: number) => {
      clearTimeout(timer);
      resolve(code);
    };
    child.once('exit', (code) => finish(code ?? 1));
    child.once('error', (error) => {
      console.error(`cannot run ${program}: ${error.message}`);
      finish(1);
    });
  });
}
