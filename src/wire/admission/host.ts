// The host names under which clients may call the API. When a page's DNS name is changed to resolve to this machine
// (DNS rebinding), a browser takes the API for the page's own origin. The Host header still has the page's name, so
// unknown names are refused. Pure except for `HostNames`. The time is linear in the length of the name.

import { AWS_SUFFIXES } from '../../aws/hosts.ts';
import type { ServiceHost } from '../request.ts';

/** `own`: every service of the API. A ServiceHost: that service alone, as AWS serves a bucket under its own name. */
export type HostMeaning = 'own' | 'foreign' | ServiceHost;

/** Names that are known only at run time. The functions get lower-case names without port or final dot. */
export interface HostNames {
  /** The values of `--allowed-host`, in lower case. A leading dot allows the name and all names below it. */
  allowedHosts: readonly string[];
  /** True when Millpond's DNS server resolves the name. */
  isOwnName(name: string): boolean;
  /** The service that the name belongs to. */
  serviceOf(name: string): string | undefined;
}

/** Judges a Host header. `httpVersion` is Node's, for example `1.1`. */
export type HostRule = (header: string | undefined, httpVersion: string) => HostMeaning;

const LOOPBACK_NAMES = ['localhost', 'localhost.localdomain', 'ip6-localhost', 'ip6-loopback'];
/** Containers reach their host under these names. Names below `.internal` cannot be registered. */
const CONTAINER_HOSTS = ['host.docker.internal', 'host.containers.internal'];
const SUFFIXES = ['.localhost', ...AWS_SUFFIXES.map((suffix) => `.${suffix}`)];
const MAX_NAME_LENGTH = 253;
const MAX_PORT_LENGTH = 6;

/** Allows IP addresses, loopback names, AWS's host names, and the given names. */
export function createHostRule(names: HostNames): HostRule {
  const { allowedHosts } = names;
  const known = new Set([
    ...[...LOOPBACK_NAMES, ...CONTAINER_HOSTS],
    ...allowedHosts.map((name) => name.replace(/^\./, '')),
  ]);
  const suffixes = [...SUFFIXES, ...allowedHosts.filter((name) => name.startsWith('.'))];
  return (header, httpVersion) => {
    // HTTP/1.0 does not require a Host header, and browsers do not use HTTP/1.0.
    if (header === undefined) return httpVersion === '1.0' ? 'own' : 'foreign';
    const name = hostNameOf(header);
    if (name === undefined) return 'foreign';
    if (isIpLiteral(name) || known.has(name) || suffixes.some((suffix) => name.endsWith(suffix)))
      return 'own';
    if (names.isOwnName(name)) return 'own';
    const service = names.serviceOf(name);
    return service === undefined ? 'foreign' : { service, name };
  };
}

/** In lower case, without port or final dot. An IPv6 address keeps its brackets. `undefined` for an invalid header. */
export function hostNameOf(header: string): string | undefined {
  if (header.length > MAX_NAME_LENGTH + MAX_PORT_LENGTH + 1) return undefined;
  const end = header.startsWith('[') ? header.indexOf(']') + 1 : endOfName(header);
  const port = header.slice(end);
  if (end === 0 || !/^(:\d{0,5})?$/.test(port)) return undefined;
  const name = header.slice(0, header[end - 1] === '.' ? end - 1 : end).toLowerCase();
  const isWritten = name.startsWith('[') ? /^\[[0-9a-f:.]+\]$/.test(name) : /^[a-z0-9._-]+$/.test(name);
  return isWritten && name.length <= MAX_NAME_LENGTH ? name : undefined;
}

function endOfName(header: string): number {
  const colon = header.indexOf(':');
  return colon < 0 ? header.length : colon;
}

/**
 * IP addresses are safe, because DNS rebinding needs a name. Browsers read a host whose last label is a number as an
 * IPv4 address, in all its spellings (`127.1`, `2130706433`, `0x7f.1`), and do not resolve it.
 */
function isIpLiteral(name: string): boolean {
  if (name.startsWith('[')) return true;
  const last = name.slice(name.lastIndexOf('.') + 1);
  return /^(\d+|0x[0-9a-f]*)$/.test(last);
}
