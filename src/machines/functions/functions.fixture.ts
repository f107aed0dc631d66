// Functions for tests: a real sandbox in its own directory, with helpers that create and call functions.

import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../kernel/clock.ts';
import { silentLog } from '../../kernel/log.ts';
import type { FunctionSpec, Outcome } from './function.ts';
import { createFunctions, type Functions, type FunctionsOptions } from './pool.ts';

export const REQUEST_ID = 'b5bd8f2e-0000-4000-8000-000000000000';

export interface TestFunctions {
  functions: Functions;
  /** Writes a function's files, executable, to a new directory. */
  specOf(files: Record<string, string>, options?: Partial<FunctionSpec>): Promise<FunctionSpec>;
  node(code: string, options?: Partial<FunctionSpec>): Promise<FunctionSpec>;
  python(code: string, options?: Partial<FunctionSpec>): Promise<FunctionSpec>;
  /** Calls a function; `answer` is the payload parsed as JSON. */
  invoke(spec: FunctionSpec, event?: unknown): Promise<Outcome & { answer: ReturnType<typeof JSON.parse> }>;
  stop(): Promise<void>;
}

export async function startTestFunctions(options: Partial<FunctionsOptions> = {}): Promise<TestFunctions> {
  const directory = await mkdtemp(join(tmpdir(), 'millpond-functions-'));
  const functions = await createFunctions({
    directory: join(directory, 'functions'),
    clock: systemClock,
    log: silentLog,
    pythonPackages: [],
    ...options,
  });

  async function specOf(
    files: Record<string, string>,
    specOptions: Partial<FunctionSpec> = {},
  ): Promise<FunctionSpec> {
    const codeDirectory = await mkdtemp(join(directory, 'code-'));
    await chmod(codeDirectory, 0o755);
    for (const [name, text] of Object.entries(files)) {
      await mkdir(join(codeDirectory, name, '..'), { recursive: true });
      await writeFile(join(codeDirectory, name), text, { mode: 0o755 });
    }
    return {
      key: codeDirectory,
      runtime: 'nodejs24.x',
      handler: 'index.handler',
      codeDirectory,
      layerDirectories: [],
      variables: () => ({ GREETING: 'hello' }),
      timeoutMs: 20_000,
      memoryBytes: 512 * 2 ** 20,
      ...specOptions,
    };
  }

  return {
    functions,
    specOf,
    node: (code, specOptions) => specOf({ 'index.js': code }, specOptions),
    python: (code, specOptions) => specOf({ 'index.py': code }, { runtime: 'python3.12', ...specOptions }),
    async invoke(spec, event = {}) {
      const outcome = await functions.invoke(spec, {
        requestId: REQUEST_ID,
        functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:test',
        event: Buffer.from(JSON.stringify(event)),
      });
      assert.ok(outcome);
      return { ...outcome, answer: JSON.parse(outcome.payload.toString()) };
    },
    async stop() {
      await functions.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
