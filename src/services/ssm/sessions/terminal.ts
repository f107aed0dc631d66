// A program on a terminal of its own. The terminal is made by util-linux's `script`; its size is set from outside, by
// `stty` on the same device.

import { execFile, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { SYSTEM_PATH, toolAt } from '../../../kernel/programs.ts';

/** A program that runs on a terminal. */
export interface Terminal {
  /** What it prints. */
  readonly output: Readable;
  /** What is typed. */
  readonly input: Writable;
  /** Its exit code, or that it could not be started (127); never rejects. */
  readonly ended: Promise<number>;
  resize(size: { columns: number; rows: number }): void;
  /** The terminal is gone, so its programs get SIGHUP. */
  hangUp(): void;
}

const DEVICE = /^\/dev\/pts\/\d+$/;
const TYPE = 'xterm-256color';

/** Starts a command line on a new terminal. */
export function openTerminal(line: readonly [string, ...string[]]): Terminal {
  const at = (name: string) => toolAt(name, { PATH: SYSTEM_PATH });
  // `script` takes its command as a text for a shell. That text has only names of variables.
  const names = line.map((_, index) => `MILLPOND_TERMINAL_${index}`);
  const command = `tty >&3; exec 3>&-; exec ${names.map((name) => `"$${name}"`).join(' ')}`;
  const child = spawn(
    at('script'),
    ['--quiet', '--flush', '--return', '--echo', 'always', '--command', command, '/dev/null'],
    {
      stdio: ['pipe', 'pipe', 'ignore', 'pipe'],
      env: {
        ...{ PATH: SYSTEM_PATH, SHELL: '/bin/sh', TERM: TYPE, LANG: process.env.LANG ?? 'C.UTF-8' },
        ...Object.fromEntries(names.map((name, index) => [name, line[index]])),
      },
    },
  );
  let device: string | undefined;
  let wanted: { columns: number; rows: number } | undefined;
  const apply = () => {
    if (device === undefined || wanted === undefined) return;
    const { columns, rows } = wanted;
    wanted = undefined;
    execFile(at('stty'), ['-F', device, 'rows', `${rows}`, 'cols', `${columns}`], () => {});
  };
  let name = '';
  (child.stdio[3] as Readable)
    .on('data', (bytes: Buffer) => {
      if (device !== undefined) return;
      name = (name + bytes.toString('latin1')).slice(0, 64);
      const line = name.split('\n');
      if (line.length < 2 || !DEVICE.test(line[0] as string)) return;
      device = line[0];
      apply();
    })
    .on('error', () => {});
  const [input, output] = child.stdio as [Writable, Readable, ...unknown[]];
  input.on('error', () => {});
  output.on('error', () => {});
  return {
    output,
    input,
    ended: new Promise((resolve) => {
      child.once('error', () => resolve(127));
      child.once('close', (code) => resolve(code ?? 129));
    }),
    resize(size) {
      wanted = size;
      apply();
    },
    hangUp: () => void child.kill('SIGKILL'),
  };
}
