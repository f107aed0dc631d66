// Millpond's options: each with its flag, environment variable, default and check. Pure: reads no file and no clock;
// the environment is an argument.
//
// The flag `--dns-ttl` has the variable MILLPOND_DNS_TTL; the flag wins.

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OperationalError } from './kernel/errors.ts';
import type { LogLevel } from './kernel/log.ts';
import { parseBlock } from './network/host/choose-block.ts';
import { NETWORK_KINDS, type NetworkKind } from './network/network.ts';

/** The checked options of one Millpond. */
export interface Config {
  /** An absolute path. */
  dataDir: string;
  /** The kind of network for nodes; the data directory's own when absent, loopback at first. */
  network?: NetworkKind;
  /** The first two octets of the block of addresses for the network of the host; any free one when absent. */
  networkBlock?: string;
  /** The address of the API, in 127.0.0.0/8. */
  address: string;
  /** The port of the API; 0 takes a free one. */
  port: number;
  /** The region of unsigned requests. */
  region: string;
  /** The suffix of endpoint names: lower case, without dots at either end. */
  domain: string;
  dnsTtlSeconds: number;
  /** How long a node may neither answer nor make progress before it counts as failed. */
  failureDetectionMs: number;
  /** How long clients stay connected to a node that was demoted or is about to restart. */
  demotedGraceMs: number;
  /** Whether to enforce AWS's limit of 15 test failovers a day. */
  testFailoverQuota: boolean;
  /** Whether a primary that failed over comes back at its old address; on AWS it gets another. */
  keepAddressOnReplace: boolean;
  /** Whether nodes announce host names in cluster mode, not addresses. */
  announceHostnames: boolean;
  /** Whether commands of the user reach this host's loopback, where they have a network of their own. */
  reachHost: boolean;
  /** What happens to an unknown resource type in a template: an error, or a record of it. */
  unknownResources: UnknownResources;
  logLevel: LogLevel;
  /** Origins of web pages that may call the API, in the form of browsers: `http://localhost:3000`. */
  allowedOrigins: readonly string[];
  /** Additional host names of the API, in lower case; one with a leading dot includes all names below it. */
  allowedHosts: readonly string[];
  /** The memory limit of every node, whatever its node type. */
  maxMemoryPerNodeBytes: number;
  /** How many bytes of log events are kept, as AWS counts them: of one group, and of all together. */
  logs: { groupBytes: number; allBytes: number };
  /** Whether DynamoDB throttles requests beyond the provisioned throughput. */
  dynamodbThrottle: boolean;
  /** Images (OCI references) that stand for machine images, by AMI. */
  amiImages: Readonly<Record<string, string>>;
  /** Maps a service's signing name to an external endpoint for its calls. */
  endpoints: Readonly<Record<string, string>>;
  /** Environment variables whose endpoint is this Millpond itself. */
  endpointsOfItself: readonly string[];
}

/** See `Config.unknownResources`. */
export type UnknownResources = 'refuse' | 'record';

/** The flags of a command line; `undefined` where not given. */
export type ConfigFlags = {
  [name in keyof typeof OPTIONS]?: string | boolean | readonly string[] | undefined;
};

interface Option<T> {
  fallback: T;
  /** Describes a valid value; completes the sentence “--port must be …”. */
  expected: string;
  /** Returns `undefined` for an invalid text. */
  parse(text: string): T | undefined;
}

const MIB = 1024 * 1024;

