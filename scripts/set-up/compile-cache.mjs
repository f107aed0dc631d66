// Compiles everything once, so that already the first Millpond starts as quickly, and stays as small, as all later ones:
// a process that had to strip types keeps the stripper in memory for good.

import { join } from 'node:path';
import { runQuietly } from './system.mjs';

/** A cache that stays cold costs some memory and time, and nothing else: a failure is none. */
export function warmCompileCache(root, nodeFile) {
  const commandLine = join(root, 'bin', 'millpond.mjs');
  const run = join(root, 'scripts', 'run.mjs');
  runQuietly(nodeFile, [run, join(root, 'scripts', 'compile-all.ts')], { cwd: root });
  runQuietly(nodeFile, [commandLine, '--version'], { cwd: root });
}
