// The headers with which a request reaches its target. Pure but for random trace ids.

import { randomFillSync } from 'node:crypto';
import type { BalancerAttributes } from './load-balancers.ts';
import type { RequestFacts } from './request-facts.ts';

/** Name, value, name, value… The connection's own headers, such as Transfer-Encoding, are as the client sent them. */
export function targetHeaders(
  facts: RequestFacts,
  attributes: BalancerAttributes,
  now: number,
  traceId = newTraceId,
): string[] {
  const { headers } = facts;
  const result: string[] = ['Host', hostFor(facts, attributes)];
  let forwarded: string | undefined;
  let trace: string | undefined;
  let bytes = 0;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index]!;
    const value = headers[index + 1]!;
    bytes += name.length + value.length;
    switch (name.toLowerCase()) {
      // AWS: the balancer itself answers `100 Continue`, and removes the header.
      case 'expect':
      case 'host':
      case 'x-forwarded-port':
      case 'x-forwarded-proto':
        break;
      case 'x-forwarded-for':
        forwarded = forwarded === undefined ? value : `${forwarded}, ${value}`;
        break;
      case 'x-amzn-trace-id':
        trace ??= value;
        break;
      default:
        result.push(name, value);
    }
  }
  const client = forwardedFor(forwarded, facts, attributes);
  if (client !== undefined) result.push('X-Forwarded-For', client);
  result.push('X-Forwarded-Proto', facts.protocol, 'X-Forwarded-Port', String(facts.port));
  result.push(
    'X-Amzn-Trace-Id',
    traced(trace, bytes, () => traceId(now)),
  );
  return result;
}

/**
 * AWS: routing.http.xff_header_processing.mode and routing.http.xff_client_port.enabled
 * (docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html).
 */
function forwardedFor(
  sent: string | undefined,
  { clientAddress, clientPort }: RequestFacts,
  { forwardedFor: mode, addsClientPort }: BalancerAttributes,
): string | undefined {
  if (mode === 'remove') return undefined;
  if (mode === 'preserve') return sent;
  const client = addsClientPort ? `${clientAddress}:${clientPort}` : clientAddress;
  return sent === undefined ? client : `${sent}, ${client}`;
}

/**
 * AWS: unless the Host header is preserved, the port of a listener at neither 80 nor 443 is added where it is missing, and
 * at these two ports it is removed (…/application/edit-load-balancer-attributes.html#host-header-preservation).
 */
function hostFor(
  { host, hostName, port }: RequestFacts,
  { preservesHostHeader }: BalancerAttributes,
): string {
  if (preservesHostHeader) return host;
  if (port === 80 || port === 443) return hostName;
  return host === hostName ? `${host}:${port}` : host;
}

/** AWS: above this size of the headers, a trace id is replaced. */
const MOST_TRACED_BYTES = 7 * 1024;

/** AWS: …/application/load-balancer-request-tracing.html. */
function traced(sent: string | undefined, bytes: number, newId: () => string): string {
  if (sent === undefined || bytes > MOST_TRACED_BYTES) return `Root=${newId()}`;
  const fields = sent.split(';').filter((field) => field !== '' && !/^\s*Self=/i.test(field));
  const hasRoot = fields.some((field) => /^\s*Root=/i.test(field));
  return [`${hasRoot ? 'Self' : 'Root'}=${newId()}`, ...fields].join(';');
}

const ID_BYTES = 12;
/** Random bytes are taken in larger pieces: one system call for many requests. */
const pool = Buffer.alloc(ID_BYTES * 256);
let used = pool.length;

/** `1-67891233-abcdef012345678912345678`: the time in seconds, and a random number. */
function newTraceId(now: number): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += ID_BYTES;
  const seconds = Math.floor(now / 1_000)
    .toString(16)
    .padStart(8, '0');
  return `1-${seconds}-${pool.toString('hex', used - ID_BYTES, used)}`;
}
