// Which service and which protocol a request means. Told from the request, not from the model: CloudWatch
// speaks query, JSON and CBOR at once. Which operation it means is the codec's to say.

import { rpcv2Cbor } from './cbor.ts';
import { Fault } from './fault.ts';
import { awsJson1_0, awsJson1_1 } from './json.ts';
import { awsQuery, ec2Query, requestForm } from './query.ts';
import type { Codec, RequestHead, WireRequest } from './request.ts';
import { restJson1 } from './rest-json.ts';
import { restXml, restXmlOfS3 } from './rest-xml.ts';
import { awsHostOf, isS3Host } from './s3-addressing.ts';
import { quoted } from './scalar.ts';
import { knownServices, loadSchema, type Protocol } from './schema.ts';
import type { Signature } from './signature.ts';

const CODECS: Record<Protocol, Codec> = {
  awsQuery,
  ec2Query,
  awsJson1_0,
  awsJson1_1,
  restJson1,
  restXml,
  rpcv2Cbor,
};

const FOR_S3 = /\/s3\/aws4_request\b/;
const QUERY_METHODS = new Set(['GET', 'POST']);

/** How a request is written, as far as its head tells. */
export type Dialect = 'query' | 'json' | 'cbor' | 'rest';

export function dialectOf(head: RequestHead): Dialect {
  const { method, headers, url } = head;
  // AWS: an object may be of any content type, and its key and query of any form.
  if (FOR_S3.test(headers.authorization ?? url.searchParams.get('X-Amz-Credential') ?? '')) return 'rest';
  if (isS3Host(head) || !QUERY_METHODS.has(method)) return 'rest';
  if (headers['smithy-protocol'] === 'rpc-v2-cbor') return 'cbor';
  if (headers['x-amz-target'] !== undefined) return 'json';
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return 'query';
  if (url.searchParams.has('Action')) return 'query';
  return 'rest';
}

/** The codec for a request to a service; for failures before the service is known, the likeliest one. */
export function codecOf(
  dialect: Dialect,
  { headers }: Pick<RequestHead, 'headers'>,
  service: string | undefined,
): Codec {
  const model = service === undefined ? undefined : knownServices().get(service)?.protocol;
  switch (dialect) {
    case 'cbor':
      return CODECS.rpcv2Cbor;
    case 'json':
      return headers['content-type']?.includes('json-1.1') ? CODECS.awsJson1_1 : CODECS.awsJson1_0;
    case 'query':
      return model === 'ec2Query' ? CODECS.ec2Query : CODECS.awsQuery;
    default:
      if (service === 's3') return restXmlOfS3;
      return model === undefined || model === 'restXml' ? CODECS.restXml : CODECS[model];
  }
}

/**
 * The name of the service meant: by its path where it signs as another one, else by the target's prefix, else the signature, else the version and the action
 * (some calls are not signed), else the host. What then remains is S3's if it names its operation by its path, as
 * links to objects do. Throws UnknownService.
 */
export function serviceOf(
  request: WireRequest,
  dialect: Dialect,
  signature: Signature | undefined,
  services: ReadonlyMap<string, unknown>,
): string {
  const named =
    bySharedSignature(request, services) ??
    (request.bucketHost === undefined ? undefined : 's3') ??
    byTarget(request) ??
    signature?.service ??
    (dialect === 'query' ? byVersionAndAction(request, services) : undefined) ??
    byHost(request) ??
    (dialect === 'rest' && request.path !== '/' && services.has('s3') ? 's3' : undefined);
  if (named !== undefined && services.has(named)) return named;
  const known = [...services.keys()].join(', ');
  throw new Fault(
    'UnknownService',
    named === undefined
      ? `The request names no service. Millpond has: ${known}.`
      : `Millpond has no service ${quoted(named)}. It has: ${known}.`,
    { status: 404 },
  );
}

/** AWS: S3 Control signs as S3. Its paths begin with its version, and each request bears the account. */
function bySharedSignature(
  { headers, path }: RequestHead,
  services: ReadonlyMap<string, unknown>,
): string | undefined {
  const isControl = headers['x-amz-account-id'] !== undefined && path.startsWith('/v20180820/');
  return isControl && services.has('s3-control') ? 's3-control' : undefined;
}

function byTarget({ headers }: RequestHead): string | undefined {
  const target = headers['x-amz-target'];
  if (typeof target !== 'string') return undefined;
  const prefix = target.split('.', 1)[0];
  for (const service of knownServices().values()) if (service.targetPrefix === prefix) return service.name;
  return undefined;
}

function byVersionAndAction(
  request: WireRequest,
  services: ReadonlyMap<string, unknown>,
): string | undefined {
  const { children } = requestForm(request);
  const action = children?.get('Action')?.value;
  const version = children?.get('Version')?.value;
  if (action === undefined || version === undefined) return undefined;
  for (const name of services.keys()) {
    if (knownServices().get(name)?.version !== version) continue;
    if (loadSchema(name).operationNames.includes(action)) return name;
  }
  return undefined;
}

// `elasticache.us-east-1.amazonaws.com`, `sts.localhost`; an address says nothing.
function byHost({ headers }: RequestHead): string | undefined {
  const name = awsHostOf(headers)?.service ?? headers.host?.split('.', 1)[0]?.toLowerCase();
  return name !== undefined && knownServices().has(name) ? name : undefined;
}
