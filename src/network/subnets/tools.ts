// The programs of this machine that the network of its own needs, and how they are run: with fixed arguments and text
// on standard input, never through a shell with input of users.

import { spawn } from 'node:child_process';
import { OperationalError } from '../../kernel/errors.ts';
import { toolAt } from '../../kernel/programs.ts';
import { type NetworkTool, packagesOf } from '../packages.ts';

/** What a network of subnets needs. */
const REQUIRED = ['unshare', 'nsenter', 'tail', 'ip', 'nft'] as const;

/** The path of a tool; its bare name when it is not installed. */
export const tool = (name: NetworkTool): string => toolAt(name, process.env);

export const isInstalled = (name: NetworkTool): boolean => tool(name).includes('/');

/** The error for a machine that lacks a tool; `undefined` when all are there. */
export function whyNoTools(): OperationalError | undefined {
  const missing = REQUIRED.filter((name) => !isInstalled(name));
  if (missing.length === 0) return undefined;
  return new OperationalError(
    'NetworkUnavailable',
    `A network of subnets needs ${missing.join(', ')}, which this machine lacks; install ${packagesOf(missing)}.`,
  );
}

const MOST_OUTPUT = 1024 * 1024;
const TIMEOUT_MS = 10_000;

/**
 * Runs a command with a text as its input. Resolves to its output; rejects with CommandFailed, which has the first line
 * of its error output.
 */
export function runTool([program, ...args]: readonly [string, ...string[]], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: 'pipe',
      env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const fail = (reason: string, cause?: unknown) =>
      reject(new OperationalError('CommandFailed', `${program} failed: ${reason}`, cause));
    let output = '';
    let errors = '';
    child.stdout
      .setEncoding('utf8')
      .on('data', (text: string) => (output = (output + text).slice(0, MOST_OUTPUT)));
    child.stderr
      .setEncoding('utf8')
      .on('data', (text: string) => (errors = (errors + text).slice(0, MOST_OUTPUT)));
    child.once('error', (error) => fail(error.message, error));
    child.once('close', (code, signal) =>
      code === 0 ? resolve(output) : fail(errors.trim().split('\n')[0] || `it ended with ${signal ?? code}`),
    );
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
