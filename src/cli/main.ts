// The program: the command line over the real composition root. bin/millpond.mjs starts it.

import { runCommandLine } from './command-line.ts';

// A reader that goes away (`millpond status | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const code = await runCommandLine(process.argv.slice(2), async (config, options) => {
  const { startMillpond } = await import('../main.ts');
  return await startMillpond(config, options);
});

// Nothing that is still open may keep a command from ending; what it printed goes out first.
await Promise.all(
  [process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))),
);
process.exit(code);
