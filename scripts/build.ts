// Builds dist/, what the published package runs: the program as JavaScript in a few files, with what it reads at run
// time beside it. In a clone nothing needs building.

import { cpSync, existsSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });

await build({
  entryPoints: {
    main: 'src/cli/main.ts',
    'dns-stand-in': 'src/dns-stand-in.ts',
    // Threads are begun by the names of their files.
    'template-thread': 'src/services/cloudformation/reading/thread.ts',
    'code-opening-thread': 'src/services/lambda/code/opening-thread.ts',
  },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  // Dependencies stay packages: they are installed with this one.
  packages: 'external',
  // Flat, so that what a file reads by a path beside itself lies beside it here as well.
  chunkNames: '[name]-[hash]',
  sourcemap: true,
  legalComments: 'none',
  logLevel: 'warning',
});

for (const generated of ['src/wire/generated', 'src/services/cloudformation/generated']) {
  if (existsSync(generated)) cpSync(generated, 'dist/generated', { recursive: true });
}

cpSync('src/sandbox/functions/bootstrap', 'dist/bootstrap', { recursive: true });
