// The console's script and style. In the published package they were built with it; in a clone esbuild builds them when
// a page is first requested, and again when a file of console/ has changed since.

import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The files that a page loads, by the name in their path, which changes with their contents. */
export interface Bundle {
  script: string;
  style: string;
  files: ReadonlyMap<string, { contentType: string; content: Buffer }>;
}

const IS_CLONE = extname(import.meta.url) === '.ts';
/** In a clone, the sources; in the package, where the bundle is. */
const FOLDER = fileURLToPath(new URL(IS_CLONE ? '../../console/' : './console/', import.meta.url));

/** How esbuild bundles the console; `scripts/build.ts` adds where to. */
export const BUNDLING = {
  entryPoints: { console: fileURLToPath(new URL('../../console/main.tsx', import.meta.url)) },
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  logLevel: 'warning',
} as const;

let current: { changedAt: number; bundle: Promise<Bundle> } | undefined;

/** Rejects when a file of a clone cannot be bundled. */
export async function consoleBundle(): Promise<Bundle> {
  const changedAt = IS_CLONE ? await lastChange() : 0;
  if (current?.changedAt !== changedAt) {
    // One build at a time: the end of one ends esbuild's process.
    const before = current?.bundle.catch(() => {});
    const bundle = IS_CLONE ? Promise.resolve(before).then(build) : read();
    current = { changedAt, bundle };
    // The next page tries again.
    bundle.catch(() => {
      if (current?.bundle === bundle) current = undefined;
    });
  }
  return await current.bundle;
}

async function read(): Promise<Bundle> {
  const [script, style] = await Promise.all(
    ['console.js', 'console.css'].map((name) => readFile(`${FOLDER}${name}`)),
  );
  return bundleOf(script!, style!);
}

async function build(): Promise<Bundle> {
  const esbuild = await import('esbuild');
  try {
    const { outputFiles } = await esbuild.build({ ...BUNDLING, outdir: '/', write: false });
    const outputOf = (extension: string) =>
      Buffer.from(outputFiles.find(({ path }) => path.endsWith(extension))!.contents);
    return bundleOf(outputOf('.js'), outputOf('.css'));
  } finally {
    // Its process would otherwise stay.
    await esbuild.stop();
  }
}

function bundleOf(script: Buffer, style: Buffer): Bundle {
  const nameOf = (content: Buffer, extension: string) =>
    `${createHash('sha256').update(content).digest('hex').slice(0, 16)}.${extension}`;
  const names = { script: nameOf(script, 'js'), style: nameOf(style, 'css') };
  return {
    ...names,
    files: new Map([
      [names.script, { contentType: 'text/javascript; charset=utf-8', content: script }],
      [names.style, { contentType: 'text/css; charset=utf-8', content: style }],
    ]),
  };
}

/** When a file of the sources was changed last, in milliseconds. */
async function lastChange(): Promise<number> {
  const entries = await readdir(FOLDER, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const times = files.map(async ({ parentPath, name }) => (await stat(`${parentPath}/${name}`)).mtimeMs);
  return Math.max(0, ...(await Promise.all(times)));
}
