// Which host names the API may be called by. To a browser, a page whose DNS name was changed to lead to this machine (DNS
// rebinding) has the same origin as the API. The Host header still has the page's name, so unknown names are refused.
// Pure except for `HostNames`. Linear in the length of the name, which is bounded.

import { AWS_SUFFIXES } from '../../aws/hosts.ts';
import type { ServiceHost } from '../request.ts';

/** `own`: all of the API. With a service: that one alone, as AWS serves a bucket under its own name. */
export type HostMeaning = 'own' | 'foreign' | ServiceHost;

/** Names that are only known at run time; asked for with lower-case names without port or final dot. */
export interface HostNames {
  /** Given with `--allowed-host`; lower case. One with a leading dot stands for itself and all names below it. */
  allowedHosts: readonly string[];
  /** Millpond's DNS server answers for the name. */
  isOwnName(name: string): boolean;
  /** Of which service the name is. */
  serviceOf(name: string): string | undefined;
}

export type HostRule = (header: string | undefined, httpVersion: string) => HostMeaning;

const LOOPBACK_NAMES = ['localhost', 'localhost.localdomain', 'ip6-localhost', 'ip6-loopback'];
/** Under which containers reach their host. Nobody can register names below `.internal`. */
const CONTAINER_HOSTS = ['host.docker.internal', 'host.containers.internal'];
const SUFFIXES = ['.localhost', ...AWS_SUFFIXES.map((suffix) => `.${suffix}`)];
const MAX_NAME_LENGTH = 253;
const MAX_PORT_LENGTH = 6;

export function createHostRule(names: HostNames): HostRule {
  const { allowedHosts } = names;
  const known = new Set([
    ...[...LOOPBACK_NAMES, ...CONTAINER_HOSTS],
    ...allowedHosts.map((name) => name.replace(/^\./, '')),
  ]);
  const suffixes = [...SUFFIXES, ...allowedHosts.filter((name) => name.startsWith('.'))];
  return (header, httpVersion) => {
    // HTTP/1.0 has no such header, and no browser speaks it.
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

/** Lower case, without port or final dot; an IPv6 address keeps its brackets. `undefined` for what is no host. */
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
 * DNS rebinding needs a name. A host whose last label is a number is never looked up: browsers read it as an IPv4
 * address, in all its spellings (`127.1`, `2130706433`, `0x7f.1`).
 */
function isIpLiteral(name: string): boolean {
  if (name.startsWith('[')) return true;
  const last = name.slice(name.lastIndexOf('.') + 1);
  return /^(\d+|0x[0-9a-f]*)$/.test(last);
}
