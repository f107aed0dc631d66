// Builds dist/ for the published package: the program as JavaScript in a few files, with the files that it reads at run
// time, and the console's script and style. A clone needs no build.

import { cpSync, existsSync, globSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import { BUNDLING } from '../src/console/bundle.ts';

rmSync('dist', { recursive: true, force: true });

await build({
  entryPoints: {
    main: 'src/cli/main.ts',
    'dns-stand-in': 'src/dns-stand-in.ts',
    'load-balancer': 'src/load-balancer/program.ts',
    feed: 'src/feed/program.ts',
    // Worker threads are started by file name.
    'template-thread': 'src/services/cloudformation/reading/thread.ts',
    'logs-thread': 'src/services/logs/reading/thread.ts',
    'code-opening-thread': 'src/services/lambda/code/opening-thread.ts',
    // Processes of their own.
    'ssh-listener-program': 'src/machines/instances/ssh-listener-program.ts',
    'image-unpack-program': 'src/machines/containers/images/unpack-program.ts',
  },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  // Dependencies are not bundled: they are installed with this package.
  packages: 'external',
  // Flat, so that a path relative to a source file is also valid here.
  chunkNames: '[name]-[hash]',
  sourcemap: true,
  legalComments: 'none',
  logLevel: 'warning',
});

for (const generated of ['src/wire/generated', 'src/services/cloudformation/generated']) {
  if (existsSync(generated)) cpSync(generated, 'dist/generated', { recursive: true });
}

// What browsers get, with the libraries in it, and therefore their licences.
await build({ ...BUNDLING, outdir: 'dist/console' });
for (const library of ['marked', 'preact', 'uplot']) {
  const licence = globSync(`node_modules/${library}/LICENSE*`)[0];
  if (licence === undefined) throw new Error(`${library} has no licence`);
  cpSync(licence, `dist/console/${library}.LICENSE`);
}

cpSync('src/machines/functions/bootstrap', 'dist/bootstrap', { recursive: true });
cpSync('src/machines/instances/programs', 'dist/programs', { recursive: true });
