// Writes src/wire/generated/*.constraints.json from botocore's service models: `npm run constraints`. Run it after the
// schemas or botocore's version changed, and commit the changes; a test compares. Reports what the SDK's schemas have
// and botocore's models lack: the two are released separately.

import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { extractConstraints, readBotocoreModel, renderConstraintsFile } from '../src/wire/botocore-model.ts';
import type { ServiceFile, ServiceSummary } from '../src/wire/schema-file.ts';
import { GENERATED } from './extract-schemas.ts';

/** The version that the tests' clients use, so that the models exist where tests run. */
export const BOTOCORE_VERSION = /^botocore==(\S+)$/m.exec(
  readFileSync(new URL('set-up/python-clients.txt', import.meta.url), 'utf8'),
)![1]!;

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * The data directory of an installed botocore of exactly that version, in one of the set-up's environments; `undefined`
 * when there is none.
 */
export function findBotocoreData(): string | undefined {
  const places = globSync(
    `.toolchain/**/site-packages/botocore-${BOTOCORE_VERSION}.dist-info`.replace('**', '{*,*/*}/lib/python*'),
    { cwd: ROOT },
  );
  return places.map((place) => join(ROOT, place, '../botocore/data')).find((place) => existsSync(place));
}

/** File names in `generated/` with their contents, and what the models lack. */
export function extractAllConstraints(dataDirectory: string) {
  const read = (name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, GENERATED), 'utf8'));
  const files = new Map<string, string>();
  const unknown: string[] = [];
  for (const { name, serviceId } of read('index') as ServiceSummary[]) {
    const model = readBotocoreModel(dataDirectory, serviceId);
    const extracted = extractConstraints(read(name) as ServiceFile, model, BOTOCORE_VERSION);
    files.set(`${name}.constraints.json`, renderConstraintsFile(extracted.file));
    unknown.push(...extracted.unknown.map((missing) => `${name}: ${missing}`));
  }
  return { files, unknown };
}

/** The package is a zip of Python files and models; none of its code is run. */
function download(directory: string): string {
  const python = (...args: string[]) =>
    execFileSync('python3', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const wanted = `botocore==${BOTOCORE_VERSION}`;
  python('-m', 'pip', 'download', '--no-deps', '--only-binary', ':all:', '--dest', directory, wanted);
  const wheel = globSync('*.whl', { cwd: directory })[0]!;
  python('-m', 'zipfile', '-e', join(directory, wheel), join(directory, 'unpacked'));
  return join(directory, 'unpacked/botocore/data');
}

if (import.meta.url === pathToFileURL(process.argv[1]!).href) {
  const directory = mkdtempSync(join(tmpdir(), 'botocore-'));
  try {
    const { files, unknown } = extractAllConstraints(findBotocoreData() ?? download(directory));
    for (const [name, text] of files) await writeFile(new URL(name, GENERATED), text);
    for (const missing of unknown) console.log(`botocore ${BOTOCORE_VERSION} does not know ${missing}`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
