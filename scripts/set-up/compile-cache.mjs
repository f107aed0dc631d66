// Compiles everything once, so that the first Millpond starts as fast and stays as small as later ones: a process that
// strips types keeps the stripper in memory.

import { join } from 'node:path';
import { runQuietly } from './system.mjs';

/** A failure is ignored: a cold cache only costs memory and time. */
export function warmCompileCache(root, nodeFile) {
  const commandLine = join(root, 'bin', 'millpond.mjs');
  const run = join(root, 'scripts', 'run.mjs');
  runQuietly(nodeFile, [run, join(root, 'scripts', 'compile-all.ts')], { cwd: root });
  runQuietly(nodeFile, [commandLine, '--version'], { cwd: root });
}
