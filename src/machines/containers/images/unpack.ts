// Starts the process that unpacks an image, and waits for its answer.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { OperationalError } from '../../../kernel/errors.ts';
import { SYSTEM_PATH } from '../../../kernel/programs.ts';
import type { UnpackAnswer, UnpackTask } from './unpack-task.ts';

/** Next to this file, both in a clone and in the bundle. */
const PROGRAM = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? './unpack-program.ts' : './image-unpack-program.js',
    import.meta.url,
  ),
);
/** The next Millpond deletes what is half unpacked, and nobody may add to it meanwhile. */
const WITH_PARENT: [string, ...string[]] = ['setpriv', '--pdeathsig=KILL', '--'];
const NODE_OPTIONS = ['--disable-warning=ExperimentalWarning', '--max-old-space-size=512'];

/** `command` is the command line that runs this command with the rights that the files need. */
export async function unpack(
  task: UnpackTask,
  command: (line: [string, ...string[]]) => readonly [string, ...string[]] = (line) => line,
): Promise<void> {
  const unpacker: [string, ...string[]] = [process.execPath, ...NODE_OPTIONS, PROGRAM];
  const [program, ...args] = command(process.platform === 'linux' ? [...WITH_PARENT, ...unpacker] : unpacker);
  const child = spawn(program, args, {
    stdio: 'pipe',
    cwd: '/',
    env: { PATH: `${process.env.PATH ?? ''}:${SYSTEM_PATH}`, LC_ALL: 'C', UV_THREADPOOL_SIZE: '2' },
  });
  const ended = once(child, 'close');
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify(task));
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  const answer = answerIn(output) ?? {
    kind: 'refused' as const,
    code: 'ContainersUnavailable' as const,
    message: `The image cannot be unpacked: ${errors.trim().split('\n').at(-1) || 'the process has ended'}.`,
  };
  if (answer.kind === 'refused') throw new OperationalError(answer.code, answer.message);
}

function answerIn(output: string): UnpackAnswer | undefined {
  try {
    return JSON.parse(output) as UnpackAnswer;
  } catch {
    return undefined;
  }
}
