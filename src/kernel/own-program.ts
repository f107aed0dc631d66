// A program of Millpond's own that runs as a process beside it, with a channel between both (channel.ts). Such a program
// ends when its end of the channel closes, so it ends with Millpond, however that ends.

import { spawn } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import type { Socket } from 'node:net';
import { type Channel, createChannel, type Frame } from './channel.ts';

/** The file descriptor of the channel in the program. */
export const CHANNEL_FD = 3;
/** Small spaces for young objects: half of the memory under load, with hardly more time for their collection. */
const FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=8'];
const MOST_ERRORS = 4_000;

/** How a program ended. */
export interface ProgramEnd {
  /** `SIGKILL`, `exit code 1`, or why it could not be started. */
  how: string;
  /** The end of its standard error. */
  errors: string;
  livedMs: number;
}

/** A program that was started. */
export interface OwnProgram {
  channel: Channel;
  /** Absent when it could not be started. */
  pid: number | undefined;
  /** Never rejects. */
  ended: Promise<ProgramEnd>;
  /** Ends it at once. */
  kill(): void;
}

/** A program and its arguments. */
export type Command = [program: string, ...args: string[]];

/** How to start a program. */
export interface OwnProgramOptions {
  /** The file of the program. */
  file: string;
  /** Makes the command run where it has to, e.g. in the network of the nodes. */
  inside?(command: Command): Command;
  onFrame(frame: Frame): void;
}

/** Starts a program. It gets no arguments and hardly any environment, so that neither can hold a secret. */
export function startOwnProgram({ file, inside, onFrame }: OwnProgramOptions): OwnProgram {
  const command: Command = [process.execPath, ...FLAGS, file];
  const [program, ...args] = inside ? inside(command) : command;
  const cache = getCompileCacheDir();
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    // It needs nothing of our environment, and must not get credentials.
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', ...(cache && { NODE_COMPILE_CACHE: cache }) },
  });
  const startedAt = performance.now();
  let errors = '';
  let failure: Error | undefined;
  child
    .stderr!.setEncoding('utf8')
    .on('data', (text: string) => (errors = (errors + text).slice(-MOST_ERRORS)));
  child.once('error', (error) => (failure = error));
  const ended = new Promise<ProgramEnd>((resolve) => {
    child.once('close', (code, signal) => {
      const how = failure?.message ?? signal ?? `exit code ${code}`;
      resolve({ how, errors, livedMs: performance.now() - startedAt });
    });
  });
  return {
    channel: createChannel(child.stdio[CHANNEL_FD] as Socket, onFrame),
    pid: child.pid,
    ended,
    kill: () => void child.kill('SIGKILL'),
  };
}

/** A program that lived this long has not failed at its start. */
const LIVES_MS = 10_000;
/** After this many deaths in a row, those who wait for the program are told that it cannot run. */
const MOST_DEATHS = 6;
const FIRST_DELAY_MS = 50;
const MOST_DELAY_MS = 60_000;
const MOST_IN_SENTENCE = 200;

/** Counts the deaths of a program, and says when it is started again: at once the first time, later with longer delays. */
export class Deaths {
  inARow = 0;

  /** Counts one; returns the delay of the next start in milliseconds. */
  note({ livedMs }: Pick<ProgramEnd, 'livedMs'>): number {
    this.inARow = livedMs > LIVES_MS ? 1 : this.inARow + 1;
    return Math.min(FIRST_DELAY_MS * (2 ** this.inARow - 2), MOST_DELAY_MS);
  }

  /** Whether it is not worth waiting for the program any more. */
  get areTooMany(): boolean {
    return this.inARow >= MOST_DEATHS;
  }
}

/** The last line that the program wrote, or how it ended: a clause for people. */
export const causeOf = ({ how, errors }: ProgramEnd): string =>
  (errors.trim().split('\n').at(-1) || how).slice(0, MOST_IN_SENTENCE);
