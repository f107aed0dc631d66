// The certificate authorities that a sandboxed process trusts: the machine's, those that the user named, and
// Millpond's own. Changes nothing outside of the process's namespace.

import { existsSync } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import type { Cover } from './machine.ts';

/** The bundle files of distributions: Debian and Alpine, Fedora and RHEL, openSUSE, and others. */
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

const MAX_BUNDLE_BYTES = 8 * 1024 * 1024;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The bundle that programs of this machine use; `undefined` when there is none. */
export const systemBundle = (): string | undefined => SYSTEM_BUNDLES.find((path) => existsSync(path));

/**
 * The text that replaces the machine's bundles: their authorities, those of the files in `also`, and `authority`
 * (PEM). Skips files that are missing or too large.
 */
export async function trusting(authority: string, also: readonly string[] = []): Promise<Cover> {
  const targets = [...new Set((await Promise.all(SYSTEM_BUNDLES.map(real))).filter((path) => path !== ''))];
  const texts = await Promise.all([...targets.slice(0, 1), ...new Set(also)].map(readBundle));
  return { targets, text: mergeBundles([...texts, authority]) };
}

/** Each certificate once, in order; text between them is dropped. */
export function mergeBundles(texts: readonly string[]): string {
  const certificates = new Set(texts.flatMap((text) => text.match(CERTIFICATE) ?? []));
  return [...certificates].map((certificate) => `${certificate}\n`).join('');
}

/** A mount must be on the real path. */
const real = (path: string): Promise<string> => realpath(path).catch(() => '');

async function readBundle(path: string): Promise<string> {
  try {
    const about = await stat(path);
    return about.isFile() && about.size <= MAX_BUNDLE_BYTES ? await readFile(path, 'utf8') : '';
  } catch {
    return '';
  }
}

/** The paths at which programs of any distribution may look for a bundle. */
export const bundlePaths = (): readonly string[] => SYSTEM_BUNDLES;
