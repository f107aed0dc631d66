// Clients in other programs: their paths, and how to run them against a Millpond. The AWS CLI, the SAM CLI, boto3 and
// redis-py are those that the set-up installed; redis-cli, dig and curl are the system's. A test whose client is missing
// is skipped with that reason.

import { execFile } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TOOLCHAIN = fileURLToPath(new URL('../../.toolchain', import.meta.url));
const PYTHON_CLIENTS = join(TOOLCHAIN, 'test-clients', 'python');

/** The folder of `aws`, for the beginning of the PATH. */
export const AWS_CLI_FOLDER = join(PYTHON_CLIENTS, 'bin');
/** AWS: version 1 of the AWS CLI. The output and exit codes of version 2 differ slightly. */
export const AWS_CLI = join(AWS_CLI_FOLDER, 'aws');
/** A Python with boto3 and redis-py. */
export const PYTHON = join(AWS_CLI_FOLDER, 'python3');

/** The `skip` of a test that runs one of these three. */
export const WITHOUT_PYTHON_CLIENTS: string | false =
  // The last file that the set-up writes.
  existsSync(join(PYTHON_CLIENTS, '.made-from'))
    ? false
    : 'the AWS CLI, boto3 and redis-py are missing; `node scripts/setup.mjs --for-tests` brings them';

const SAM_HOME = join(TOOLCHAIN, 'test-clients', 'sam');

/** The SAM CLI. */
export const SAM_CLI = join(SAM_HOME, 'bin', 'sam');

/** The `skip` of a test that runs the SAM CLI. */
export const WITHOUT_SAM_CLI: string | false = existsSync(join(SAM_HOME, '.made-from'))
  ? false
  : 'the SAM CLI is missing; `node scripts/setup.mjs --for-tests` brings it';

const GO_REDIS = join(TOOLCHAIN, 'test-clients', 'go', 'go-redis-client');
const JAVA_CLIENTS = join(TOOLCHAIN, 'test-clients', 'java');
/** The time in seconds for which a JVM caches an address; AWS advises five to ten. */
const JVM_DNS_TTL_SECONDS = 5;

/** The command of test/conformance/clients/go. */
export const GO_REDIS_COMMAND = [GO_REDIS];

/** The command of a program in test/conformance/clients/java. */
export const javaCommand = (program: string): string[] => [
  findProgram('java') ?? 'java',
  // Every Java has these two options; they make a short-lived program cheap.
  ...['-XX:TieredStopAtLevel=1', '-Xshare:auto', '-Xmx128m'],
  `-Dsun.net.inetaddr.ttl=${JVM_DNS_TTL_SECONDS}`,
  ...['-cp', `${join(JAVA_CLIENTS, 'classes')}:${join(JAVA_CLIENTS, 'jars', '*')}`, program],
];

/** The conformance suite of the OCI distribution specification. */
export const OCI_CONFORMANCE = join(TOOLCHAIN, 'test-clients', 'oci', 'conformance');

/** The `skip` of a test that runs it. */
export const WITHOUT_OCI_CONFORMANCE: string | false =
  !existsSync(join(TOOLCHAIN, 'test-clients', 'oci', '.made-from')) &&
  'needs Go 1.24: the conformance suite is built by `node scripts/setup.mjs --for-tests`';

/** The program of test/conformance/clients/go-rpc, a function of go1.x with the handler `main`. */
export const GO_RPC_FUNCTION = join(TOOLCHAIN, 'test-clients', 'go-rpc', 'main');

/** The `skip` of a test that runs it. */
export const WITHOUT_GO_RPC_FUNCTION: string | false =
  !existsSync(join(TOOLCHAIN, 'test-clients', 'go-rpc', '.made-from')) &&
  'needs Go: the function is built by `node scripts/setup.mjs --for-tests`';

/** The directory of AWS's session-manager-plugin, which the AWS CLI runs from the PATH. */
export const SESSION_MANAGER_PLUGIN = join(TOOLCHAIN, 'test-clients', 'session-manager-plugin');

/** The `skip` of a test that runs it. */
export const WITHOUT_SESSION_MANAGER_PLUGIN: string | false =
  !existsSync(join(SESSION_MANAGER_PLUGIN, '.made-from')) &&
  'needs Go 1.24: the plugin is built by `node scripts/setup.mjs --for-tests`';

/** The `skip` of a test that runs go-redis. */
export const WITHOUT_GO_REDIS: string | false =
  !existsSync(join(TOOLCHAIN, 'test-clients', 'go', '.made-from')) &&
  'needs Go: go-redis is built by `node scripts/setup.mjs --for-tests`';

/** The `skip` of a test that runs Jedis or Lettuce. */
export const WITHOUT_JAVA_CLIENTS: string | false =
  !(existsSync(join(JAVA_CLIENTS, '.made-from')) && findProgram('java')) &&
  'needs a JDK: Jedis and Lettuce are brought by `node scripts/setup.mjs --for-tests`';

/** The `skip` of a test whose functions import boto3. The set-up creates the environment of Python functions. */
export const WITHOUT_FUNCTIONS_PYTHON: string | false = globSync('python/python*/pyvenv.cfg', {
  cwd: TOOLCHAIN,
}).some((path) => !path.includes('.partial'))
  ? false
  : 'there is no environment for functions in Python; `node scripts/setup.mjs` makes it';

/** The `skip` of a test that runs a program of the system. */
export const withoutProgram = (name: string): string | false =>
  findProgram(name) === undefined && `${name} is not installed`;

/** The path of a program, Debian's first: another one on the PATH may belong to a version manager. */
export function findProgram(name: string): string | undefined {
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** The output and exit code of a program. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program. Resolves with any exit code; rejects when the program cannot be started. */
export function run(program: string, args: string[], env: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { env, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({ code: (error?.code as number | undefined) ?? 0, stdout, stderr });
    });
  });
}

/** The environment of `millpond exec`, without the names. Settings and files of the user are ignored. */
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

/** The absolute path of a file, given relative to test/. */
export const pathOfTest = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
