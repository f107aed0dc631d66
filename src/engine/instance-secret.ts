// The secret of one Millpond instance: created once, readable by its owner only, never logged. The names and
// passwords derived from it (withheld.ts) separate Millpond's own connections from those of clients.

import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationalError, systemCode } from '../kernel/errors.ts';

const FILE = 'secret';
const BYTES = 32;

/**
 * Reads the secret from the data directory, and creates both when missing: 64 hexadecimal digits. Throws
 * StateUnreadable.
 */
export async function loadInstanceSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, FILE);
  try {
    await mkdir(dataDir, { recursive: true });
    return (await readSecret(file)) ?? (await createSecret(file));
  } catch (error) {
    if (error instanceof OperationalError) throw error;
    throw new OperationalError('StateUnreadable', `The instance's secret ${file} cannot be read.`, error);
  }
}

async function readSecret(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const secret = text.trim();
  if (/^[0-9a-f]{64}$/.test(secret)) return secret;
  const what = secret === '' ? 'is empty' : 'is damaged';
  throw new OperationalError(
    'StateUnreadable',
    `The instance's secret ${file} ${what}. Millpond does not replace it by itself, since a copy from a backup would ` +
      'keep the passwords of the running engines valid. Restore a copy, or delete the file: Millpond makes a new secret at the ' +
      'next start.',
  );
}

// Written to a temporary file and then linked, so that a crash leaves a complete secret or none, and one of two
// concurrent writers wins.
async function createSecret(file: string): Promise<string> {
  const aside = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(aside, `${randomBytes(BYTES).toString('hex')}\n`, { mode: 0o600, flush: true });
  try {
    await link(aside, file);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  } finally {
    await unlink(aside);
  }
  return (await readSecret(file))!;
}
