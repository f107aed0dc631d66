// Imports every module of Millpond once, which leaves its compiled form in the cache that the launcher set. For set-up.

import { globSync } from 'node:fs';
import { resolve } from 'node:path';

const STARTS_SOMETHING = 'src/cli/main.ts';

for (const file of globSync('src/**/*.ts')) {
  if (file === STARTS_SOMETHING || /\.(test|fixture)\.ts$/.test(file) || file.includes('/testing/')) continue;
  await import(resolve(file));
}
