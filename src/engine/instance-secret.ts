// The secret of one Millpond instance: made once, kept readable by its owner alone, never logged. What is
// derived from it (withheld.ts) is what separates Millpond's own connections from those of clients.

import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationalError, systemCode } from '../kernel/errors.ts';

const FILE = 'secret';
const BYTES = 32;

/** The secret kept in the data directory, which is made with it if need be. Throws StateUnreadable. */
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
    `The instance's secret ${file} ${what}. Millpond does not replace it by itself, since a copy of it from elsewhere would ` +
      'keep the passwords of the engines that run. Put one in its place, or delete the file: a new secret is made at the ' +
      'next start.',
  );
}

// Written aside and linked into place, so that a crash leaves a whole secret or none, and of two makers one wins.
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
