// The program: the command line with the real composition root. bin/millpond.mjs starts it.

import { runCommandLine } from './command-line.ts';

// A reader that closes the pipe (`millpond status | head`) is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const code = await runCommandLine(process.argv.slice(2), async (config, options) => {
  const { startMillpond } = await import('../main.ts');
  return await startMillpond(config, options);
});

// Open handles must not keep a finished command alive; its output is flushed first.
await Promise.all(
  [process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))),
);
process.exit(code);
