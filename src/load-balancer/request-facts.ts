// What a request says, checked as AWS checks it before any rule is looked at. Pure.

import type { OwnStatus } from './pages.ts';

/** A request, as far as rules and targets see it. */
export interface RequestFacts {
  method: string;
  /** Neither is decoded. The query has no question mark. */
  path: string;
  query: string;
  /** As the client sent them: name, value, name, value… */
  headers: readonly string[];
  /** The Host header, or what stands for it, and the same without its port. */
  host: string;
  hostName: string;
  clientAddress: string;
  clientPort: number;
  protocol: 'http' | 'https';
  /** The port of the listener. */
  port: number;
  /** Header fields that AWS considers invalid were left out, or are among them. */
  hasInvalidHeaders: boolean;
}

/** The parts of a request, and of where it came from. */
export interface RawRequest {
  method: string;
  target: string;
  httpVersion: string;
  headers: readonly string[];
  clientAddress: string;
  clientPort: number;
  /** The address at which it arrived. */
  localAddress: string;
  protocol: 'http' | 'https';
  port: number;
}

// AWS: 16 K a request line and a header; node:http refuses more than 64 K in all
// (docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-400-issues).
const MOST_LINE_BYTES = 16 * 1024;
/** AWS: the limit of all headers of a request together. */
export const MOST_HEADER_BYTES = 64 * 1024;
/** AWS: more addresses than these in X-Forwarded-For are answered with 463. */
const MOST_FORWARDED = 30;
/** AWS: header names that `routing.http.drop_invalid_header_fields.enabled` keeps. */
const VALID_NAME = /^[A-Za-z0-9-]+$/;
const ABSOLUTE_FORM = /^(https?):\/\/([^/?#]*)/i;

/** Reads a request, or returns the status with which AWS refuses it. */
export function readFacts(raw: RawRequest, dropsInvalidHeaders: boolean): RequestFacts | OwnStatus {
  const { method, httpVersion } = raw;
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return 505;
  // AWS: the method TRACE is not supported.
  if (method === 'TRACE') return 405;
  if (method.length + raw.target.length > MOST_LINE_BYTES) return 414;
  const checked = checkHeaders(raw.headers, dropsInvalidHeaders);
  if (typeof checked === 'number') return checked;
  const { headers, hasInvalidHeaders } = checked;
  const absolute = ABSOLUTE_FORM.exec(raw.target);
  const target = absolute ? raw.target.slice(absolute[0].length) || '/' : raw.target;
  // AWS: a request of HTTP/1.0 without a host gets the address of the balancer.
  const host = absolute?.[2] ?? checked.host ?? (httpVersion === '1.0' ? raw.localAddress : undefined);
  if (host === undefined) return 400;
  const question = target.indexOf('?');
  const path = question === -1 ? target : target.slice(0, question);
  if (!path.startsWith('/') && path !== '*' && question !== 0) return 400;
  const { clientAddress, clientPort, protocol, port } = raw;
  return {
    ...{ method, path: path || '/', query: question === -1 ? '' : target.slice(question + 1) },
    ...{ headers, hasInvalidHeaders, host, hostName: withoutPort(host) },
    ...{ clientAddress, clientPort, protocol, port },
  };
}

interface CheckedHeaders {
  headers: readonly string[];
  hasInvalidHeaders: boolean;
  host: string | undefined;
}

function checkHeaders(headers: readonly string[], dropsInvalid: boolean): CheckedHeaders | OwnStatus {
  let host: string | undefined;
  let forwarded = 0;
  let invalid = 0;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index]!;
    const value = headers[index + 1]!;
    if (name.length + value.length > MOST_LINE_BYTES) return 400;
    if (!VALID_NAME.test(name)) invalid++;
    switch (name.toLowerCase()) {
      case 'host':
        // Targets could disagree on which one counts.
        if (host !== undefined) return 400;
        host = value;
        break;
      case 'transfer-encoding':
        // AWS: the supported values are `chunked` and `identity`.
        if (!/^(chunked|identity)$/i.test(value.trim())) return 501;
        break;
      case 'x-forwarded-for':
        forwarded += value.split(',').length;
        break;
    }
  }
  if (forwarded > MOST_FORWARDED) return 463;
  if (invalid === 0 || !dropsInvalid) return { headers, hasInvalidHeaders: invalid > 0, host };
  const kept: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    if (VALID_NAME.test(headers[index]!)) kept.push(headers[index]!, headers[index + 1]!);
  }
  return { headers: kept, hasInvalidHeaders: true, host };
}

/** `example.com` of `example.com:8080`, `[::1]` of `[::1]:80`. */
export const withoutPort = (host: string): string => host.replace(/:\d*$/, '');
