// Clients that are other programs: where they are, and running them against a Millpond. The AWS CLI, boto3 and redis-py
// are those that set-up makes for the tests, and no others; redis-cli, dig and curl are the system's. A test whose client
// is missing is skipped, and says so.

import { execFile } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TOOLCHAIN = fileURLToPath(new URL('../../.toolchain', import.meta.url));
const PYTHON_CLIENTS = join(TOOLCHAIN, 'test-clients', 'python');

/** The folder of `aws`, to be first on the PATH where a command line is typed. */
export const AWS_CLI_FOLDER = join(PYTHON_CLIENTS, 'bin');
/** AWS: the first version of the AWS CLI. The second prints and ends a little otherwise. */
export const AWS_CLI = join(AWS_CLI_FOLDER, 'aws');
/** It has boto3 and redis-py. */
export const PYTHON = join(AWS_CLI_FOLDER, 'python3');

/** For the `skip` of a test that runs one of these three. */
export const WITHOUT_PYTHON_CLIENTS: string | false =
  // The last that set-up writes.
  existsSync(join(PYTHON_CLIENTS, '.made-from'))
    ? false
    : 'the AWS CLI, boto3 and redis-py are missing; `node scripts/setup.mjs --for-tests` brings them';

const GO_REDIS = join(TOOLCHAIN, 'test-clients', 'go', 'go-redis-client');
const JAVA_CLIENTS = join(TOOLCHAIN, 'test-clients', 'java');
/** Seconds for which a JVM keeps an address; AWS advises five to ten. */
const JVM_DNS_TTL_SECONDS = 5;

/** test/conformance/clients/go, as a command. */
export const GO_REDIS_COMMAND = [GO_REDIS];

/** A program of test/conformance/clients/java, as a command. */
export const javaCommand = (program: string): string[] => [
  findProgram('java') ?? 'java',
  // Whichever Java there is has these two; they make a short-lived program light.
  ...['-XX:TieredStopAtLevel=1', '-Xshare:auto', '-Xmx128m'],
  `-Dsun.net.inetaddr.ttl=${JVM_DNS_TTL_SECONDS}`,
  ...['-cp', `${join(JAVA_CLIENTS, 'classes')}:${join(JAVA_CLIENTS, 'jars', '*')}`, program],
];

/** For the `skip` of a test that runs go-redis. */
export const WITHOUT_GO_REDIS: string | false =
  !existsSync(join(TOOLCHAIN, 'test-clients', 'go', '.made-from')) &&
  'needs Go: go-redis is built by `node scripts/setup.mjs --for-tests`';

/** For the `skip` of a test that runs Jedis or Lettuce. */
export const WITHOUT_JAVA_CLIENTS: string | false =
  !(existsSync(join(JAVA_CLIENTS, '.made-from')) && findProgram('java')) &&
  'needs a JDK: Jedis and Lettuce are brought by `node scripts/setup.mjs --for-tests`';

/** For the `skip` of a test whose functions import boto3. Set-up makes what Python functions run in. */
export const WITHOUT_FUNCTIONS_PYTHON: string | false = globSync('python/python*/pyvenv.cfg', {
  cwd: TOOLCHAIN,
}).some((path) => !path.includes('.partial'))
  ? false
  : 'there is no environment for functions in Python; `node scripts/setup.mjs` makes it';

/** For the `skip` of a test that runs a program of the system. */
export const withoutProgram = (name: string): string | false =>
  findProgram(name) === undefined && `${name} is not installed`;

/** Debian's first: what else is on the PATH may be a shim of a version manager. */
export function findProgram(name: string): string | undefined {
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

export function run(program: string, args: string[], env: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { env, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({ code: (error?.code as number | undefined) ?? 0, stdout, stderr });
    });
  });
}

/** What `millpond exec` sets, without the names. No setting and no file of the user's own is heeded. */
export const awsEnvironment = (url: string, region = 'us-east-1'): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))),
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_DEFAULT_REGION: region,
  AWS_ENDPOINT_URL: url,
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_PAGER: '',
  AWS_EC2_METADATA_DISABLED: 'true',
});

export const pathOfTest = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
