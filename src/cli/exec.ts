// `millpond exec -- COMMAND`: runs a command for which Millpond's names resolve and AWS tools talk to Millpond.
// machines/names makes the names resolve.

import { readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { balancerSuffix, hostNamesIn } from '../aws/hosts.ts';
import { commandOn } from '../kernel/command-name.ts';
import { OperationalError } from '../kernel/errors.ts';
import { isExecutable } from '../kernel/programs.ts';
import { awsVariables, certificateFilesOf, certificateVariables } from '../machines/aws-environment.ts';
import type { Cover } from '../machines/machine.ts';
import type { ReadNames } from '../machines/names/hosts-file.ts';
import { runWithNames } from '../machines/names/run.ts';
import { systemBundle, trusting } from '../machines/trust.ts';
import { dockerVariables } from './docker/mapped.ts';
import { NOT_EXECUTABLE, NOT_FOUND, NOT_STARTED } from './exit-codes.ts';
import { sshCover } from './instances/ssh-cover.ts';
import type { HeldMachine } from './machine.ts';
import { regionIn } from './query-request.ts';

/** Where Millpond is, and how to run the command. */
export interface ExecOptions {
  /** The address of Millpond's DNS server. */
  dnsAddress: string;
  dnsPort: number;
  /** The URL of the API, e.g. `http://127.0.0.1:4566`. */
  endpointUrl: string;
  /** The region for tools without one. */
  region: string;
  /** Opens the place of the command in Millpond's network; absent where commands share this host's. */
  openMachine?: (() => Promise<HeldMachine>) | undefined;
  /** Reads the current names; used where DNS does not have port 53. */
  hostNames?: ReadNames;
  /** Present when AWS's own host names lead to Millpond: the file of its authority, and the services. */
  https?: { authorityFile: string; services: readonly string[] };
  /** Millpond's own environment by default. */
  environment?: NodeJS.ProcessEnv;
  /** Writes an error message; standard error by default. */
  complain?: (line: string) => void;
  /** The prefix of error messages. */
  commandName?: string;
  /** The host name that the command sees, and its working directory. */
  hostName?: string;
  directory?: string;
  /** Millpond's data directory, for advice; the default one when absent. */
  dataDir?: string;
}

/** Runs the command. Resolves to its exit code, 128 + signal, or one of the codes above. */
export async function execCommand(options: ExecOptions, argv: readonly string[]): Promise<number> {
  const { hostName, directory, commandName = 'millpond exec' } = options;
  const write = options.complain ?? ((line) => process.stderr.write(`${line}\n`));
  const complain = (sentence: string) => write(`${commandName}: ${sentence}`);
  const [program] = argv;
  if (!program) {
    complain(`say what to run, e.g. ${commandOn(options.dataDir, 'exec', '-- redis-cli -h NAME')}`);
    return NOT_STARTED;
  }
  const own = options.environment ?? process.env;
  const failure = whyNotExecutable(program, own.PATH ?? '');
  if (failure) {
    complain(`${program}: ${failure === NOT_FOUND ? 'not found' : 'not executable'}`);
    return failure;
  }
  let machine: HeldMachine | undefined;
  try {
    machine = await options.openMachine?.();
    const endpointUrl = machine?.apiUrl ?? options.endpointUrl;
    return await runWithNames(argv, {
      dnsAddress: machine?.resolver ?? options.dnsAddress,
      dnsPort: options.dnsPort,
      enter: machine?.enter,
      environment: {
        ...commandEnvironment(own, { ...options, endpointUrl }),
        // Docker's daemon runs outside, where the API has its own port on this host.
        ...dockerVariables(own, options.endpointUrl),
        // Commands of Millpond, typed in its shell, are about the same one.
        ...(options.dataDir !== undefined && { MILLPOND_DATA_DIR: options.dataDir }),
      },
      dataDir: options.dataDir,
      covers: [
        ...(await certificatesFor(options)),
        ...(options.dataDir === undefined ? [] : sshCover(options.dataDir)),
      ],
      ...(options.hostNames && { readNames: options.hostNames }),
      ...(hostName !== undefined && { hostName }),
      ...(directory !== undefined && { directory }),
    });
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    complain(error.message);
    return NOT_STARTED;
  } finally {
    machine?.close();
  }
}

/**
 * The command's environment: the endpoint always; region and credentials only where the user has none; certificates
 * of the user and Millpond.
 */
export function commandEnvironment(
  environment: NodeJS.ProcessEnv,
  options: Pick<ExecOptions, 'endpointUrl' | 'region' | 'https'>,
): NodeJS.ProcessEnv {
  const { endpointUrl, https } = options;
  const region = regionIn(environment) ?? options.region;
  const hasKey = Boolean(environment.AWS_ACCESS_KEY_ID && environment.AWS_SECRET_ACCESS_KEY);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const result: NodeJS.ProcessEnv = {
    ...environment,
    ...awsVariables({ endpointUrl, region, ...(!hasKey && { credentials }) }),
    ...(https && trustedVariables(environment, https.authorityFile)),
  };
  if (!hasKey) {
    // A token without its key would be sent, and SDKs prefer a profile to keys.
    for (const name of ['AWS_SESSION_TOKEN', 'AWS_PROFILE', 'AWS_DEFAULT_PROFILE']) delete result[name];
  }
  const hosts = [
    ...[new URL(endpointUrl).hostname, `.${balancerSuffix(region)}`],
    ...hostNamesIn(region, https?.services ?? []),
  ];
  return { ...result, ...pastProxies(environment, hosts) };
}

/** Otherwise tools would ask a proxy for our endpoints and load balancers. */
function pastProxies(environment: NodeJS.ProcessEnv, hosts: readonly string[]): NodeJS.ProcessEnv {
  if (!Object.keys(environment).some((name) => /^(http|https|all)_proxy$/i.test(name))) return {};
  const direct = [environment.no_proxy || environment.NO_PROXY, ...hosts].filter(Boolean).join(',');
  return { NO_PROXY: direct, no_proxy: direct };
}

/** All variables name the machine's bundle, which is covered by one that includes the user's own. */
function trustedVariables(environment: NodeJS.ProcessEnv, authorityFile: string): NodeJS.ProcessEnv {
  const covered = systemBundle();
  if (covered) return certificateVariables(covered, environment);
  // Without a bundle on the machine there is nothing to cover; the user's own settings stay.
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

/** Checked here, so that a typing error is reported as a shell reports it. */
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
