// Clients that are other programs: where they are, and running them against a Millpond. A test whose client is not
// on this machine is skipped, and says so.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Debian's first: what else is on the PATH may be a shim of a version manager. */
export function findProgram(name: string): string | undefined {
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** A Python that has these modules. */
export async function findPython(...modules: string[]): Promise<string | undefined> {
  const python = findProgram('python3');
  if (!python) return undefined;
  const { code } = await run(python, ['-c', `import ${modules.join(', ')}`]);
  return code === 0 ? python : undefined;
}

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

export function run(program: string, args: string[], env: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { env, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({ code: (error?.code as number | undefined) ?? 0, stdout, stderr });
    });
  });
}

/** What `millpond exec` sets, without the names; no file of the user's own is read. */
export const awsEnvironment = (url: string): NodeJS.ProcessEnv => ({
  ...process.env,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_ENDPOINT_URL: url,
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_PAGER: '',
});

export const pathOfTest = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
