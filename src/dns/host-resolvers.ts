// Finds the host's own resolvers, once at start. Queries are forwarded to these.

import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { OperationalError } from '../kernel/errors.ts';
import type { Upstream } from './upstream.ts';

const DNS_PORT = 53;
/** systemd-resolved's own listeners. A query to these could come straight back once systemd-resolved forwards to us. */
const RESOLVED_STUBS = new Set(['127.0.0.53', '127.0.0.54']);

/** The nameservers in /etc/resolv.conf, or the uplinks of systemd-resolved. Empty when neither can be read. */
export async function hostResolvers(rootDirectory = '/'): Promise<Upstream[]> {
  const listed = await nameserversIn(join(rootDirectory, 'etc/resolv.conf'));
  const upstreams = listed.some((address) => RESOLVED_STUBS.has(address))
    ? await nameserversIn(join(rootDirectory, 'run/systemd/resolve/resolv.conf'))
    : listed;
  return upstreams
    .filter((address) => !RESOLVED_STUBS.has(address))
    .map((address) => ({ address, port: DNS_PORT }));
}

async function nameserversIn(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .map((line) => /^\s*nameserver\s+(\S+)/.exec(line)?.[1] ?? '')
    .filter((address) => isIP(address.replace(/%.*$/, '')) !== 0);
}

/** `1.1.1.1`, `1.1.1.1:5353`, `::1` or `[::1]:5353`. Throws InvalidOption. */
export function parseUpstream(text: string): Upstream {
  const bracketed = /^\[(.+)\](?::(\d+))?$/.exec(text);
  const plain = /^([^:]+)(?::(\d+))?$/.exec(text);
  const address = bracketed?.[1] ?? plain?.[1] ?? text;
  const port = Number(bracketed?.[2] ?? plain?.[2] ?? DNS_PORT);
  if (isIP(address) === 0 || port < 1 || port > 65_535) {
    throw new OperationalError('InvalidOption', `Not the address of a DNS resolver: ${text}`);
  }
  return { address, port };
}