const OPTIONS = {
  dataDir: option(join('~', '.millpond'), 'a path', (text) => text || undefined),
  address: option('127.0.0.1', 'an address in 127.0.0.0/8', (text) =>
    /^127(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/.test(text) ? text : undefined,
  ),
  network: option<NetworkKind | undefined>(undefined, 'loopback, subnets or host', (text) =>
    NETWORK_KINDS.find((kind) => kind === text),
  ),
  networkBlock: option<string | undefined>(
    undefined,
    'a /16 of a private range, such as 10.83.0.0/16',
    parseBlock,
  ),
  port: option(4566, 'a whole number from 0 to 65535', wholeNumber(0, 65_535)),
  region: option('us-east-1', 'a region such as us-east-1', (text) =>
    /^[a-z]{2,3}(-[a-z]+)+-\d{1,2}$/.test(text) ? text : undefined,
  ),
  domain: option('cache.amazonaws.com', 'a domain name such as cache.amazonaws.com', domainName),
  dnsTtl: option(5, 'a whole number of seconds from 0 to 86400', wholeNumber(0, 86_400)),
  failureDetectionMs: option(
    2_000,
    'a whole number of milliseconds from 100 to 600000',
    wholeNumber(100, 600_000),
  ),
  demotedGraceMs: option(500, 'a whole number of milliseconds from 0 to 60000', wholeNumber(0, 60_000)),
  testFailoverQuota: option(false, 'true or false', yesOrNo),
  keepAddressOnReplace: option(false, 'true or false', yesOrNo),
  announceHostnames: option(false, 'true or false', yesOrNo),
  reachHost: option(false, 'true or false', yesOrNo),
  unknownResources: option<UnknownResources>('refuse', 'refuse or record', (text) =>
    text === 'refuse' || text === 'record' ? text : undefined,
  ),
  logLevel: option<LogLevel>('info', 'one of debug, info, warn, error, silent', logLevel),
  allowedOrigin: option<readonly string[]>(
    [],
    'an origin such as http://localhost:3000, or several with commas between',
    listOf(webOrigin),
  ),
  allowedHost: option<readonly string[]>(
    [],
    'a host name without a port (with a leading dot: all names below it), or several with commas between',
    listOf(hostName),
  ),
  maxMemoryPerNode: option(512 * MIB, 'a size from 4mb on, such as 512mb or 2gb', byteSize),
  maxLogsPerGroup: option(256 * MIB, 'a size from 4mb on, such as 512mb or 2gb', byteSize),
  maxLogs: option(1024 * MIB, 'a size from 4mb on, such as 512mb or 2gb', byteSize),
  dynamodbThrottle: option(false, 'true or false', yesOrNo),
  amiImage: option<readonly string[]>(
    [],
    'an AMI and an image such as ami-0123456789abcdef0=amazonlinux:2, or several with commas between',
    listOf(amiImage),
  ),
};

/**
 * The directory where set-up puts virtual environments for Python functions in a clone; an installed package has
 * none.
 */
export const PREPARED_PYTHON = fileURLToPath(new URL('../.toolchain/python', import.meta.url));
/** The programs that `exec` puts first on the PATH of its command. */
export const COMMANDS_OF_EXEC = fileURLToPath(new URL('../bin/in-exec', import.meta.url));

/** Throws InvalidOption with a sentence that names the flag or the variable. */
export function parseConfig(flags: ConfigFlags, env: NodeJS.ProcessEnv): Config {
  const value = <K extends keyof typeof OPTIONS>(name: K) => readOption(name, flags, env);
  const address = value('address');
  const port = value('port');
  const network = value('network');
  const networkBlock = value('networkBlock');
  return {
    dataDir: absolutePath(value('dataDir'), env),
    ...(network && { network }),
    ...(networkBlock && { networkBlock }),
    address,
    port,
    region: value('region'),
    domain: value('domain'),
    dnsTtlSeconds: value('dnsTtl'),
    failureDetectionMs: value('failureDetectionMs'),
    demotedGraceMs: value('demotedGraceMs'),
    testFailoverQuota: value('testFailoverQuota'),
    keepAddressOnReplace: value('keepAddressOnReplace'),
    announceHostnames: value('announceHostnames'),
    reachHost: value('reachHost'),
    unknownResources: value('unknownResources'),
    logLevel: value('logLevel'),
    allowedOrigins: value('allowedOrigin'),
    allowedHosts: value('allowedHost'),
    maxMemoryPerNodeBytes: value('maxMemoryPerNode'),
    dynamodbThrottle: value('dynamodbThrottle'),
    amiImages: Object.fromEntries(value('amiImage').map((pair) => pair.split('=', 2) as [string, string])),
    logs: { groupBytes: value('maxLogsPerGroup'), allBytes: value('maxLogs') },
    ...parseEndpoints(env, (url) => isOwn(url, address, port)),
  };
}

/**
 * Refuses endpoint variables that name this Millpond. Only a starting Millpond calls it; commands and clients may
 * have such variables. Throws InvalidOption. AWS_ENDPOINT_URL is for clients only and never used by Millpond.
 */
export function refuseOwnEndpoints({ endpointsOfItself }: Config): void {
  const [variable] = endpointsOfItself;
  if (variable === undefined) return;
  throw new OperationalError(
    'InvalidOption',
    `${variable} leads to this Millpond itself; unset it to use Millpond's own service, or name another endpoint.`,
  );
}

/** `dnsTtl` -> `--dns-ttl`. */
export const flagName = (option: string): string => `--${kebab(option)}`;

/** The arguments that give the same options to a process with another working directory. */
export function flagArguments(flags: ConfigFlags): string[] {
  const given = Object.entries(flags).filter(([, value]) => value !== undefined);
  // The parser does not recognise the second form for values with line breaks.
  return given.flatMap(([name, value]) =>
    `${value}`.includes('\n') ? [flagName(name), `${value}`] : [`${flagName(name)}=${value}`],
  );
}

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

type Value<K extends keyof typeof OPTIONS> = (typeof OPTIONS)[K]['fallback'];

function readOption<K extends keyof typeof OPTIONS>(
  name: K,
  flags: ConfigFlags,
  env: NodeJS.ProcessEnv,
): Value<K> {
  const { fallback, expected, parse } = OPTIONS[name] as unknown as Option<Value<K>>;
  const variable = `MILLPOND_${kebab(name).replaceAll('-', '_').toUpperCase()}`;
  const [source, given] =
    flags[name] === undefined
      ? [variable, env[variable] || undefined]
      : [flagName(name), String(flags[name])];
  if (given === undefined) return fallback;
  const parsed = parse(given);
  if (parsed === undefined) {
    throw new OperationalError(
      'InvalidOption',
      `${source} must be ${expected}, not ${JSON.stringify(given)}.`,
    );
  }
  return parsed;
}

function option<T>(fallback: T, expected: string, parse: Option<T>['parse']): Option<T> {
  return { fallback, expected, parse };
}

function wholeNumber(least: number, most: number): (text: string) => number | undefined {
  return (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return number >= least && number <= most ? number : undefined;
  };
}

function yesOrNo(text: string): boolean | undefined {
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : undefined;
}

function logLevel(text: string): LogLevel | undefined {
  return (['debug', 'info', 'warn', 'error', 'silent'] as const).find((level) => level === text);
}

/** A list with commas; several values of a flag are joined the same way. Empty parts are refused. */
function listOf(parse: (text: string) => string | undefined): (text: string) => string[] | undefined {
  return (text) => {
    const values = text.split(',').map((part) => parse(part.trim()));
    return values.every((value) => value !== undefined) ? values : undefined;
  };
}

/**
 * An origin in the spelling of Origin headers: lower case, without the scheme's default port. Never `null` or a
 * pattern.
 */
function webOrigin(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url || url.host === '' || url.host.includes('*')) return undefined;
  const origin = `${url.protocol}//${url.host}`;
  return url.href === origin || url.href === `${origin}/` ? origin : undefined;
}

