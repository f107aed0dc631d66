// An installed package as the files of a `node_modules` folder, with the packages that it depends on: what npm would
// install next to a function's code.

import { globSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Contents by path: `node_modules/NAME/package.json`. */
export function installedPackage(name: string): Record<string, Buffer> {
  const files: Record<string, Buffer> = {};
  add(name, createRequire(import.meta.url));
  return files;

  function add(each: string, require: NodeJS.Require): void {
    const manifest = require.resolve(`${each}/package.json`);
    const folder = dirname(manifest);
    for (const path of globSync('**', { cwd: folder })) {
      const file = join(folder, path);
      if (statSync(file).isFile()) files[join('node_modules', each, path)] = readFileSync(file);
    }
    const { dependencies = {} } = require(manifest) as { dependencies?: Record<string, string> };
    for (const next of Object.keys(dependencies)) add(next, createRequire(manifest));
  }
}
