// Finds the protocol and the service of a request. The request decides the protocol, not the model: CloudWatch accepts
// query, JSON and CBOR. The codec of the protocol finds the operation.

import { rpcv2Cbor } from './cbor.ts';
import { Fault } from './fault.ts';
import { awsHostOf } from './host-name.ts';
import { awsJson1_0, awsJson1_1 } from './json.ts';
import { awsQuery, ec2Query, requestForm } from './query.ts';
import type { Codec, RequestHead, WireRequest } from './request.ts';
import { restJson1 } from './rest-json.ts';
import { restXml } from './rest-xml.ts';
import { quoted } from './scalar.ts';
import { knownServices, loadSchema, type Operation, type Protocol } from './schema.ts';
import type { ServedService } from './service.ts';
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

/** The service in the scope of a signature. */
const SCOPE = /\/([a-z0-9-]+)\/aws4_request\b/;
const QUERY_METHODS = new Set(['GET', 'POST']);

/** The wire format of a request, as its head shows it. */
export type Dialect = 'query' | 'json' | 'cbor' | 'rest';

/** Reads the wire format from the signature's service, the host, the method and the headers, in this order. */
export function dialectOf(head: RequestHead): Dialect {
  const { method, headers, url } = head;
  // Requests to a REST service may have any content type and any query string, so those decide nothing.
  const scope = SCOPE.exec(headers.authorization ?? url.searchParams.get('X-Amz-Credential') ?? '')?.[1];
  if (isOnlyRest(scope) || isOnlyRest(head.serviceHost?.service ?? awsHostOf(headers)?.service))
    return 'rest';
  if (!QUERY_METHODS.has(method)) return 'rest';
  if (headers['smithy-protocol'] === 'rpc-v2-cbor') return 'cbor';
  if (headers['x-amz-target'] !== undefined) return 'json';
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return 'query';
  if (url.searchParams.has('Action')) return 'query';
  return 'rest';
}

function isOnlyRest(service: string | undefined): boolean {
  const protocol = service === undefined ? undefined : knownServices().get(service)?.protocol;
  return protocol === 'restXml' || protocol === 'restJson1';
}

/** The codec for a request to `service`. Before the service is known, it is the most likely one of the dialect. */
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
      return model === undefined || model === 'restXml' ? CODECS.restXml : CODECS[model];
  }
}

/**
 * The name of the request's service. The first of these that is present decides: the service's own host name, a service
 * that claims the request, the target's prefix, the signature, the version and the action (some calls are not signed),
 * AWS's host name. A REST request without any of them is for the default REST service. Throws UnknownService.
 */
export function serviceOf(
  request: WireRequest,
  dialect: Dialect,
  signature: Signature | undefined,
  services: ReadonlyMap<string, ServedService>,
): string {
  const mayBeUnnamed = dialect === 'rest' && (request.path !== '/' || signature !== undefined);
  const named =
    request.serviceHost?.service ??
    (dialect === 'rest' ? claimingService(request, services) : undefined) ??
    byTarget(request) ??
    signature?.service ??
    (dialect === 'query' ? byVersionAndAction(request, services) : undefined) ??
    byHost(request) ??
    (mayBeUnnamed ? defaultRestService(services)?.name : undefined);
  const foreign = dialect === 'json' ? foreignTarget(request) : undefined;
  if (named !== undefined && services.has(named) && foreign === undefined) return named;
  const known = [...services.keys()].join(', ');
  throw new Fault(
    'UnknownService',
    named === undefined
      ? `The request names no service. Millpond has: ${known}.`
      : `Millpond has no service ${quoted(services.has(named) ? foreign! : named)}. It has: ${known}.`,
    { status: 404 },
  );
}

function claimingService(
  head: RequestHead,
  services: ReadonlyMap<string, ServedService>,
): string | undefined {
  for (const { name, dialect } of services.values()) if (dialect?.claims?.(head)) return name;
  return undefined;
}

/** The service of REST requests that name no service. */
export function defaultRestService(services: ReadonlyMap<string, ServedService>): ServedService | undefined {
  for (const service of services.values()) if (service.dialect?.isDefaultForRest) return service;
  return undefined;
}

/** The operation that the header of a JSON request names; `undefined` when no known service has it. */
export function targetedOperation(head: RequestHead): Operation | undefined {
  const service = byTarget(head);
  const target = String(head.headers['x-amz-target']);
  return service === undefined
    ? undefined
    : loadSchema(service).operation(target.slice(target.indexOf('.') + 1));
}

function byTarget({ headers }: RequestHead): string | undefined {
  const target = headers['x-amz-target'];
  if (typeof target !== 'string') return undefined;
  const prefix = target.split('.', 1)[0];
  for (const service of knownServices().values()) if (service.targetPrefix === prefix) return service.name;
  return undefined;
}

/**
 * The prefix of a target that is no known service's. AWS: some services sign in another one's name, as DynamoDB's streams do
 * (endpointPrefix and signingName of botocore's models), so the signature's service does not have the operation.
 */
function foreignTarget(head: RequestHead): string | undefined {
  const [prefix, operation] = String(head.headers['x-amz-target'] ?? '').split('.', 2);
  return operation === undefined || byTarget(head) !== undefined ? undefined : prefix;
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

// `elasticache.us-east-1.amazonaws.com`, `sts.localhost`. An IP address names no service.
function byHost({ headers }: RequestHead): string | undefined {
  const name = awsHostOf(headers)?.service ?? headers.host?.split('.', 1)[0]?.toLowerCase();
  return name !== undefined && knownServices().has(name) ? name : undefined;
}