/** `ami-…=amazonlinux:2`: AWS's form of an id, and an image as a container engine names it. */
function amiImage(text: string): string | undefined {
  return /^ami-([0-9a-f]{8}|[0-9a-f]{17})=[a-z0-9][\w./:@-]{0,255}$/i.test(text) ? text : undefined;
}

function hostName(text: string): string | undefined {
  const name = text.toLowerCase().replace(/\.$/, '');
  const isName = name.length <= 253 && /^\.?[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?$/.test(name);
  return isName && !name.includes('..') ? name : undefined;
}

function domainName(text: string): string | undefined {
  const name = text.toLowerCase().replace(/\.$/, '');
  // Endpoints add up to 150 characters in front, and a whole name has at most 253.
  const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
  return name.length <= 100 && new RegExp(`^${label}(\\.${label})*$`).test(name) ? name : undefined;
}

function byteSize(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,12})(b|kb|mb|gb)?$/i.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const bytes = Number(digits) * { b: 1, kb: 1024, mb: MIB, gb: 1024 * MIB }[(unit ?? 'b').toLowerCase()]!;
  return bytes >= 4 * MIB && Number.isSafeInteger(bytes) ? bytes : undefined;
}

function absolutePath(path: string, env: NodeJS.ProcessEnv): string {
  const isBelowHome = path === '~' || path.startsWith('~/');
  return isBelowHome ? join(env.HOME || homedir(), path.slice(1)) : resolve(path);
}

// AWS: the variables have the SDK's service id (`AWS_ENDPOINT_URL_ROUTE_53`); requests are signed with another name.
const SIGNING_NAMES: Record<string, string> = {
  cloudwatch: 'monitoring',
  cloudwatchlogs: 'logs',
  eventbridge: 'events',
  sfn: 'states',
};

function parseEndpoints(
  env: NodeJS.ProcessEnv,
  isItself: (url: URL) => boolean,
): Pick<Config, 'endpoints' | 'endpointsOfItself'> {
  const endpoints: Record<string, string> = {};
  const endpointsOfItself: string[] = [];
  for (const [variable, text] of Object.entries(env)) {
    const serviceId = /^AWS_ENDPOINT_URL_([A-Z0-9_]+)$/.exec(variable)?.[1];
    // Millpond's own services never call S3 Control, and `exec` sets this variable for the user's clients.
    if (!serviceId || !text || serviceId === 'S3_CONTROL') continue;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (!url || !/^https?:$/.test(url.protocol)) {
      throw new OperationalError(
        'InvalidOption',
        `${variable} must be an http or https URL, not ${JSON.stringify(text)}.`,
      );
    }
    if (isItself(url)) {
      endpointsOfItself.push(variable);
      continue;
    }
    const name = serviceId.toLowerCase().replaceAll('_', '');
    endpoints[SIGNING_NAMES[name] ?? name] = text.replace(/\/+$/, '');
  }
  return { endpoints, endpointsOfItself };
}

/** Whether `url` is where a Millpond on `address` and `port` listens, under any name of this host's loopback. */
function isOwn(url: URL, address: string, port: number): boolean {
  if (Number(url.port || (url.protocol === 'https:' ? 443 : 80)) !== port) return false;
  const host = url.hostname.replace(/\.$/, '');
  if (host === address) return true;
  // Local names and unspecified addresses lead to 127.0.0.1; the IPv6 ones do where a client maps them.
  const isFirst = /^(localhost|.+\.localhost|0\.0\.0\.0|\[::\]|\[::1\]|\[::ffff:7f00:1\])$/.test(host);
  return isFirst && address === '127.0.0.1';
}
