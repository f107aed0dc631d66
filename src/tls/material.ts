// The instance's TLS keys and certificates in a folder of the data directory: loaded at every start, and created when
// they are missing, damaged, about to expire, or issued for other names.
//
//   ca.pem  ca-key.pem          the authority
//   server.pem  server-key.pem  the server's certificate, followed by the authority's

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationalError, systemCode } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import type { KeyAndCertificate } from './authority.ts';

/** The keys and certificates of a running Millpond. */
export interface TlsMaterial {
  /** PEM of the authority that clients must trust. */
  authority: string;
  /** The file that contains `authority`. */
  authorityFile: string;
  /** PEM of the server's key and of its certificate chain. */
  key: string;
  certificates: string;
}

/** What the certificate must cover. */
export interface MaterialOptions {
  directory: string;
  /** The names in the server's certificate; they may be wildcards. */
  names: readonly string[];
  /** Milliseconds since the epoch. */
  now: number;
  log: Log;
}

const DAY_MS = 86_400_000;
/** Renewed this long before the end, since a Millpond may run for months without a restart. */
const DUE_BEFORE_END_MS = 365 * DAY_MS;

/**
 * Loads or creates the material. Rejects with an OperationalError (DiskFull, StateUnreadable) when the folder cannot be
 * used.
 */
export async function openTlsMaterial(options: MaterialOptions): Promise<TlsMaterial> {
  const { directory, names, now, log } = options;
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    let authority = await load(directory, 'ca');
    if (!authority || !isAuthority(authority, now)) {
      const { makeAuthority } = await import('./authority.ts');
      authority = parse(makeAuthority(now))!;
      await save(directory, 'ca', authority);
      log.info({ part: 'tls' }, 'made a certificate authority');
    }
    let server = await load(directory, 'server');
    if (!server || !isFor(server, authority, names, now)) {
      const { issueServerCertificate } = await import('./authority.ts');
      const issued = issueServerCertificate(authority, names, now);
      server = parse({ ...issued, certificate: issued.certificate + authority.certificate })!;
      await save(directory, 'server', server);
      log.info({ part: 'tls', names: names.length }, 'made a server certificate');
    }
    return {
      authority: authority.certificate,
      authorityFile: fileOf(directory, 'ca'),
      key: server.key,
      certificates: server.certificate,
    };
  } catch (error) {
    throw cannotUse(directory, error);
  }
}

interface Parsed extends KeyAndCertificate {
  x509: X509Certificate;
}

const fileOf = (directory: string, name: string) => join(directory, `${name}.pem`);
const keyFileOf = (directory: string, name: string) => join(directory, `${name}-key.pem`);

async function load(directory: string, name: string): Promise<Parsed | undefined> {
  const read = (path: string) =>
    readFile(path, 'utf8').catch((error) => {
      if (systemCode(error) === 'ENOENT') return '';
      throw error;
    });
  const [certificate, key] = await Promise.all([
    read(fileOf(directory, name)),
    read(keyFileOf(directory, name)),
  ]);
  return parse({ key, certificate });
}

/**
 * `undefined` when the two are missing, damaged, or do not belong together, e.g. after a crash between their writes.
 */
function parse({ key, certificate }: KeyAndCertificate): Parsed | undefined {
  try {
    const x509 = new X509Certificate(certificate);
    return x509.checkPrivateKey(createPrivateKey(key)) ? { key, certificate, x509 } : undefined;
  } catch {
    return undefined;
  }
}

const isAuthority = ({ x509 }: Parsed, now: number): boolean => x509.ca && isCurrent(x509, now);

function isFor(server: Parsed, authority: Parsed, names: readonly string[], now: number): boolean {
  const { x509, certificate } = server;
  const wanted = names.map((name) => `DNS:${name}`).join(', ');
  return (
    isCurrent(x509, now) &&
    x509.subjectAltName === wanted &&
    certificate.endsWith(authority.certificate) &&
    x509.verify(authority.x509.publicKey)
  );
}

const isCurrent = ({ validFromDate, validToDate }: X509Certificate, now: number): boolean =>
  now >= validFromDate.getTime() && now < validToDate.getTime() - DUE_BEFORE_END_MS;

async function save(directory: string, name: string, { key, certificate }: KeyAndCertificate): Promise<void> {
  await replace(keyFileOf(directory, name), key);
  await replace(fileOf(directory, name), certificate);
}

async function replace(path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, path);
}

function cannotUse(directory: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined || code.startsWith('ERR_')) return error;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new OperationalError('DiskFull', `There is no space left for ${directory}.`, error);
  }
  const reason = (error as Error).message.replace(/\.$/, '');
  return new OperationalError('StateUnreadable', `${directory} cannot be used: ${reason}.`, error);
}
