// `millpond exec -- COMMAND`: a command for which Millpond's names resolve and the AWS tools talk to Millpond. How
// the names get there is sandbox/names' affair.

import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { hostNamesIn } from '../aws/hosts.ts';
import { commandOn } from '../kernel/command-name.ts';
import { OperationalError } from '../kernel/errors.ts';
import { awsVariables, certificateFilesOf, certificateVariables } from '../sandbox/aws-environment.ts';
import type { ReadNames } from '../sandbox/names/hosts-file.ts';
import { runWithNames } from '../sandbox/names/run.ts';
import type { Cover } from '../sandbox/names/view.ts';
import { systemBundle, trusting } from '../sandbox/trust.ts';

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
  /** Present where AWS's own host names lead to Millpond: its authority, and whose names they are. */
  https?: { authorityFile: string; services: readonly string[] };
  /** Millpond's own environment by default. */
  environment?: NodeJS.ProcessEnv;
  /** Where complaints go: standard error by default. */
  complain?: (line: string) => void;
  /** What complaints begin with. */
  commandName?: string;
  /** What the command takes the machine to be called, and where it starts. */
  hostName?: string;
  directory?: string;
  /** Millpond's, for advice; the usual one by default. */
  dataDir?: string;
}

const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;
/** As `docker run` and `chroot` have it: the failure was ours, not the command's. */
const NOT_STARTED = 125;

/** Resolves to the exit code for Millpond itself: the command's own, 128 + signal, or one of those above. */
export async function execCommand(options: ExecOptions, argv: readonly string[]): Promise<number> {
  const { hostName, directory, commandName = 'millpond exec' } = options;
  const write = options.complain ?? ((line) => process.stderr.write(`${line}\n`));
  const complain = (sentence: string) => write(`${commandName}: ${sentence}`);
  const [program] = argv;
  if (!program) {
    complain(`say what to run, e.g. ${commandOn(options.dataDir, 'exec', '-- redis-cli -h NAME')}`);
    return NOT_STARTED;
  }
  const environment = commandEnvironment(options.environment ?? process.env, options);
  const failure = whyNotExecutable(program, environment.PATH ?? '');
  if (failure) {
    complain(`${program}: ${failure === NOT_FOUND ? 'not found' : 'not executable'}`);
    return failure;
  }
  try {
    return await runWithNames(argv, {
      dnsAddress: options.dnsAddress,
      dnsPort: options.dnsPort,
      environment,
      dataDir: options.dataDir,
      covers: await certificatesFor(options),
      ...(options.hostNames && { readNames: options.hostNames }),
      ...(hostName !== undefined && { hostName }),
      ...(directory !== undefined && { directory }),
    });
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    complain(error.message);
    return NOT_STARTED;
  }
}

/**
 * What the command gets: the endpoint always; region and credentials only where the user gives none; certificates that
 * are the user's own and Millpond's.
 */
export function commandEnvironment(
  environment: NodeJS.ProcessEnv,
  options: Pick<ExecOptions, 'endpointUrl' | 'region' | 'https'>,
): NodeJS.ProcessEnv {
  const { endpointUrl, https } = options;
  const region = environment.AWS_REGION || environment.AWS_DEFAULT_REGION || options.region;
  const hasKey = Boolean(environment.AWS_ACCESS_KEY_ID && environment.AWS_SECRET_ACCESS_KEY);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const result: NodeJS.ProcessEnv = {
    ...environment,
    ...awsVariables({ endpointUrl, region, ...(!hasKey && { credentials }) }),
    ...(https && trustedVariables(environment, https.authorityFile)),
  };
  if (!hasKey) {
    // A token without its key would be sent along, and the SDKs prefer a profile to keys.
    for (const name of ['AWS_SESSION_TOKEN', 'AWS_PROFILE', 'AWS_DEFAULT_PROFILE']) delete result[name];
  }
  const hosts = [new URL(endpointUrl).hostname, ...hostNamesIn(region, https?.services ?? [])];
  return { ...result, ...pastProxies(environment, hosts) };
}

/** Behind a proxy the AWS tools would ask it for our endpoints. */
function pastProxies(environment: NodeJS.ProcessEnv, hosts: readonly string[]): NodeJS.ProcessEnv {
  if (!Object.keys(environment).some((name) => /^(http|https|all)_proxy$/i.test(name))) return {};
  const direct = [environment.no_proxy || environment.NO_PROXY, ...hosts].filter(Boolean).join(',');
  return { NO_PROXY: direct, no_proxy: direct };
}

/** All of them mean the machine's bundle, over which lies one that has the user's own in it. */
function trustedVariables(environment: NodeJS.ProcessEnv, authorityFile: string): NodeJS.ProcessEnv {
  const covered = systemBundle();
  if (covered) return certificateVariables(covered, environment);
  // On a machine that trusts nobody there is nothing to cover; what the user set stays.
  const variables = Object.entries(certificateVariables(authorityFile));
  return Object.fromEntries(variables.map(([name, path]) => [name, environment[name] || path]));
}

async function certificatesFor({ https, environment = process.env }: ExecOptions): Promise<Cover[]> {
  if (!https) return [];
  let authority: string;
  try {
    authority = readFileSync(https.authorityFile, 'utf8');
  } catch (error) {
    const reason = (error as Error).message;
    throw new OperationalError('StateUnreadable', `Millpond's certificate cannot be read: ${reason}.`, error);
  }
  return [await trusting(authority, certificateFilesOf(environment))];
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
