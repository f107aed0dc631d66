// `millpond exec -- COMMAND`: a command for which Millpond's names resolve and the AWS tools talk to Millpond. How
// the names get there is sandbox/names' affair.

import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { OperationalError } from '../kernel/errors.ts';
import type { ReadNames } from '../sandbox/names/hosts-file.ts';
import { runWithNames } from '../sandbox/names/run.ts';

export interface ExecOptions {
  /** Where Millpond's DNS server listens. */
  dnsAddress: string;
  dnsPort: number;
  /** e.g. `http://127.0.0.1:4566`. */
  endpointUrl: string;
  /** For tools that were told none. */
  region: string;
  /** All names and their addresses now: used where DNS does not have port 53. */
  hostNames?: ReadNames;
  /** Millpond's own environment by default. */
  environment?: NodeJS.ProcessEnv;
  /** Where complaints go: standard error by default. */
  complain?: (line: string) => void;
}

const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;
/** As `docker run` and `chroot` have it: the failure was ours, not the command's. */
const NOT_STARTED = 125;

/** Resolves to the exit code for Millpond itself: the command's own, 128 + signal, or one of those above. */
export async function execCommand(options: ExecOptions, argv: readonly string[]): Promise<number> {
  const complain = options.complain ?? ((line) => process.stderr.write(`${line}\n`));
  const [program] = argv;
  if (!program) {
    complain('millpond exec: say what to run, e.g. millpond exec -- redis-cli -h NAME');
    return NOT_STARTED;
  }
  const environment = commandEnvironment(options.environment ?? process.env, options);
  const failure = whyNotExecutable(program, environment.PATH ?? '');
  if (failure) {
    complain(`millpond exec: ${program}: ${failure === NOT_FOUND ? 'not found' : 'not executable'}`);
    return failure;
  }
  try {
    return await runWithNames(argv, {
      dnsAddress: options.dnsAddress,
      dnsPort: options.dnsPort,
      environment,
      ...(options.hostNames && { readNames: options.hostNames }),
    });
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    complain(`millpond exec: ${error.message}`);
    return NOT_STARTED;
  }
}

/** What the command gets: the endpoint always; region and credentials only where the user gives none. */
export function commandEnvironment(
  environment: NodeJS.ProcessEnv,
  options: Pick<ExecOptions, 'endpointUrl' | 'region'>,
): NodeJS.ProcessEnv {
  const region = environment.AWS_REGION || environment.AWS_DEFAULT_REGION || options.region;
  const result: NodeJS.ProcessEnv = {
    ...environment,
    AWS_ENDPOINT_URL: options.endpointUrl,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  };
  if (!environment.AWS_ACCESS_KEY_ID || !environment.AWS_SECRET_ACCESS_KEY) {
    result.AWS_ACCESS_KEY_ID = 'test';
    result.AWS_SECRET_ACCESS_KEY = 'test';
    // A token without its key would be sent along, and the SDKs prefer a profile to keys.
    for (const name of ['AWS_SESSION_TOKEN', 'AWS_PROFILE', 'AWS_DEFAULT_PROFILE']) delete result[name];
  }
  return { ...result, ...pastProxies(environment, new URL(options.endpointUrl).hostname) };
}

/** Behind a proxy the AWS tools would ask it for our endpoint. */
function pastProxies(environment: NodeJS.ProcessEnv, host: string): NodeJS.ProcessEnv {
  if (!Object.keys(environment).some((name) => /^(http|https|all)_proxy$/i.test(name))) return {};
  const direct = [environment.no_proxy || environment.NO_PROXY, host].filter(Boolean).join(',');
  return { NO_PROXY: direct, no_proxy: direct };
}

/** Looked up here, so that a typing error is told as the shell tells it. */
function whyNotExecutable(program: string, path: string): number | undefined {
  const candidates = program.includes('/')
    ? [program]
    : path.split(delimiter).map((directory) => join(directory || '.', program));
  const found = candidates.filter(isFile);
  if (found.some(isExecutable)) return undefined;
  return found.length > 0 ? NOT_EXECUTABLE : NOT_FOUND;
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
