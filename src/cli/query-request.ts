// Sends one request in AWS's query protocol (ElastiCache, EC2, CloudFormation, STS), for the few calls of the command
// line, and reads elements of the XML answer.

import { OperationalError } from '../kernel/errors.ts';

/** A service with its API version. */
export interface QueryApi {
  /** The signing name of the service. */
  service: string;
  version: string;
}

/** The APIs that the command line calls. */
export const CLOUDFORMATION: QueryApi = { service: 'cloudformation', version: '2010-05-15' };
export const EC2: QueryApi = { service: 'ec2', version: '2016-11-15' };
export const ELASTICACHE: QueryApi = { service: 'elasticache', version: '2015-02-02' };
export const STS: QueryApi = { service: 'sts', version: '2011-06-15' };

/** The caller in a signature. Millpond reads account and region from it and does not verify it. */
export interface Caller {
  /** Twelve digits are read as the account's id. */
  accessKeyId: string;
  region: string;
}

/** An error answer of the API. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** The error's code, e.g. `ReplicationGroupAlreadyExists`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const ANSWER_TIMEOUT_MS = 30_000;
const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/**
 * Sends a request, for the default account and region unless `caller` names others. Returns the XML of the answer.
 * Throws ApiError, or TimedOut when there is no answer.
 */
export async function requestQuery(
  url: string,
  { service, version }: QueryApi,
  action: string,
  parameters: Record<string, string>,
  caller?: Caller,
): Promise<string> {
  let text: string;
  let ok: boolean;
  try {
    const body = new URLSearchParams({ Action: action, Version: version, ...parameters });
    const answer = await fetch(url, {
      method: 'POST',
      body,
      headers: caller ? signedFor(service, caller) : {},
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    ok = answer.ok;
    text = await answer.text();
  } catch (error) {
    throw new OperationalError('TimedOut', `${action}: the API at ${url} does not answer.`, error);
  }
  if (ok) return text;
  throw new ApiError(textIn(text, 'Code') ?? 'Unknown', textIn(text, 'Message') ?? text.slice(0, 200));
}

/** The authorization header for a caller. */
export const signedFor = (service: string, { accessKeyId, region }: Caller): Record<string, string> => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});

/** The caller as the AWS CLI determines it: `region` if given, else from the environment, else Millpond's own. */
export function callerOf(
  environment: NodeJS.ProcessEnv,
  region: string | undefined,
  ownRegion: string,
): Caller {
  const { AWS_ACCESS_KEY_ID: key = '' } = environment;
  return {
    accessKeyId: /^\w{3,128}$/.test(key) ? key : 'test',
    region: region ?? regionIn(environment) ?? ownRegion,
  };
}

/** The region that the environment names. */
export const regionIn = (environment: NodeJS.ProcessEnv): string | undefined =>
  environment.AWS_REGION || environment.AWS_DEFAULT_REGION || undefined;

/** Throws InvalidOption for text that cannot be in a signature. */
export function checkRegion(region: string | undefined): void {
  if (region === undefined || /^[a-z0-9-]{1,40}$/.test(region)) return;
  throw new OperationalError(
    'InvalidOption',
    `--region must be a region such as us-east-1, not ${JSON.stringify(region)}.`,
  );
}

/** The content of each element with this name, in order. The element must not contain others of its name. */
export const elementsIn = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, 'g'))].map(([, inside]) => inside!);

/** The text of the first element with this name. */
export function textIn(xml: string, name: string): string | undefined {
  const [, text] = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml) ?? [];
  return text?.replace(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g, (whole, hex, decimal, entity) => {
    if (entity) return ENTITIES[entity] ?? whole;
    const codePoint = hex ? Number.parseInt(hex, 16) : Number(decimal);
    return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : whole;
  });
}
