// Packs the code of a function or layer for upload: a folder as an archive of its files, an archive as it is, any
// other file as an archive of one file. The same files give the same bytes.

import { open, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { OperationalError, systemCode } from '../../kernel/errors.ts';
import { type ZippedFile, zip } from '../../kernel/zip.ts';

/** AWS: the limit of a function's unpacked code with its layers. */
const MAX_BYTES = 250 * 1024 * 1024;
const MAX_FILES = 20_000;
const ZIP_MAGIC = Buffer.from('PK\x03\x04');

/** Returns a zip archive. Throws InvalidOption with a sentence for the user. */
export async function archiveOf(path: string): Promise<Buffer> {
  const taken = new Taken(path);
  try {
    if ((await stat(path)).isDirectory()) {
      await addFolder(taken, path, '', []);
      if (Object.keys(taken.files).length === 0) throw refused(`${path} is an empty folder.`);
      return zip(taken.files);
    }
    if (await isArchive(path)) return await readFile(path);
    await taken.add(path, basename(path));
    return zip(taken.files);
  } catch (error) {
    if (error instanceof OperationalError) throw error;
    if (systemCode(error) === 'ENOENT') {
      throw refused(`There is no ${(error as NodeJS.ErrnoException).path ?? path}.`, error);
    }
    throw refused(`Cannot pack ${path}: ${(error as Error).message}.`, error);
  }
}

class Taken {
  readonly files: Record<string, ZippedFile> = {};
  private readonly root: string;
  private count = 0;
  private bytes = 0;

  constructor(root: string) {
    this.root = root;
  }

  async add(path: string, name: string): Promise<void> {
    const { size, mode } = await stat(path);
    this.count += 1;
    this.bytes += size;
    if (this.count > MAX_FILES) throw refused(`${this.root} holds more than ${MAX_FILES} files.`);
    if (this.bytes > MAX_BYTES) throw refused(`${this.root} holds more than ${MAX_BYTES} bytes.`);
    this.files[name] = { contents: await readFile(path), isExecutable: (mode & 0o111) !== 0 };
  }
}

/** Follows links, but never into a folder that contains the link. */
async function addFolder(
  taken: Taken,
  folder: string,
  prefix: string,
  around: readonly string[],
): Promise<void> {
  const real = await realpath(folder);
  if (around.includes(real)) throw refused(`${folder} is a link to a folder that contains it.`);
  const names = (await readdir(folder)).sort();
  for (const name of names) {
    const path = join(folder, name);
    const facts = await stat(path);
    if (facts.isDirectory()) await addFolder(taken, path, `${prefix}${name}/`, [...around, real]);
    else if (facts.isFile()) await taken.add(path, `${prefix}${name}`);
  }
}

async function isArchive(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(ZIP_MAGIC.length), 0, ZIP_MAGIC.length, 0);
    return bytesRead === ZIP_MAGIC.length && buffer.equals(ZIP_MAGIC);
  } finally {
    await file.close();
  }
}

const refused = (sentence: string, cause?: unknown) => new OperationalError('InvalidOption', sentence, cause);
