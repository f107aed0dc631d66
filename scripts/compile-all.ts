// Imports every module of Millpond once, which fills the compile cache that the launcher has set. Used by the set-up.

import { globSync } from 'node:fs';
import { resolve } from 'node:path';

const STARTS_SOMETHING = 'src/cli/main.ts';

for (const file of globSync('src/**/*.ts')) {
  if (file === STARTS_SOMETHING || /\.(test|fixture)\.ts$/.test(file) || file.includes('/testing/')) continue;
  await import(resolve(file));
}
