// Which certificate authorities a process inside trusts: those of the machine, those that the user named, and
// Millpond's own. Nothing outside of the process's namespace is changed.

import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Cover, Mount } from './names/view.ts';

/** Where distributions keep all authorities in one file: Debian and Alpine, Fedora and RHEL, openSUSE, and others. */
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

/** Where programs of this machine look; `undefined` on one that trusts nobody. */
export const systemBundle = (): string | undefined => SYSTEM_BUNDLES.find((path) => existsSync(path));

/**
 * What is to lie over the machine's bundles: all their authorities, those of the files in `also`, and `authority`
 * (PEM). Files that are none, or too large, are passed over.
 */
export async function trusting(authority: string, also: readonly string[] = []): Promise<Cover> {
  const targets = [...new Set((await Promise.all(SYSTEM_BUNDLES.map(real))).filter((path) => path !== ''))];
  const texts = await Promise.all([...targets.slice(0, 1), ...new Set(also)].map(readBundle));
  return { targets, text: mergeBundles([...texts, authority]) };
}

/** The same in a file of its own, for processes that outlive the making of it. */
export async function mountsTrusting(authority: string, file: string): Promise<Mount[]> {
  const { targets, text } = await trusting(authority);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, text);
  // Whatever the umask: functions may run as another user.
  await chmod(`${file}.new`, 0o644);
  await rename(`${file}.new`, file);
  return targets.map((target) => ({ source: file, target }));
}

/** Each certificate once, in the order of the texts; what stands between them is dropped. */
export function mergeBundles(texts: readonly string[]): string {
  const certificates = new Set(texts.flatMap((text) => text.match(CERTIFICATE) ?? []));
  return [...certificates].map((certificate) => `${certificate}\n`).join('');
}

/** A mount covers what links lead to. */
const real = (path: string): Promise<string> => realpath(path).catch(() => '');

async function readBundle(path: string): Promise<string> {
  try {
    const about = await stat(path);
    return about.isFile() && about.size <= MAX_BUNDLE_BYTES ? await readFile(path, 'utf8') : '';
  } catch {
    return '';
  }
}
