// Answers requests to the instance metadata service, versions 1 and 2, for the instance that asks. Source: AWS's user
// guide, “Access instance metadata for an EC2 instance”.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Scope } from '../../../aws/scope.ts';
import type { Ec2 } from '../context.ts';
import { viewMetadata } from '../instance-options.ts';
import type { InstanceRecord } from '../model.ts';
import { factsOf, profileNameOf } from './facts.ts';
import type { RoleCredentials } from './role-credentials.ts';
import { LONGEST_TTL, type MetadataTokens } from './tokens.ts';
import { identityDocument, json, metadataTree, textAt, timeText } from './tree.ts';

/** What the answers are made of. */
export interface MetadataParts {
  ec2: Ec2;
  tokens: MetadataTokens;
  roles: RoleCredentials;
}

/** The instance that asks. */
export interface Asking {
  scope: Scope;
  instance: InstanceRecord;
}

interface Answer {
  status: number;
  text?: string;
  headers?: Record<string, string>;
}

const TTL_HEADER = 'x-aws-ec2-metadata-token-ttl-seconds';
const TOKEN_HEADER = 'x-aws-ec2-metadata-token';
/** AWS: paths begin with a version. Any date is answered like the latest. */
const VERSION = /^(latest|1\.0|20\d\d-\d\d-\d\d)$/;
const VERSIONS = '1.0\n2021-07-15\nlatest';

/** Answers one request. `asking` is `undefined` where no instance has sent it. Never rejects. */
export async function serveMetadata(
  parts: MetadataParts,
  asking: Asking | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Nothing that is asked has a body.
  request.resume();
  let answer: Answer;
  try {
    answer = asking ? await answerTo(parts, asking, request) : { status: 404 };
  } catch {
    answer = { status: 500 };
  }
  const { status, text = status === 200 ? '' : errorPage(status), headers } = answer;
  response.writeHead(status, {
    'content-type': status === 200 ? 'text/plain' : 'text/html',
    'content-length': Buffer.byteLength(text),
    server: 'EC2ws',
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}

async function answerTo(parts: MetadataParts, asking: Asking, request: IncomingMessage): Promise<Answer> {
  const { instance } = asking;
  const options = viewMetadata(instance.metadata, 'applied');
  if (options.HttpEndpoint === 'disabled') return { status: 403 };
  const [, version = '', ...path] = (request.url ?? '/').split('?', 1)[0]!.split('/');
  const isTokenPath = path.join('/') === 'api/token' && VERSION.test(version);
  if (request.method === 'PUT') return isTokenPath ? issueToken(parts, instance, request) : { status: 405 };
  if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405 };
  if (isTokenPath) return { status: 405 };
  const token = request.headers[TOKEN_HEADER];
  if (token === undefined ? options.HttpTokens === 'required' : !isValid(parts, instance, token)) {
    return { status: 401 };
  }
  if (version === '') return { status: 200, text: VERSIONS };
  if (!VERSION.test(version)) return { status: 404 };
  const text = await textOf(parts, asking, path.filter(Boolean));
  return text === undefined ? { status: 404 } : { status: 200, text };
}

const isValid = ({ ec2, tokens }: MetadataParts, { instanceId }: InstanceRecord, token: string | string[]) =>
  typeof token === 'string' && tokens.isValid(instanceId, token, ec2.clock.now());

/** AWS: a request that came through a proxy gets no token. */
function issueToken(
  { ec2, tokens }: MetadataParts,
  { instanceId }: InstanceRecord,
  { headers }: IncomingMessage,
): Answer {
  if (headers['x-forwarded-for'] !== undefined) return { status: 403 };
  const given = headers[TTL_HEADER];
  const seconds = typeof given === 'string' && /^\d{1,6}$/.test(given) ? Number(given) : 0;
  if (seconds < 1 || seconds > LONGEST_TTL) return { status: 400 };
  const text = tokens.issue(instanceId, ec2.clock.now() + seconds * 1_000);
  return { status: 200, text, headers: { [TTL_HEADER]: String(seconds) } };
}

async function textOf(
  parts: MetadataParts,
  { scope, instance }: Asking,
  path: readonly string[],
): Promise<string | undefined> {
  const [category, ...rest] = path;
  switch (category) {
    case undefined:
      return ['dynamic', 'meta-data', ...(instance.userData === undefined ? [] : ['user-data'])].join('\n');
    case 'user-data':
      if (rest.length > 0 || instance.userData === undefined) return undefined;
      return Buffer.from(instance.userData, 'base64').toString('utf8');
    case 'dynamic': {
      // There is no key of AWS's to sign the document with.
      const document = identityDocument(factsOf(parts.ec2, scope, instance));
      return textAt({ 'instance-identity': { document } }, rest);
    }
    case 'meta-data': {
      if (rest[0] === 'iam' && rest[1] === 'security-credentials') {
        return credentialsAt(parts, { scope, instance }, rest.slice(2));
      }
      const tree = metadataTree(factsOf(parts.ec2, scope, instance));
      if (rest.length === 1 && rest[0] === 'iam' && instance.instanceProfile)
        return 'info\nsecurity-credentials/';
      return textAt(tree, rest, instance.keyName);
    }
    default:
      return undefined;
  }
}

/** The name of the role, and below it the credentials. */
async function credentialsAt(
  { roles }: MetadataParts,
  { scope, instance }: Asking,
  [name, ...rest]: readonly string[],
): Promise<string | undefined> {
  const profile = profileNameOf(instance);
  if (profile === undefined || rest.length > 0) return undefined;
  const role = await roles.roleOf(scope, profile);
  if (name === undefined || role !== name) return name === undefined ? role : undefined;
  const session = await roles.sessionOf(scope, profile, instance.instanceId);
  return (
    session &&
    json({
      Code: 'Success',
      LastUpdated: timeText(session.updatedAt),
      Type: 'AWS-HMAC',
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      Token: session.token,
      Expiration: timeText(session.endsAt),
    })
  );
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  500: 'Internal Server Error',
};

/** AWS: errors are a small HTML page. */
const errorPage = (status: number): string => `<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
	"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
 <head>
  <title>${status} - ${TITLES[status]}</title>
 </head>
 <body>
  <h1>${status} - ${TITLES[status]}</h1>
 </body>
</html>
`;
